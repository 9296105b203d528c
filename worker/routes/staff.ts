import { Hono } from 'hono';
import * as z from 'zod';
import { MemberPage, StaffPage } from '../../web/pages/staff.tsx';
import { type Filled, filled } from '../../web/parts/view.ts';
import { randomId } from '../chance.ts';
import { DAY, instant, later } from '../clock.ts';
import { contactIn, contactOf, contactText, masked, parseContact, shownContact } from '../contact.ts';
import { tellDeeds } from '../execute/deeds.ts';
import { factorLetter, staffLetter } from '../letters.ts';
import type { Typed } from '../negotiation/form.ts';
import type { ActDecided } from '../negotiation/lender/institution.ts';
import { may, POSTS } from '../negotiation/seats.ts';
import { digestOf } from '../record/digest.ts';
import { keyed } from '../secret.ts';
import type { DeskAdmission } from '../store/open.ts';
import { type Deed, named } from '../store/staff.ts';
import { value } from './arrival.ts';
import { instruments, requestIdOf } from './give.ts';
import { deskWith } from './institution.ts';
import { type C, formOf, notFound, type Portal, page } from './portal.ts';
import { unproved } from './proof.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';

/** A lender's people: who works there and as what, inviting somebody, changing what they may do, ending their access. */

export const staffRoutes = new Hono<Portal>();

const INVITATION_LIFE = 7 * DAY;
const Post = z.enum(POSTS);
const Team = z.string().trim().max(60);

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/staff`;

staffRoutes.get('/desk/:lender/staff', async (c) => {
  const admission = deskWith(c, 'inspect');
  return showAll(c, admission, (await returnedForm(c, pathOf(admission))) ?? filled({}));
});

/** Somebody of the staff as pages show them, but for the contact, which is for who manages them. */
const shownOf = ({ member, account, hasFactor }: Found, seat: DeskAdmission['seat']) => ({
  account: account.id,
  name: account.name,
  capacity: member.capacity,
  team: member.team,
  isInvited: member.via !== null,
  since: member.since,
  hasFactor,
  isReader: account.id === seat.account,
});

async function showAll(c: C, admission: DeskAdmission, form: Filled = filled({}), notice?: string) {
  const { lender, seat } = admission;
  const { members, invited } = await c.var.directory.staffOf(lender.id, instant());
  const manages = may(seat, 'administer', instant());
  const props = {
    lender,
    members: members.map((one) => ({ ...shownOf(one, seat), contact: manages ? shownContact(contactIn(one.account)) : null })),
    invited: invited.map(({ id, contact, capacity, expiresAt }) => ({
      ...{ id, capacity, expiresAt },
      to: contact === null ? null : masked(contactOf(contact)),
    })),
    manages,
    handsOver: may(seat, 'reassign', instant()),
    notice,
  };
  return page(c, StaffPage({ view: c.var.view, form, ...props }), statusOf(form));
}

/** What is done, by whom, as the lender's own stream will tell it. */
const deedOf = ({ lender, seat }: DeskAdmission, act: ActDecided): Deed => ({
  id: randomId(),
  lender: lender.id,
  at: instant(),
  seat,
  act,
});

/** Tells what was done in the lender's own stream. Where that fails it waits for the next run of the schedule. */
async function tell(c: C, { lender }: DeskAdmission): Promise<void> {
  const { key, random } = await instruments(c);
  await tellDeeds(c.var.env, c.var.directory, lender, { key, random });
}

staffRoutes.post('/desk/:lender/staff', async (c) => {
  const values = await formOf(c);
  const admission = deskWith(c, 'administer');
  const { lender, seat } = admission;
  const contact = parseContact(value(values, 'contact'));
  const capacity = Post.safeParse(value(values, 'capacity'));
  const again = (said: Said) => refusedAt(c, pathOf(admission), values, said, (form) => showAll(c, admission, form));
  if (!contact || !capacity.success)
    return again(({ account, issue }) => ({
      ...(contact ? {} : { contact: account.contactBad }),
      ...(capacity.success ? {} : { capacity: issue.missing }),
    }));
  if (await c.var.directory.isStaff(contact, lender.id)) return again(({ staff }) => ({ contact: staff.isStaff }));
  const wrong = await unproved(c, values);
  if (wrong) return again(wrong.said);
  const now = instant();
  const expiresAt = later(now, INVITATION_LIFE);
  const recipient = contactText(contact);
  const to = masked(contact);
  // The link follows from the request: a form that is sent twice invites once.
  const token = keyed(c.var.env, 'invitation', `${seat.account}:${lender.id}:${requestIdOf(values)}:${recipient}:${capacity.data}`);
  const own = await c.var.directory.memberOf(lender.id, seat.account);
  const via = own?.member.via ?? seat.account;
  const invitation = { id: digestOf(token), lender: lender.id, case: null, contact: recipient, capacity: capacity.data, via };
  const deed = deedOf(admission, { kind: 'staff.invited', content: { to, capacity: capacity.data, until: expiresAt } });
  const link = `${c.var.env.origin}/join/${token}`;
  const letter = staffLetter({ recipient, language: c.var.view.language }, lender, link, now, expiresAt);
  const row = { ...invitation, createdAt: now, expiresAt, usedAt: null, usedBy: null };
  if (await c.var.directory.inviteMember(row, deed, letter)) return again(({ staff }) => ({ '': staff.mayNot }));
  await tell(c, admission);
  return showAll(c, admission, filled({}), c.var.view.words.staff.sent({ to }));
});

/** The same address without a form, such as a page that is loaded again. */
staffRoutes.get('/desk/:lender/staff/invitations/:id', (c) => c.redirect(`/desk/${deskWith(c, 'inspect').lender.slug}/staff`, 303));

staffRoutes.post('/desk/:lender/staff/invitations/:id', async (c) => {
  const values = await formOf(c);
  const admission = deskWith(c, 'administer');
  const { lender } = admission;
  const { invited } = await c.var.directory.staffOf(lender.id, instant());
  const found = invited.find(({ id }) => id === c.req.param('id'));
  if (found) {
    const to = found.contact === null ? '—' : masked(contactOf(found.contact));
    const deed = deedOf(admission, { kind: 'staff.uninvited', content: { to, capacity: found.capacity } });
    const fault = await c.var.directory.withdrawInvitation(found.id, deed);
    if (fault === 'may-not') {
      const said: Said = ({ staff }) => ({ '': staff.mayNot });
      return refusedAt(c, pathOf(admission), values, said, (form) => showAll(c, admission, form));
    }
    await tell(c, admission);
  }
  return c.redirect(`/desk/${lender.slug}/staff`, 303);
});

type Found = NonNullable<Awaited<ReturnType<C['var']['directory']['memberOf']>>>;

/** The person of the path, at the lender of the path; 404 where nobody is there. */
async function found(c: C, { lender }: DeskAdmission): Promise<Found> {
  const one = await c.var.directory.memberOf(lender.id, c.req.param('account') ?? '');
  if (!one) throw notFound();
  return one;
}

const FORMS = ['change', 'team', 'vouch', 'reset', 'end'] as const;

staffRoutes.get('/desk/:lender/staff/:account', async (c) => {
  const admission = deskWith(c, 'administer');
  const one = await found(c, admission);
  return showOne(c, admission, one, (await returnedForm(c, memberAt(admission, one))) ?? filled({}));
});

const memberAt = (admission: DeskAdmission, { account }: Found) => `${pathOf(admission)}/${account.id}`;

function showOne(c: C, { lender, seat }: DeskAdmission, found: Found, form: Filled = filled({})) {
  const shown = { ...shownOf(found, seat), contact: shownContact(contactIn(found.account)) };
  const done = c.req.query('done') !== undefined && Object.keys(form.errors).length === 0;
  return page(
    c,
    MemberPage({ view: c.var.view, lender, member: shown, seen: digestOf(found.member.seal ?? ''), form, done }),
    statusOf(form),
  );
}

/** Loaded again, or asked for by itself. */
staffRoutes.get(`/desk/:lender/staff/:account/:form{${FORMS.join('|')}}`, async (c) => {
  const admission = deskWith(c, 'administer');
  return c.redirect(`/desk/${admission.lender.slug}/staff/${(await found(c, admission)).account.id}`, 303);
});

/** One change to one person. It is made to who they were when the form was shown: where somebody else was first, the page shows how it is now. */
staffRoutes.post(`/desk/:lender/staff/:account/:form{${FORMS.join('|')}}`, async (c) => {
  const values = await formOf(c);
  const admission = deskWith(c, 'administer');
  const { lender } = admission;
  const one = await found(c, admission);
  const form = FORMS.find((name) => name === c.req.param('form')) ?? 'change';
  const again = (of: Found, said: Said) =>
    refusedAt(c, memberAt(admission, of), new Map([...values, ['form', [form]]]), said, (shown) => showOne(c, admission, of, shown));
  if (value(values, 'seen') !== digestOf(one.member.seal ?? '')) return again(one, ({ staff }) => ({ '': staff.gone }));
  const asked = read(form, values);
  if ('fault' in asked)
    return again(one, ({ issue, upTo }) => (asked.fault === 'capacity' ? { capacity: issue.missing } : { team: upTo(60) }));
  const wrong = await unproved(c, values);
  if (wrong) return again(one, wrong.said);
  const fault = await carryOut(c, admission, one, form, asked);
  if (fault === null) {
    await tell(c, admission);
    const gone = form === 'end' || deskIsShut(admission, one, asked);
    return c.redirect(gone ? `/desk/${lender.slug}/staff` : `/desk/${lender.slug}/staff/${one.account.id}?done`, 303);
  }
  if (fault === 'may-not') throw notFound();
  const now = await found(c, admission);
  return again(now, ({ staff: say }) => ({ '': { gone: say.gone, last: say.last, elsewhere: say.elsewhere, chain: say.sameWay }[fault] }));
});

type Asked = { capacity?: (typeof POSTS)[number]; team?: string | null };

/** What the form asks for. */
function read(form: (typeof FORMS)[number], values: Typed): Asked | { fault: 'capacity' | 'team' } {
  if (form === 'change') {
    const capacity = Post.safeParse(value(values, 'capacity'));
    return capacity.success ? { capacity: capacity.data } : { fault: 'capacity' };
  }
  if (form !== 'team') return {};
  const team = Team.safeParse(value(values, 'team'));
  return team.success ? { team: team.data || null } : { fault: 'team' };
}

/** Whether the person has just taken from themselves what this page needs. */
const deskIsShut = ({ seat }: DeskAdmission, { account }: Found, { capacity }: Asked) =>
  account.id === seat.account && capacity !== undefined && capacity !== 'administrator';

async function carryOut(c: C, admission: DeskAdmission, { member, account }: Found, form: (typeof FORMS)[number], asked: Asked) {
  const { directory } = c.var;
  const who = named(account);
  const { capacity = member.capacity, team = member.team } = asked;
  if (form === 'change')
    return capacity === member.capacity
      ? null
      : directory.changeMember(
          member,
          { capacity },
          deedOf(admission, { kind: 'staff.changed', content: { member: who, from: member.capacity, to: capacity } }),
        );
  if (form === 'team')
    return team === member.team
      ? null
      : directory.changeMember(
          member,
          { team },
          deedOf(admission, { kind: 'staff.teamed', content: { member: who, from: member.team, to: team } }),
        );
  if (form === 'vouch') {
    if (member.via === null) return null;
    const own = await directory.memberOf(admission.lender.id, admission.seat.account);
    if ((own?.member.via ?? admission.seat.account) === member.via) return 'chain';
    return directory.changeMember(member, { via: null }, deedOf(admission, { kind: 'staff.vouched', content: { member: who } }));
  }
  if (form === 'end')
    return directory.endMember(member, deedOf(admission, { kind: 'staff.ended', content: { member: who, capacity: member.capacity } }));
  const letter = factorLetter(
    { recipient: contactText(contactIn(account)), language: account.language, account: account.id },
    'off',
    instant(),
  );
  return directory.resetMember(member, deedOf(admission, { kind: 'staff.reset', content: { member: who } }), letter);
}
