import type { Case } from '../../worker/negotiation/case.ts';
import type { Whole } from '../../worker/negotiation/entry.ts';
import { NEUTRALITY, type mediation as topic } from '../../worker/negotiation/mediation.ts';
import { momentText, type Words } from '../words/index.ts';
import { offerLines } from './proposal.ts';
import { closely, type Line, named, said, type Tellers } from './telling.ts';

/** Who was proposed as mediator and let in, what they said and suggested, how it ended, told; and that something was conceded in mediation. */

export const mediation: Tellers<typeof topic> = {
  'mediation.proposed': ({ content: { name, organisation, to, words: text } }, _kase, words) => ({
    what: words.entry['mediation.proposed']({ name }),
    lines: [
      named(words.mediation.name, name),
      ...(organisation ? [named(words.mediation.organisation, organisation.name, { aside: words.aside(organisation.place) })] : []),
      named(words.mediation.contact, words.mediation.to(to), { aside: words.aside(momentText(words, to.at)) }),
      ...said(text),
    ],
  }),
  'mediation.admitted': ({ content }, _kase, words) => ({ what: words.entry['mediation.admitted'], lines: [ofEntry(content, words)] }),
  'mediation.declined': ({ content }, _kase, words) => ({
    what: words.entry['mediation.declined'],
    lines: [ofEntry(content, words), ...said(content.words)],
  }),
  'mediation.accepted': ({ author, content }, _kase, words) => ({
    what: words.entry['mediation.accepted'],
    lines: [
      ofEntry(content, words),
      { value: words.mediation.identified({ ...content.identified, name: author.name, at: momentText(words, content.identified.at) }) },
      named(words.mediation.neutralTitle, neutralityText(content.neutrality, words)),
    ],
  }),
  'mediation.said': ({ content }, _kase, words) => ({
    what: words.entry['mediation.said'],
    lines: [...said(content.words), ...closely(ofEntry(content, words))],
  }),
  'mediation.suggested': ({ content }, _kase, words) => ({
    what: words.entry['mediation.suggested'](content.no),
    lines: [...offerLines(content, words), ofEntry(content, words), { value: words.mediation.view, about: { suggestion: content.no } }],
  }),
  'mediation.left': ({ content }, _kase, words) => ({
    what: words.entry['mediation.left'],
    lines: [ofEntry(content, words), ...said(content.words)],
  }),
  'mediation.dismissed': ({ content }, _kase, words) => ({
    what: words.entry['mediation.dismissed'],
    lines: [ofEntry(content, words), ...said(content.words)],
  }),
  'mediation.ended': ({ content }, _kase, words) => ({
    what: words.entry['mediation.ended']({ why: words.mediation.state[content.why] }),
    lines: [ofEntry(content, words)],
  }),
};

const ofEntry = ({ mediation: seq }: { mediation: number }, words: Words): Line => ({
  value: words.mediation.ofEntry(seq),
  about: { entry: seq },
});

/** What a mediator said of being neutral, in the words of its version. */
const neutralityText = (version: number, words: Words): string => words.mediation.neutrality[version] ?? '';

/** What somebody reads before they accept: between whom they would mediate, what they may do, and what they state of themselves. */
export function mediationText({ kase, name }: { kase: Case; name: string }, words: Words): string[] {
  const { borrowerName, invitedName, lenderName, loan } = kase;
  const { mediation: say } = words;
  const borrower = borrowerName ?? invitedName ?? '';
  return [say.between({ borrower, lender: lenderName, reference: loan.reference, name }), say.role, neutralityText(NEUTRALITY, words)];
}

/** That an entry was made in mediation: said first wherever it stands, also alone, as what is conceded there is not used against anybody later. */
export function withMediation({ kind, content }: Pick<Whole, 'kind' | 'content'>, words: Words): Line[] {
  const seq = !kind.startsWith('mediation.') && 'mediation' in content ? content.mediation : undefined;
  return seq === undefined ? [] : [{ value: words.mediation.marked({ seq }), as: 'warning', about: { entry: seq } }];
}

/** In which mediation an agreement was reached; null where in none. */
export function mediatedText(
  { mediations }: Pick<Case, 'mediations'>,
  { mediation: seq }: { mediation?: number },
  words: Words,
): string | null {
  if (seq === undefined) return null;
  const name = mediations.find((one) => one.seq === seq)?.name;
  return name === undefined ? words.mediation.recitalUnnamed({ seq }) : words.mediation.recital({ name, seq });
}
