import * as z from 'zod';
import { type Schedule, schedule } from '../plan/schedule.ts';
import { Debt, Terms } from '../plan/terms.ts';
import { bound, granted } from './authority.ts';
import { command } from './command.ts';
import { type Case, type ContentsOf, type Decided, entry, sideOf } from './entry.ts';
import { refuse } from './refusal.ts';
import type { Seat } from './seats.ts';
import { comparable, Digest, RecordedName, TypedName } from './text.ts';
import { nothingDue, topic } from './topic.ts';

/** Accepted terms become an agreement; each side signs by name after proving who they are; with both it is in force. */

export type Signature = { seq: number; at: string; name: string; capacity: string };

export type Agreed = {
  agreement: {
    version: number;
    seq: number;
    at: string;
    debt: Debt;
    terms: Terms;
    digest: string;
    signatures: { borrower: Signature | null; lender: Signature | null };
    inForceAt: string | null;
  } | null;
};

const DrawnUp = z.object({ version: z.int(), debt: Debt, terms: Terms, digest: z.string() });

const entries = {
  'agreement.drawn-up': entry({
    content: DrawnUp,
    told: 'nobody',
    personal: false,
    evolve: (kase, { seq, at, content: { version, debt, terms, digest } }) => ({
      ...kase,
      stage: 'agreed',
      agreement: { version, seq, at, debt, terms, digest, signatures: { borrower: null, lender: null }, inForceAt: null },
    }),
  }),
  'agreement.signed': entry({
    content: z.object({ version: z.int(), digest: z.string(), name: RecordedName }),
    told: 'others',
    personal: false,
    evolve(kase, signed) {
      if (!kase.agreement) return kase;
      const { seq, at, author, content } = signed;
      const signature = { seq, at, name: content.name, capacity: author.capacity };
      const signatures = { ...kase.agreement.signatures, [sideOf(signed)]: signature };
      return { ...kase, agreement: { ...kase.agreement, signatures } };
    },
  }),
  'agreement.in-force': entry({
    content: z.object({ version: z.int(), digest: z.string() }),
    told: 'others',
    personal: false,
    evolve: (kase, { at }) => (kase.agreement ? { ...kase, stage: 'in-force', agreement: { ...kase.agreement, inForceAt: at } } : kase),
  }),
};

declare module './entry.ts' {
  interface Case extends Agreed {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** The agreement that follows from an accepted offer. */
export function drawUp({ version, debt, terms, digest }: z.infer<typeof DrawnUp>): Decided {
  return { kind: 'agreement.drawn-up', content: { version, debt, terms, digest }, by: 'portal' };
}

/** The agreed schedule. @throws where the case has no agreement */
export function agreedSchedule(kase: Case): Schedule {
  if (!kase.agreement) throw new Error('The case has no agreement.');
  const worked = schedule(kase.agreement.debt, kase.agreement.terms);
  if ('refused' in worked) throw new Error(`A recorded agreement has no schedule: ${worked.refused.code}`);
  return worked;
}

/** The name by which somebody signs: the borrower's is the one that the agreement has, which they stated when they came into the case. */
export const signsAs = ({ borrowerName }: Pick<Case, 'borrowerName'>, { capacity, name }: Pick<Seat, 'capacity' | 'name'>): string =>
  capacity === 'borrower' ? (borrowerName ?? name) : name;

const sign = command({
  name: 'agreement.sign',
  input: z.object({ digest: Digest, name: TypedName }),
  needs: 'sign',
  doors: ['form'],
  page: 'agreement',
  proof: true,
  binding: true,
  when: (kase, { seat }) => {
    if (kase.stage !== 'agreed' || !kase.agreement) return refuse('agreement.none');
    return kase.agreement.signatures[seat.side] ? refuse('agreement.signed-already') : null;
  },
  decide(kase, { digest, name }, { seat, proven }) {
    const { agreement } = kase;
    if (!agreement || agreement.digest !== digest) return refuse('agreement.changed');
    const own = signsAs(kase, seat);
    if (comparable(name) !== comparable(own)) return refuse('agreement.name-differs', { name: own, field: 'name' });
    if (!proven) return refuse('proof.needed', { field: 'password' });
    const { version } = agreement;
    const signed: Decided = { kind: 'agreement.signed', content: { version, digest, name: own } };
    const other = agreement.signatures[seat.side === 'borrower' ? 'lender' : 'borrower'];
    return other ? [signed, { kind: 'agreement.in-force', content: { version, digest }, by: 'portal' }] : [signed];
  },
  /** An offer may have been accepted after the lender's books changed: whoever is bound signs only what they might grant now, or what somebody without limits granted. */
  gives({ agreement, offers }, _input, own) {
    if (!agreement || own?.granted.includes(agreement.digest)) return null;
    const { grantedAs } = offers[agreement.version - 1] ?? {};
    return grantedAs && !bound(grantedAs) ? null : { ...granted(agreement), beside: {} };
  },
});

export const commands = { sign };

export const agreement = topic({
  empty: { agreement: null },
  entries,
  commands,
  due: nothingDue,
  awaits(kase) {
    if (kase.stage !== 'agreed') return null;
    return kase.agreement?.signatures.borrower ? 'lender' : 'borrower';
  },
});
