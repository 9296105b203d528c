import type { Words } from '../../web/words/index.ts';
import { DAY, instant, later } from '../clock.ts';
import { type Contact, contactOf, contactText, masked, parseContact, reachedBy } from '../contact.ts';
import { deliver } from '../deliver/deliver.ts';
import { importedToken } from '../execute/invite-many.ts';
import { invitationLetter } from '../letters.ts';
import type { Case } from '../negotiation/case.ts';
import type { Typed } from '../negotiation/form.ts';
import { ANSWER_WITHIN, standingMediation } from '../negotiation/mediated.ts';
import { digestOf } from '../record/digest.ts';
import { keyed } from '../secret.ts';
import type { AnyAdmission, CaseAdmission, Lender } from '../store/open.ts';
import type { Invitation } from '../store/seats.ts';
import type { C } from './portal.ts';

/** Invitations to a case: to whom they may go, and sending them. */

const INVITATION_LIFE = 14 * DAY;

/** To whom an invitation goes: a contact that is nobody's of the lender's own staff; else what is wrong with it, as it is said. */
export async function addressee(c: C, lender: Lender, values: Typed): Promise<{ contact: Contact } | { fault: (words: Words) => string }> {
  const contact = parseContact(values.get('contact')?.[0] ?? '');
  if (!contact) return { fault: ({ account }) => account.contactBad };
  if ('phone' in contact && !c.var.env.reachesPhones) return { fault: ({ account }) => account.contactNoPhone };
  return (await c.var.directory.isStaff(contact, lender.id)) ? { fault: (words) => words.desk.contactStaff } : { contact };
}

/** The invitations to some cases that came of a file and that nobody has used, each with its link: it follows from the case and the contact, so that it can be shown again. */
export async function standingInvitations(c: C, cases: readonly string[]): Promise<Map<string, { link: string; hint: string }>> {
  const { env, directory } = c.var;
  const invited = await directory.invitedTo(cases, instant());
  return new Map(
    invited.flatMap(({ id, case: of, contact }) => {
      const token = importedToken(env, of, contact);
      return digestOf(token) === id ? [[of, { link: `${env.origin}/join/${token}`, hint: masked(contactOf(contact)) }]] : [];
    }),
  );
}

/** `seenTo` is the lender whose people see to the letter where it cannot be delivered; null where it is none of theirs. */
type Sent = Pick<Invitation, 'capacity'> & { contact: Contact; requestId: string; seenTo: string | null };

/**
 * Sends an invitation to its contact, and returns its link. It is kept as a digest. The link follows from the request: a page that is loaded again shows the
 * same one, and nobody is sent a second.
 */
export async function sendInvitation(c: C, { seat, lender, case: caseId }: CaseAdmission, { contact, capacity, requestId, seenTo }: Sent) {
  const to = contactText(contact);
  const token = keyed(c.var.env, 'invitation', `${seat.account}:${caseId}:${requestId}:${to}`);
  const now = instant();
  const link = `${c.var.env.origin}/join/${token}`;
  const expiresAt = later(now, INVITATION_LIFE);
  await c.var.directory.addInvitation(
    { id: digestOf(token), lender: lender.id, case: caseId, contact: to, capacity, createdAt: now, expiresAt },
    invitationLetter({ recipient: to, language: c.var.view.language }, seenTo, link, now, expiresAt),
  );
  c.executionCtx.waitUntil(deliver(c.var.env));
  return link;
}

/**
 * Remembers where a mediator is to be reached whom one side proposes: the record has no more of it than a digest, and nothing is sent before the other side has agreed.
 * Nobody has the token of it.
 */
export function keepMediatorContact(c: C, { lender, case: caseId }: CaseAdmission, contact: Contact) {
  const to = contactText(contact);
  const now = instant();
  const id = digestOf(keyed(c.var.env, 'invitation', `proposed mediator:${caseId}:${to}:${now}`));
  const expiresAt = later(now, 2 * ANSWER_WITHIN * DAY);
  return c.var.directory.addInvitation({
    id,
    lender: lender.id,
    case: caseId,
    contact: to,
    capacity: 'mediator',
    createdAt: now,
    expiresAt,
  });
}

/** Sends a mediator whom both sides have let in their link, once however often it is asked: whoever comes by next makes up for a crash in between. */
export async function sendMediatorLink(c: C, { lender, case: caseId }: AnyAdmission, kase: Case): Promise<void> {
  const { env, directory, view } = c.var;
  const now = instant();
  const one = standingMediation(kase, now);
  if (one?.state !== 'admitted') return;
  const proposed = await directory.invitedAs(caseId, 'mediator');
  const to = proposed.find((contact) => reachedBy(env, contactOf(contact), now).contact === one.to.contact);
  if (to === undefined) return;
  const token = keyed(env, 'invitation', `mediation:${caseId}:${one.seq}:${to}`);
  const expiresAt = later(one.since, ANSWER_WITHIN * DAY);
  await directory.addInvitation(
    { id: digestOf(token), lender: lender.id, case: caseId, contact: to, capacity: 'mediator', createdAt: now, expiresAt },
    invitationLetter({ recipient: to, language: view.language }, null, `${env.origin}/join/${token}`, now, expiresAt),
  );
  c.executionCtx.waitUntil(deliver(env));
}
