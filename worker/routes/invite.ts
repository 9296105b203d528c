import { DAY, instant, later } from '../clock.ts';
import { type Contact, contactText, parseContact } from '../contact.ts';
import { deliver } from '../deliver/deliver.ts';
import { invitationLetter } from '../letters.ts';
import type { Typed } from '../negotiation/form.ts';
import { digestOf } from '../record/digest.ts';
import { keyed } from '../secret.ts';
import type { CaseAdmission, Lender } from '../store/open.ts';
import type { Invitation } from '../store/seats.ts';
import type { C } from './portal.ts';

/** Invitations to a case: to whom they may go, and sending them. */

const INVITATION_LIFE = 14 * DAY;

/** To whom an invitation goes: a contact that is nobody's of the lender's own staff. */
export async function addressee(c: C, lender: Lender, values: Typed): Promise<{ contact: Contact } | { fault: string }> {
  const { words } = c.var.view;
  const contact = parseContact(values.get('contact')?.[0] ?? '');
  if (!contact) return { fault: words.account.contactBad };
  if ('phone' in contact && !c.var.env.reachesPhones) return { fault: words.account.contactNoPhone };
  return (await c.var.directory.isStaff(contact, lender.id)) ? { fault: words.desk.contactStaff } : { contact };
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
