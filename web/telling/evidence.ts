import type { Case } from '../../worker/negotiation/case.ts';
import { isErased } from '../../worker/negotiation/custody.ts';
import type { evidence as topic } from '../../worker/negotiation/evidence.ts';
import type { FileRef } from '../../worker/record/format.ts';
import type { Words } from '../words/index.ts';
import { figureName } from './means.ts';
import { type Line, named, said, type Tellers } from './telling.ts';

/** Files that stand behind figures, told. */

export const evidence: Tellers<typeof topic> = {
  'evidence.added': ({ content: { files } }, kase, words) => ({
    what: words.entry['evidence.added'](files.length),
    lines: files.flatMap(({ file, figures }) => fileLines(file, figures, kase, words)),
  }),
  'evidence.tied': ({ content: { file, figures } }, kase, words) => {
    const [name, ...digest] = heldLines(file, kase, words);
    return { what: words.entry['evidence.tied'], lines: [{ ...name, ...supporting(figures, words) }, ...digest] };
  },
  'evidence.withdrawn': ({ content: { file, words: text } }, kase, words) => ({
    what: words.entry['evidence.withdrawn'],
    lines: [...heldLines(file, kase, words), ...said(text)],
  }),
  'evidence.accepted': ({ content: { file } }, kase, words) => ({
    what: words.entry['evidence.accepted'],
    lines: heldLines(file, kase, words),
  }),
  'evidence.rejected': ({ content: { file, reason, words: text } }, kase, words) => ({
    what: words.entry['evidence.rejected'],
    lines: [...heldLines(file, kase, words), named(words.evidence.reason, words.evidence.reasons[reason]), ...said(text)],
  }),
};

/** A file by its name, with the figures that it supports; and what it is and is known by. */
export function fileLines(
  { name, type, size, sha256 }: FileRef,
  figures: readonly string[],
  kase: Pick<Case, 'erasures'>,
  words: Words,
): Line[] {
  const called = nameOf(sha256, name, kase, words);
  return [
    { ...called, ...(figures.length > 0 ? supporting(figures, words) : {}) },
    named(called.value, words.evidence.file({ type, size }), { close: true }),
    digestLine(sha256, words),
  ];
}

/** What a file supports, beside its name. */
function supporting(figures: readonly string[], words: Words): { aside: string } {
  const names = figures.map((figure) => figureName(words, figure)).join(words.comma);
  return { aside: names ? words.evidence.supports({ figures: names }) : words.evidence.supportsNothing };
}

/** A file that other entries name by its digest alone: what it is called, if that is shown. */
function heldLines(sha256: string, kase: Case, words: Words): [Line, Line] {
  const held = kase.evidence[sha256];
  return [held ? nameOf(sha256, held.name, kase, words) : { value: words.case.notShown }, digestLine(sha256, words)];
}

/** A file that was erased has no name any more, and leads nowhere. */
function nameOf(sha256: string, name: string, kase: Pick<Case, 'erasures'>, words: Words): Line {
  return isErased(kase, sha256) ? { value: words.case.erased } : { value: name, about: { file: sha256 } };
}

const digestLine = (sha256: string, words: Words) => named(words.case.fileDigest, sha256, { close: true });
