import { DAY, later } from '../clock.ts';
import { type Contact, contactText, parseContact } from '../contact.ts';
import { tellFrom } from '../deliver/when.ts';
import type { Env } from '../env.ts';
import { invitationLetter } from '../letters.ts';
import { isRounded, type LoanColumn, type LoanProblem, type LoanRow } from '../negotiation/loans.ts';
import type { Policy } from '../negotiation/policy.ts';
import type { Language } from '../plan/languages.ts';
import { digestOf } from '../record/digest.ts';
import { keyed } from '../secret.ts';
import type { Directory, Lender } from '../store/open.ts';

/** Borrowers invited to the cases that were opened of a file, each once however often it is done: by the number or the address that stands in their row. */

const INVITATION_LIFE = 14 * DAY;

/** What a row says of where its borrower can be reached: by a number where letters leave to numbers, else by an address; null where it says nothing. */
export function contactOfRow(
  { row, phone, mail }: Pick<LoanRow, 'row' | 'phone' | 'mail'>,
  { reachesPhones, staff }: { reachesPhones: boolean; staff: ReadonlySet<string> },
): { contact: Contact | null; problems: LoanProblem[] } {
  const problems: LoanProblem[] = [];
  const read = (column: LoanColumn, text: string, kind: 'phone' | 'email'): Contact | null => {
    if (text === '') return null;
    const contact = parseContact(text);
    const code =
      !contact || !(kind in contact) ? (isRounded(text) ? 'digits' : 'contact') : staff.has(contactText(contact)) ? 'staff' : null;
    if (code) problems.push({ row, column, why: { code } });
    return code ? null : contact;
  };
  const [number, address] = [read('phone', phone, 'phone'), read('mail', mail, 'email')];
  return { contact: number && reachesPhones ? number : address, problems };
}

/** The link of an invitation that an import made: it follows from the case and the contact, so that the desk can show it again. */
export const importedToken = (env: Pick<Env, 'keys'>, caseId: string, contact: string): string =>
  keyed(env, 'invitation', `import:${caseId}:${contact}`);

type Inviting = Pick<Env, 'keys' | 'origin'> & { directory: Directory; lender: Lender; policy: Policy; at: string; language: Language };

/** Makes the invitations and their letters, which leave within the hours in which the lender may contact people. Whoever has one gets no second. */
export async function inviteMany(by: Inviting, to: readonly { case: string; contact: Contact }[]): Promise<void> {
  const { lender, at, language } = by;
  const nextAt = tellFrom(at, 'at-once', 'borrower', by.policy);
  const expiresAt = later(nextAt, INVITATION_LIFE);
  await by.directory.addInvitations(
    to.map(({ case: caseId, contact }) => {
      const recipient = contactText(contact);
      const token = importedToken(by, caseId, recipient);
      const invitation = {
        id: digestOf(token),
        lender: lender.id,
        case: caseId,
        contact: recipient,
        capacity: 'borrower' as const,
        createdAt: at,
        expiresAt,
      };
      const letter = invitationLetter({ recipient, language }, lender.id, `${by.origin}/join/${token}`, at, expiresAt);
      return { invitation, letter: { ...letter, nextAt } };
    }),
  );
}
