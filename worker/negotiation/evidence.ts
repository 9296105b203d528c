import * as z from 'zod';
import { FileRef } from '../record/format.ts';
import { type Context, command, type Saying } from './command.ts';
import { consented } from './consent.ts';
import { DISPUTABLE, disputable } from './dispute.ts';
import { type Case, type ContentsOf, entry, sideOf } from './entry.ts';
import { isRefused, refuse } from './refusal.ts';
import type { Side } from './seats.ts';
import { notClosed } from './stage.ts';
import { Digest, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** Files that stand behind figures. A file is stored apart under its digest; the record holds the digest, for good. */

export const MAX_FILES = 200;

export const REJECT_REASONS = ['illegible', 'incomplete', 'outdated', 'other-person', 'unrelated', 'other'] as const;

export type Held = FileRef & {
  seq: number;
  side: Side;
  figures: string[];
  state: 'added' | 'accepted' | 'rejected' | 'withdrawn';
  words?: string;
};

/** Whether a file stands behind its figures: one that was withdrawn or not accepted counts as nothing. */
export const counts = ({ state }: Pick<Held, 'state'>) => state === 'added' || state === 'accepted';

export type EvidenceHeld = { evidence: Record<string, Held> };

/** A figure that a file supports, as the record holds it: of the means or a part of the debt, kinds that were known when it was written, too. */
const Tied = z
  .string()
  .max(60)
  .regex(/^(incomes|expenses|otherDebts|debt)\.[a-z-]+$/);
const Ties = z.array(Tied).max(40);

const Figure = z.enum(DISPUTABLE);

const Added = z.object({ file: FileRef, figures: Ties });

const entries = {
  'evidence.added': entry({
    content: z.object({ files: z.array(Added).min(1) }),
    told: 'others',
    personal: true,
    evolve(kase, added) {
      const { seq, content } = added;
      const side = sideOf(added);
      const held = content.files.map(({ file, figures }): [string, Held] => [file.sha256, { ...file, seq, side, figures, state: 'added' }]);
      return { ...kase, evidence: { ...kase.evidence, ...Object.fromEntries(held) } };
    },
  }),
  'evidence.tied': entry({
    content: z.object({ file: Digest, figures: Ties }),
    told: 'nobody',
    personal: true,
    evolve: (kase, { content: { file, figures } }) => tied(kase, file, figures),
  }),
  'evidence.withdrawn': entry({
    content: z.object({ file: Digest, words: z.string().optional() }),
    told: 'nobody',
    personal: true,
    evolve: (kase, { content: { file, words } }) => turned(kase, file, 'withdrawn', words),
  }),
  'evidence.accepted': entry({
    content: z.object({ file: Digest }),
    told: 'nobody',
    personal: true,
    evolve: (kase, { content: { file } }) => turned(kase, file, 'accepted'),
  }),
  'evidence.rejected': entry({
    content: z.object({ file: Digest, reason: z.enum(REJECT_REASONS), words: z.string().optional() }),
    told: 'others',
    personal: true,
    evolve: (kase, { content: { file, words } }) => turned(kase, file, 'rejected', words),
  }),
};

declare module './entry.ts' {
  interface Case extends EvidenceHeld {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

function turned(kase: Case, file: string, state: Held['state'], words?: string): Case {
  const held = kase.evidence[file];
  return held ? { ...kase, evidence: { ...kase.evidence, [file]: { ...held, state, ...(words ? { words } : {}) } } } : kase;
}

/** What the lender said of a file was of what it stood behind then: it is to be looked at anew. */
function tied(kase: Case, file: string, figures: string[]): Case {
  const held = kase.evidence[file];
  if (!held || held.state === 'withdrawn') return kase;
  const { words: _, ...rest } = held;
  return { ...kase, evidence: { ...kase.evidence, [file]: { ...rest, figures, state: 'added' } } };
}

/** How many files one command adds. */
export const FILES_AT_ONCE = 40;

/** A file that the person has stored, with the figures that it supports. */
export const Chosen = z.object({ sha256: Digest, figures: z.array(Figure).max(DISPUTABLE.length).default([]) });

type Input = { files: z.infer<typeof Chosen>[]; consent?: boolean | undefined };

/**
 * Adds files that the person has stored for this case: an id that somebody else stored is not known here. A file that is there already, or
 * for which there is no room, does not keep the others out; where nothing is left to add, the command is refused.
 */
export function addEvidence(kase: Case, { files, consent }: Input, context: Context): Saying {
  const before = consented(kase, consent, context);
  if (isRefused(before)) return before;
  const added = addFiles(kase, files, context);
  return isRefused(added) ? added : [...before, ...added];
}

/** The same of files for which no consent is asked: a mail that is a message and no more. */
export function addFiles(kase: Case, files: Input['files'], context: Context): Saying {
  const added = new Map<string, z.infer<typeof Added>>();
  const room = MAX_FILES - Object.keys(kase.evidence).length;
  let known: string | null = null;
  for (const { sha256, figures } of files) {
    const file = context.files.get(sha256);
    if (!file) return refuse('evidence.unknown-file', { field: 'files' });
    if (kase.evidence[sha256]) known ??= file.name;
    else if (added.size < room) added.set(sha256, { file, figures });
  }
  if (added.size === 0) {
    return known === null
      ? refuse('evidence.too-many', { max: MAX_FILES, field: 'files' })
      : refuse('evidence.already-there', { name: known, field: 'files' });
  }
  return [{ kind: 'evidence.added', content: { files: [...added.values()] } }];
}

const add = command({
  name: 'evidence.add',
  input: z.object({
    files: z.array(Chosen).min(1).max(FILES_AT_ONCE),
    /** The borrower's separate consent, where they give it with their first papers. */
    consent: z.boolean().optional(),
  }),
  needs: 'speak',
  doors: ['upload'],
  page: 'evidence',
  proof: false,
  when: notClosed,
  decide: addEvidence,
  gives: 'nothing',
});

/** The figures that a file supports, each once, in the order in which figures are listed. */
const Supported = z
  .array(Figure)
  .max(DISPUTABLE.length)
  .default([])
  .transform((chosen) => DISPUTABLE.filter((figure) => chosen.includes(figure)));

const anyFile = (kase: Case) => notClosed(kase) ?? (Object.keys(kase.evidence).length > 0 ? null : refuse('evidence.none'));

const tie = command({
  name: 'evidence.tie',
  input: z.object({ file: Digest, figures: Supported }),
  needs: 'speak',
  doors: ['form', 'api'],
  page: 'evidence',
  proof: false,
  when: (kase) => anyFile(kase) ?? (disputable(kase).length > 0 ? null : refuse('means.none')),
  decide(kase, { file, figures }, { seat }) {
    const held = kase.evidence[file];
    if (!held || held.side !== seat.side || held.state === 'withdrawn') return refuse('evidence.unknown-file', { field: 'file' });
    const there = disputable(kase);
    if (figures.some((one) => !there.includes(one))) return refuse('means.figure-unknown', { field: 'figures' });
    if (figures.length === held.figures.length && figures.every((one) => held.figures.includes(one)))
      return refuse('evidence.tied-already', { field: 'figures' });
    return [{ kind: 'evidence.tied', content: { file, figures } }];
  },
  gives: 'nothing',
});

const withdraw = command({
  name: 'evidence.withdraw',
  input: z.object({ file: Digest, words: Text(1000).optional() }),
  needs: 'speak',
  doors: ['form', 'api'],
  page: 'evidence',
  proof: false,
  when: anyFile,
  decide(kase, { file, words }, { seat }) {
    const held = kase.evidence[file];
    if (!held || held.side !== seat.side || held.state === 'withdrawn') return refuse('evidence.unknown-file', { field: 'file' });
    return [{ kind: 'evidence.withdrawn', content: { file, ...(words ? { words } : {}) } }];
  },
  gives: 'nothing',
});

const accept = command({
  name: 'evidence.accept',
  input: z.object({ file: Digest }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'evidence',
  proof: false,
  when: anyFile,
  decide: (kase, { file }) => reviewable(kase, file) ?? [{ kind: 'evidence.accepted', content: { file } }],
  gives: 'nothing',
});

const reject = command({
  name: 'evidence.reject',
  input: z.object({ file: Digest, reason: z.enum(REJECT_REASONS), words: Text(1000).optional() }),
  needs: 'review',
  doors: ['form', 'api'],
  page: 'evidence',
  proof: false,
  when: anyFile,
  decide: (kase, { file, reason, words }) =>
    reviewable(kase, file) ?? [{ kind: 'evidence.rejected', content: { file, reason, ...(words ? { words } : {}) } }],
  gives: 'nothing',
});

function reviewable(kase: Case, file: string) {
  const held = kase.evidence[file];
  return held && held.side === 'borrower' && held.state !== 'withdrawn' ? null : refuse('evidence.unknown-file', { field: 'file' });
}

export const commands = { add, tie, withdraw, accept, reject };

export const evidence = topic({ empty: { evidence: {} }, entries, commands, due: nothingDue, awaits: nobody });
