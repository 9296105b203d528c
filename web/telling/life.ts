import type { Kinds } from '../../worker/negotiation/entry.ts';
import { invitedOtherwise, type life as topic } from '../../worker/negotiation/life.ts';
import type { Reached } from '../../worker/negotiation/seats.ts';
import { momentText, type Words } from '../words/index.ts';
import { type Line, named, said, type Tellers } from './telling.ts';

/** The life of a case, told: opened, joined, closed. */

export const life: Tellers<typeof topic> = {
  'case.opened': ({ content }, _kase, words) => ({ what: words.entry['case.opened'], lines: openedLines(content, words) }),
  'case.invited': ({ content: { name, to } }, _kase, words) => ({
    what: words.entry['case.invited'](name),
    lines: to ? [{ value: words.entry.invitedAt({ ...to, at: momentText(words, to.at) }) }] : [],
  }),
  'case.joined': ({ content: { name, identified, by } }, { invitedName }, words) => {
    const invited = invitedOtherwise({ invitedName, borrowerName: name });
    const other = invited === null ? [] : [{ value: words.case.invitedAs({ name: invited }) }];
    return {
      what: words.entry['case.joined'],
      lines: [
        named(words.case.borrowerName, name),
        ...other,
        ...(by === 'contract' ? [{ value: words.entry.joinedByContract }] : []),
        ...identifiedLine(identified, words),
      ],
    };
  },
  'case.vacated': ({ content: { words: text } }, _kase, words) => ({ what: words.entry['case.vacated'], lines: said(text) }),
  'case.closed': ({ content: { reason, words: text } }, _kase, words) => ({
    what: words.entry['case.closed'](words.case.closeReasons[reason]),
    lines: said(text),
  }),
};

/** Which loan a case is about, and between whom. */
export function openedLines({ loan, lenderName, borrowerName, identified }: Kinds['case.opened'], words: Words): Line[] {
  return [
    named(words.case.reference, loan.reference),
    ...(loan.product ? [named(words.opening.product, loan.product)] : []),
    ...(loan.identity ? [named(words.opening.identity, loan.identity)] : []),
    named(words.case.lenderName, lenderName),
    ...(borrowerName ? [named(words.case.borrowerName, borrowerName)] : []),
    ...identifiedLine(identified, words),
  ];
}

/** By which contact the borrower was identified; nothing in records from before this was kept. */
function identifiedLine(identified: Reached | undefined, words: Words): Line[] {
  return identified ? [{ value: words.entry.identified({ ...identified, at: momentText(words, identified.at) }) }] : [];
}
