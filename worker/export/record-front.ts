import { authorOf } from '../../web/telling/author.ts';
import { plainLines } from '../../web/telling/plain.ts';
import { offerInBrief } from '../../web/telling/proposal.ts';
import { dayText, type Words } from '../../web/words/index.ts';
import { agreedSchedule } from '../negotiation/agreement.ts';
import { type Case, type Kind, known } from '../negotiation/case.ts';
import type { Author, SealedEntry } from '../record/format.ts';
import { narrated } from './narrative.ts';
import type { Ink, Sheet } from './sheet.ts';

/** The first page of the record: what was agreed, how it came to it, and where everything stands. */

/** What brought the case to where it is. */
const STEPS: ReadonlySet<string> = new Set<Kind>([
  'case.opened',
  'case.joined',
  'debt.confirmed',
  'proposal.made',
  'proposal.accepted',
  'agreement.signed',
  'agreement.in-force',
  'agreement.broken',
  'settlement.issued',
  'custody.restored',
]);

/** Lines of contents at most: of a long case each stands for several days. */
const MOST = 24;

/** A day of the record, and its entries. */
export type Day = { date: string; entries: SealedEntry[] };

/** The record day by day, each day by its date where the portal stands. */
export function daysOf(entries: readonly SealedEntry[], words: Words): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const date = dayText(words, entry.at);
    const last = days.at(-1);
    if (last?.date === date) last.entries.push(entry);
    else days.push({ date, entries: [entry] });
  }
  return days;
}

/** The colour of whose entry it is, as on the pages; of one whose author is not named any more, nobody's. */
export function inkOf(author: Author | null): Ink {
  const side = author?.side;
  return side === 'borrower' || side === 'lender' ? side : 'soft';
}

/** `kase` is what the shown entries come to; what they do not show is said not to be shown. */
export function recordFront(sheet: Sheet, kase: Case, days: readonly Day[], words: Words): void {
  const { front: say } = words.case;
  sheet.heading(say.agreed);
  agreedFacts(sheet, kase, days, words);
  const steps = days.flatMap(({ entries }) => entries).filter(({ kind }) => STEPS.has(kind));
  if (steps.length > 0) sheet.heading(say.how);
  for (const entry of steps) sheet.lead(stepText(entry, kase, words), `${entry.seq}`, { ink: inkOf(authorOf(entry)) });
  sheet.heading(say.contents);
  const size = Math.ceil(days.length / MOST);
  for (let at = 0; at < days.length; at += size) {
    const span = days.slice(at, at + size);
    const [first, last] = [span[0], span.at(-1)];
    const [from, to] = [first?.entries[0]?.seq, last?.entries.at(-1)?.seq];
    if (!first || !last || from === undefined || to === undefined) continue;
    const dates = first === last ? first.date : `${first.date} – ${last.date}`;
    sheet.lead(`${dates}${words.comma}${say.entries({ from, to })}`, `${from}`);
  }
}

function agreedFacts(sheet: Sheet, kase: Case, days: readonly Day[], words: Words): void {
  const { front: say } = words.case;
  if (kase.agreement) {
    const figures = offerInBrief({ totals: agreedSchedule(kase).totals, terms: kase.agreement.terms }, words);
    sheet.facts([
      ...figures.map(({ label = '', value }) => ({ name: label, value })),
      { name: words.desk.stage, value: words.stage[kase.stage] },
    ]);
    return;
  }
  const isHidden = days.some(({ entries }) => entries.some(({ kind, content }) => kind === 'agreement.drawn-up' && content === null));
  sheet.paragraph(isHidden ? words.case.withheld : say.none);
}

/** A step by its day, who took it, and of an offer what it comes to. */
function stepText(sealed: SealedEntry, kase: Case, words: Words): string {
  const { what, who } = narrated(sealed, kase, words);
  const entry = known(sealed);
  const made = entry?.kind === 'proposal.made' && entry.content !== null ? entry.content : null;
  const figures = made ? plainLines(offerInBrief(made, words), words) : [];
  return [`${dayText(words, sealed.at)}  ${who}`, what, ...figures].join(words.comma);
}
