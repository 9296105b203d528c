import { knownOwn, type OwnKind, type OwnWhole } from '../../worker/negotiation/case.ts';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { dateText, type Words } from '../words/index.ts';
import { approval } from './approval.ts';
import { ownConduct } from './conduct.ts';
import { tellRestored } from './custody.ts';
import { type Line, named, said, type Told } from './telling.ts';

/** What a side keeps to itself, told to that side alone: notes, approvals, and who took them away or had them erased. */

/** How each kind of entry of a private stream is told. Does not compile where one is missing. */
const TELLERS: { readonly [K in OwnKind]: (entry: Pick<OwnWhole<K>, 'content'>, words: Words) => Told } = {
  'note.written': ({ content }, { own }) => ({ what: own.written, lines: said(content.words) }),
  'note.mentioned': ({ content: { note, name } }, words) => ({
    what: words.errands.mentioned({ name }),
    lines: [{ value: words.case.receipt(note), close: true }],
  }),
  'note.seen': ({ content: { mention } }, words) => ({
    what: words.errands.seen,
    lines: [{ value: words.case.receipt(mention), close: true }],
  }),
  'task.set': ({ content: { what, on, name } }, words) => ({
    what: words.errands.set({ name }),
    lines: [named(words.errands.on, dateText(words, on)), ...said(what)],
  }),
  'task.given': ({ content: { task, name } }, words) => ({
    what: words.errands.given({ name }),
    lines: [{ value: words.case.receipt(task), close: true }],
  }),
  'task.done': ({ content: { task } }, words) => ({ what: words.errands.done, lines: [{ value: words.case.receipt(task), close: true }] }),
  'task.reopened': ({ content: { task } }, words) => ({
    what: words.errands.reopened,
    lines: [{ value: words.case.receipt(task), close: true }],
  }),
  ...approval,
  'case.assigned': ({ content: { name, team } }, { assignment: say }) => ({
    what: name === null ? say.unassigned : say.assigned({ name }),
    lines: team === null ? [] : [named(say.team, team)],
  }),
  ...ownConduct,
  'custody.exported': ({ content: { head, digest } }, words) => ({
    what: words.own.exported,
    lines: [{ value: words.entry.upTo({ seq: head }) }, named(words.case.fileDigest, digest, { close: true })],
  }),
  'custody.erased': ({ content: { entries: erased, reason, whole } }, words) => ({
    what: words.own.erasedBy(erased.length),
    lines: [
      ...(whole ? [{ value: words.entry.erasedWhole }] : []),
      ...said(reason),
      ...erased.map((seq): Line => ({ value: words.case.receipt(seq), close: true })),
    ],
  }),
  'custody.restored': ({ content }, words) => tellRestored(content, words),
};

/** What an entry of a private stream tells; of one that was erased, that it was, and of one that this release does not know, that something was put there. */
export function tellOwn(recorded: Recorded, words: Words): Told {
  const entry = knownOwn(recorded);
  if (!entry) return { what: words.entry.other, lines: [] };
  if (entry.content === null) return { what: words.own.written, lines: [{ value: words.case.erased }] };
  return told(entry, words);
}

function told<K extends OwnKind>(entry: OwnWhole<K>, words: Words): Told {
  return TELLERS[entry.kind](entry, words);
}
