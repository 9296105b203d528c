import * as z from 'zod';
import { lawOf } from '../plan/law/index.ts';
import { dayOf } from '../plan/law/zone.ts';
import { type Context, type Held, hold, type Saying } from './command.ts';
import { type Case, type ContentsOf, type Decided, entry, type OwnDecided } from './entry.ts';
import type { Policy } from './policy.ts';
import { isRefused, type Refused, refuse } from './refusal.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** Who took what away, what was erased, and that the record was set back on purpose: of the shared record, and in each private stream of that stream. */

export const EXPORTS = [
  'agreement.pdf',
  'settlement.pdf',
  'record.pdf',
  'record.json',
  'schedule.csv',
  'schedule.ics',
  'bundle.zip',
  'partial.zip',
] as const;

/** Whether a file was erased. */
export function isErased(kase: Pick<Case, 'erasures'>, sha256: string): boolean {
  return kase.erasures.some(({ files }) => files.includes(sha256));
}

/** What can be taken away of a case now: of the agreement only where there is one, and the settlement letter once it is signed. */
export function available(kase: Case): (typeof EXPORTS)[number][] {
  return EXPORTS.filter((what) => {
    if (what === 'settlement.pdf') return kase.settlement !== null;
    return what !== 'partial.zip' && (kase.agreement !== null || !/^(agreement|schedule)/.test(what));
  });
}

/** What can be taken away of a private stream, by its own side alone. */
export const OWN_EXPORTS = ['private-record.json'] as const;

/** `exports` holds who has already taken what since the record last said something new, so that reloading a page adds nothing. */
export type Custody = {
  exports: string[];
  erasures: { seq: number; at: string; entries: number[]; files: string[]; whole?: boolean }[];
  /** Each time that the record was set back on purpose: the entry that says so, and the anchor since which it is taken as it stands. */
  restorations: { seq: number; at: string; anchor: number }[];
};

export type OwnCustody = Custody;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const Erased = z.object({ entries: z.array(z.int()), files: z.array(z.string()), reason: z.string().min(1).max(1000), whole: z.boolean() });

/** Characters of a reason for which records were set back, as the public list has it. */
export const RESTORED_REASON = 500;

/**
 * That a stream was set back to an older state on purpose. `anchor` is the number of the anchor in the lender's public list that says so, too; `entries` are those that had
 * been anchored and are not in it any more, from the first to the last, or null where nobody knows whether any are; `reason` is the operator's.
 */
export const Restored = z.object({
  anchor: z.int().min(1),
  entries: z.object({ first: z.int().min(1), last: z.int().min(1) }).nullable(),
  reason: z.string().min(1).max(RESTORED_REASON),
});
export type Restored = z.infer<typeof Restored>;

const entries = {
  /**
   * `digest` is the SHA-256 of the file that was handed over, byte for byte, and `head` the number of the last entry that it shows: the entry itself is
   * written after the file was made, and so is not in it. Entries from before the portal wrote them itself may have no digest.
   */
  'custody.exported': entry({
    content: z.object({ what: z.enum(EXPORTS), head: z.int(), digest: Sha256.optional() }),
    told: 'nobody',
    personal: false,
    evolve: (kase, { author, content: { what } }) => ({ ...kase, exports: [...kase.exports, `${author.account} ${what}`] }),
  }),
  'custody.erased': entry({
    content: Erased,
    told: 'nobody',
    personal: false,
    evolve(kase, { seq, at, content: { entries: erased, files, whole } }) {
      const evidence = Object.fromEntries(
        Object.entries(kase.evidence).map(([sha256, held]) => [sha256, files.includes(sha256) ? { ...held, name: '' } : held]),
      );
      // Of a case that is erased whole, all that is left is that it was one and is closed.
      const stage = whole ? 'closed' : kase.stage;
      return { ...kase, evidence, stage, erasures: [...kase.erasures, { seq, at, entries: erased, files, whole }] };
    },
  }),
  'custody.restored': entry({
    content: Restored,
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at, content: { anchor } }) => ({ ...kase, restorations: [...kase.restorations, { seq, at, anchor }] }),
  }),
};

const ownEntries = {
  'custody.exported': entry({
    content: z.object({ what: z.enum(OWN_EXPORTS), head: z.int(), digest: Sha256 }),
    told: 'own side',
    personal: false,
    evolve: (own, { author, content: { what } }) => ({ ...own, exports: [...own.exports, `${author.account} ${what}`] }),
  }),
  'custody.erased': entry({
    content: Erased,
    told: 'own side',
    personal: false,
    evolve: (own, { seq, at, content: { entries: erased, files, whole } }) => ({
      ...own,
      erasures: [...own.erasures, { seq, at, entries: erased, files, whole }],
    }),
  }),
  'custody.restored': entry({
    content: Restored,
    told: 'own side',
    personal: false,
    evolve: (own, { seq, at, content: { anchor } }) => ({ ...own, restorations: [...own.restorations, { seq, at, anchor }] }),
  }),
};

declare module './entry.ts' {
  interface Case extends Custody {}
  interface Kinds extends ContentsOf<typeof entries> {}
  interface Own extends OwnCustody {}
  interface OwnKinds extends ContentsOf<typeof ownEntries> {}
}

/**
 * What an erasure comes to: the entry that says what is erased and why. `entries` are numbers, whether
 * their kind is personal, and the files that they name. A single content is erased where it is personal; all of a case only once it is closed or completed and its retention is over.
 */
export function erase(
  kase: Case,
  wanted: {
    entries: readonly (Named & { files: readonly string[] })[];
    files: readonly string[];
    reason: string;
    whole: boolean;
  },
  context: Pick<Context, 'at' | 'policy'>,
): Saying {
  const { entries: named, reason, whole } = wanted;
  if (whole && kase.stage !== 'closed' && kase.stage !== 'completed') return refuse('erasure.case-open');
  const until = keptUntil(kase, context.policy);
  if (whole && until > context.at) return refuse('erasure.retention', { until: dayOf(until, lawOf(context.policy).place.zone) });
  const unknown = wanted.files.find((sha256) => !kase.evidence[sha256]);
  if (unknown) return refuse('evidence.unknown-file');
  const content = erasure(named, [...wanted.files, ...named.flatMap((entry) => entry.files)], { reason, whole });
  return isRefused(content) ? content : [{ kind: 'custody.erased', content, by: 'portal' }];
}

/**
 * The same in a private stream, which goes with the whole of its case, or note by note. That the whole case may go is for `erase` to say.
 */
export function eraseOwn(named: readonly Named[], how: { reason: string; whole: boolean }): Held | Refused {
  const content = erasure(named, [], how);
  return isRefused(content) ? content : hold({ kind: 'custody.erased', content, by: 'portal' });
}

type Named = { seq: number; personal: boolean };

function erasure(named: readonly Named[], files: readonly string[], { reason, whole }: { reason: string; whole: boolean }) {
  const kept = whole ? undefined : named.find(({ personal }) => !personal);
  if (kept) return refuse('erasure.kept', { seq: kept.seq });
  if (named.length + files.length === 0) return refuse('erasure.nothing');
  return { entries: named.map(({ seq }) => seq), files: [...new Set(files)], reason, whole };
}

/** Until when law requires a case to be kept, counted from its last entry. */
function keptUntil(kase: Case, { retentionYears }: Pick<Policy, 'retentionYears'>): string {
  const last = new Date(kase.lastAt);
  last.setUTCFullYear(last.getUTCFullYear() + retentionYears);
  return last.toISOString();
}

/** A document that was made: what it is, the last entry that it shows, and the SHA-256 of its bytes. */
export type Taken = { what: (typeof EXPORTS)[number]; head: number; digest: string };

export type OwnTaken = Omit<Taken, 'what'> & { what: (typeof OWN_EXPORTS)[number] };

/** The entry of a document that a person takes away. No command: the portal writes it, of what it has made itself. */
export function exported(taken: Taken): Saying {
  return [{ kind: 'custody.exported', content: { ...taken } }];
}

/** The same of a private record, in its own stream. */
export function ownExported(taken: OwnTaken): Held {
  return hold({ kind: 'custody.exported', content: { ...taken } });
}

/** The entry of a record that was set back on purpose; nothing where it stands there already. No command: the portal writes it, from the list of anchors. */
export function restored({ restorations }: Pick<Case, 'restorations'>, content: Restored): Decided[] {
  return isTold(restorations, content) ? [] : [{ kind: 'custody.restored', content, by: 'portal' }];
}

/** The same in a private stream. */
export function ownRestored({ restorations }: Pick<OwnCustody, 'restorations'>, content: Restored): OwnDecided[] {
  return isTold(restorations, content) ? [] : [{ kind: 'custody.restored', content, by: 'portal' }];
}

const isTold = (restorations: Custody['restorations'], { anchor }: Restored) => restorations.some((one) => one.anchor === anchor);

/** What says nothing new to whoever took something away before. */
const isQuiet = (kind: string) => kind === 'custody.exported' || kind === 'custody.erased';

/** Nobody asks for entries of custody: the portal and its operator write them. */
export const custody = topic({
  empty: { exports: [], erasures: [], restorations: [] },
  entries,
  own: { empty: { exports: [], erasures: [], restorations: [] }, entries: ownEntries },
  commands: {},
  due: nothingDue,
  awaits: nobody,
  each: (kase, kind) => (isQuiet(kind) || kase.exports.length === 0 ? kase : { ...kase, exports: [] }),
  eachOwn: (own, kind) => (isQuiet(kind) || own.exports.length === 0 ? own : { ...own, exports: [] }),
});
