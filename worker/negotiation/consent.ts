import * as z from 'zod';
import { type Context, command, type Saying } from './command.ts';
import { type Case, type ContentsOf, entry } from './entry.ts';
import { refuse } from './refusal.ts';
import { may } from './seats.ts';
import { notClosed } from './stage.ts';
import { Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/**
 * The borrower's separate consent to the handling of what is sensitive in their papers: health, pay, accounts, family (Personal Information Protection Law, arts.
 * 28 to 30). Without it no paper of theirs is taken in, and nothing else of the talks depends on it; taken back, no more are.
 */

export type Consent = { papersConsent: { seq: number; at: string } | null };

const entries = {
  /** `years` for which a case is kept after it ends, as was said then. */
  'consent.given': entry({
    content: z.object({ to: z.literal('papers'), years: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at }) => ({ ...kase, papersConsent: { seq, at } }),
  }),
  'consent.withdrawn': entry({
    content: z.object({ to: z.literal('papers'), words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve: (kase) => ({ ...kase, papersConsent: null }),
  }),
};

declare module './entry.ts' {
  interface Case extends Consent {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/**
 * What goes before papers that a side brings: nothing for the lender's, nor where the borrower has consented; their consent where they give it with them; else why
 * they are not taken. A representative cannot give it for them.
 */
export function consented(kase: Case, given: boolean | undefined, { seat, at, policy }: Context): Saying {
  if (seat.side === 'lender' || kase.papersConsent) return [];
  if (!given || !may(seat, 'declare', at)) return refuse('consent.needed', { field: 'consent' });
  return [{ kind: 'consent.given', content: { to: 'papers', years: policy.retentionYears } }];
}

const give = command({
  name: 'consent.give',
  input: z.object({ consent: z.boolean() }),
  needs: 'declare',
  doors: ['form', 'api'],
  page: 'evidence',
  proof: false,
  when: (kase) => notClosed(kase) ?? (kase.papersConsent ? refuse('consent.given-already') : null),
  decide: (kase, { consent }, context) => consented(kase, consent, context),
  gives: 'nothing',
});

const withdraw = command({
  name: 'consent.withdraw',
  input: z.object({ words: Text(1000).optional() }),
  needs: 'declare',
  doors: ['form', 'api'],
  page: 'evidence',
  proof: false,
  when: (kase) => notClosed(kase) ?? (kase.papersConsent ? null : refuse('consent.none')),
  decide: (_kase, { words }) => [{ kind: 'consent.withdrawn', content: { to: 'papers', ...(words ? { words } : {}) } }],
  gives: 'nothing',
});

export const commands = { give, withdraw };

export const consent = topic({ empty: { papersConsent: null }, entries, commands, due: nothingDue, awaits: nobody });
