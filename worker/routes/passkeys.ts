import { Hono } from 'hono';
import { PasskeyPage } from '../../web/pages/passkey.tsx';
import { randomBytes } from '../chance.ts';
import { instant, later } from '../clock.ts';
import { contactIn, contactText, shownContact } from '../contact.ts';
import { deliver } from '../deliver/deliver.ts';
import { passkeyLetter } from '../letters.ts';
import type { Typed } from '../negotiation/form.ts';
import { CHALLENGE_TIME, madePasskey, makingOptions, usingOptions } from '../passkey.ts';
import { toBase64url } from '../record/digest.ts';
import type { Account } from '../store/accounts.ts';
import { MOST_PASSKEYS } from '../store/factors.ts';
import { accountAgain } from './account.ts';
import { value } from './arrival.ts';
import { type C, formOf, notFound, type Portal, page, passkeySite, person } from './portal.ts';
import { unproved } from './proof.ts';

/** Passkeys of a person who has set up the second factor: what one is to sign, a new one, and one that goes. Giving one is in `proof.ts`. */

export const passkeyRoutes = new Hono<Portal>();

/** How long the name of a passkey is at most. */
const NAME_LENGTH = 40;

const newChallenge = () => toBase64url(randomBytes(32));
const overAt = (now: string) => later(now, CHALLENGE_TIME);

/** The site, for who has a second factor and a browser that can; else there is nothing here. */
function siteFor(c: C, factor: unknown) {
  const site = passkeySite(c, c.var.env);
  if (!factor || !site) throw notFound();
  return site;
}

/** For the script of the page that asks for a second factor: what a passkey is to sign, and which there are. */
passkeyRoutes.post('/second-factor/passkeys/ask', async (c) => {
  const { account, session, factor } = c.var.owing ?? person(c);
  const site = siteFor(c, factor);
  const challenge = newChallenge();
  const row = { session: session.id, purpose: 'use' as const, challenge, expiresAt: overAt(instant()) };
  const keys = await c.var.directory.challenge(row, account.id);
  return c.json(
    usingOptions(
      site,
      challenge,
      keys.map(({ id, transports }) => ({ id, transports: waysIn(transports) })),
    ),
  );
});

function waysIn(transports: string): string[] {
  const ways: unknown = JSON.parse(transports);
  return Array.isArray(ways) ? ways.filter((way) => typeof way === 'string') : [];
}

/** Who has just proved who they are gets the page on which their browser makes the key. */
passkeyRoutes.post('/second-factor/passkeys/new', async (c) => {
  const { account, session, factor } = person(c);
  const site = siteFor(c, factor);
  const values = await formOf(c);
  const { view, directory } = c.var;
  const name = nameIn(values);
  if (name === null) return accountAgain(c, values, ({ factor }) => ({ name: factor.passkeyNameBad({ most: NAME_LENGTH }) }));
  const wrong = await unproved(c, values);
  if (wrong) return accountAgain(c, values, wrong.said);
  const challenge = newChallenge();
  const row = { session: session.id, purpose: 'make' as const, challenge, expiresAt: overAt(instant()) };
  const others = await directory.challenge(row, account.id);
  if (others.length >= MOST_PASSKEYS)
    return accountAgain(c, values, ({ factor }) => ({ name: factor.passkeyMost({ most: MOST_PASSKEYS }) }));
  const of = { id: account.id, contact: shownContact(contactIn(account)), name: account.name };
  const ids = others.map(({ id }) => id);
  return page(c, PasskeyPage({ view, name, options: makingOptions(site, challenge, of, ids, view.words.brand) }));
});

function nameIn(values: Typed): string | null {
  const name = value(values, 'name').trim();
  return name !== '' && [...name].length <= NAME_LENGTH && !/\p{Cc}/u.test(name) ? name : null;
}

passkeyRoutes.post('/second-factor/passkeys', async (c) => {
  const { account, session, factor } = person(c);
  const site = siteFor(c, factor);
  const values = await formOf(c);
  const { directory } = c.var;
  const again = () => accountAgain(c, new Map([...values, ['about', ['passkey']]]), (words) => ({ '': words.factor.passkeyFailed }));
  const now = instant();
  const name = nameIn(values);
  const { challenge } = await directory.useChallenge({ session: session.id, purpose: 'make' }, account.id, '', now);
  const made = challenge === null ? null : await madePasskey(value(values, 'passkey'), site, challenge);
  if (!made || name === null) return again();
  const passkey = { ...made, account: account.id, name, since: now, transports: JSON.stringify(made.transports) };
  if (!(await directory.addPasskey(passkey, letterTo(account, 'added', now)))) return again();
  c.executionCtx.waitUntil(deliver(c.var.env));
  return c.redirect('/account?done=passkey-added', 303);
});

/** One that is gone opens nothing from the next request on; the app's codes remain. */
passkeyRoutes.post('/second-factor/passkeys/remove', async (c) => {
  const { account } = person(c);
  const values = await formOf(c);
  const wrong = await unproved(c, values);
  if (wrong) return accountAgain(c, values, wrong.said);
  const now = instant();
  if (!(await c.var.directory.dropPasskey(account.id, value(values, 'which'), letterTo(account, 'removed', now)))) throw notFound();
  c.executionCtx.waitUntil(deliver(c.var.env));
  return c.redirect('/account?done=passkey-removed', 303);
});

function letterTo(account: Account, what: 'added' | 'removed', at: string) {
  const recipient = contactText(contactIn(account));
  return passkeyLetter({ recipient, language: account.language, account: account.id }, what, at);
}
