import type { Case } from '../../worker/negotiation/case.ts';
import { answerBy, type Complaint, type complaint as topic } from '../../worker/negotiation/complaint.ts';
import { disputeOf, mostHeld, unsettled } from '../../worker/negotiation/dispute.ts';
import { daysBetween } from '../../worker/plan/calendar.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import type { WorkingDay } from '../../worker/plan/law/working-days.ts';
import { dateText, languageOf, type Words } from '../words/index.ts';
import { figureName } from './means.ts';
import { closely, type Line, named, said, type Tellers } from './telling.ts';

/** Complaints, told: what each is about, by when it is to be answered, and what came of it. */

export const complaint: Tellers<typeof topic> = {
  'complaint.raised': ({ seq, content }, kase, words) => ({
    what: words.entry['complaint.raised'](words.complaint.kinds[content.kind]),
    lines: [
      ...content.entries.map((seq) => ofEntry(seq, words)),
      ...content.figures.map((figure) => named(words.complaint.about, figureName(words, figure))),
      ...labelled(words.complaint.facts, content.facts),
      ...labelled(words.complaint.wish, content.wish),
      dayLine(content.answerBy, content.earliest, words),
      ...clockLines(content.days, words, content.jurisdiction),
      ...heldLines(kase, seq, words),
    ],
  }),
  'complaint.extended': ({ content: { complaint: seq, days, answerBy: date, earliest, words: text } }, _kase, words) => ({
    what: words.entry['complaint.extended'],
    lines: [of(seq, words), dayLine(date, earliest, words), ...clockLines(days, words), ...said(text)],
  }),
  'complaint.answered': ({ content: { complaint: seq, outcome, words: text } }, _kase, words) => ({
    what: words.entry['complaint.answered'](words.complaint.outcomes[outcome]),
    lines: [of(seq, words), ...said(text)],
  }),
  'complaint.accepted': ({ content: { complaint: seq } }, _kase, words) => ({
    what: words.entry['complaint.accepted'],
    lines: [of(seq, words)],
  }),
  'complaint.escalated': ({ content: { complaint: seq, to, words: text } }, _kase, words) => ({
    what: words.entry['complaint.escalated'](words.complaint.overseers[to]),
    lines: [of(seq, words), ...said(text)],
  }),
  'complaint.withdrawn': ({ content: { complaint: seq, words: text } }, _kase, words) => ({
    what: words.entry['complaint.withdrawn'],
    lines: [of(seq, words), ...said(text)],
  }),
  'complaint.due': ({ content: { complaint: seq, answerBy: date } }, _kase, words) => ({
    what: words.entry['complaint.due'],
    lines: [of(seq, words), named(words.complaint.answerBy, dateText(words, date), { as: 'figure' })],
  }),
  'complaint.unanswered': ({ content: { complaint: seq, answerBy: date } }, _kase, words) => ({
    what: words.entry['complaint.unanswered'],
    lines: [of(seq, words), named(words.complaint.answerBy, dateText(words, date), { as: 'figure' })],
  }),
};

/** What a dispute of the debt holds, and for how long; and that it holds nothing where that figure has held before. */
export function holdsText(one: Complaint, words: Words): string | null {
  if (one.holds) return words.complaint.holds({ days: mostHeld(one) });
  return one.version > 0 && one.figures.some((figure) => figure.startsWith('debt.')) ? words.complaint.holdsNot : null;
}

function heldLines({ complaints }: Case, seq: number, words: Words): Line[] {
  const one = complaints.find((complaint) => complaint.seq === seq);
  const text = one ? holdsText(one, words) : null;
  return text === null ? [] : [{ value: text }];
}

const of = (seq: number, words: Words): Line => ({ value: words.complaint.number(seq), about: { entry: seq } });

const ofEntry = (seq: number, words: Words): Line => named(words.complaint.about, words.case.receipt(seq), { about: { entry: seq } });

/** What a person wrote under a name of its own. */
const labelled = (name: string, text: string): Line[] => [{ value: name, as: 'heading' }, ...said(text)];

const lastDayText = ({ date, earliest }: Pick<WorkingDay, 'date' | 'earliest'>, words: Words): string =>
  earliest ? words.complaint.byEarliest({ date: dateText(words, date) }) : dateText(words, date);

const dayLine = (date: string, earliest: boolean, words: Words): Line =>
  named(words.complaint.answerBy, lastDayText({ date, earliest }, words), { as: 'figure' });

/** By when a complaint is to be answered, for what is read on other days than it was written on: the day alone. */
export const byDayText = (one: Pick<Complaint, 'jurisdiction' | 'on' | 'days'>, words: Words): string => lastDayText(answerBy(one), words);

/** How the last day is counted, and by the calendar of which place where that is said. */
function clockLines(days: number, words: Words, jurisdiction?: string): Line[] {
  const place = jurisdiction === undefined ? [] : [words.complaint.calendar({ name: lawOf({ jurisdiction }).name[languageOf(words)] })];
  return closely({ value: [words.complaint.clock({ days }), ...place].join(words.comma) });
}

/** By when a complaint is to be answered, as of a day: with the days that are left, or since when it is late. */
export function byText(one: Pick<Complaint, 'jurisdiction' | 'on' | 'days'>, today: string, words: Words): string {
  return clockText(answerBy(one), today, words);
}

/** The same of a last day. */
export function clockText(day: WorkingDay, today: string, words: Words): string {
  const [date, latest] = [dateText(words, day.date), dateText(words, day.latest)];
  if (day.latest < today) return words.complaint.past({ date: latest, days: daysBetween(day.latest, today) });
  if (day.earliest) return words.complaint.between({ date, latest });
  return words.complaint.by({ date, days: daysBetween(today, day.date) });
}

/** What an entry tells, with what of it is in dispute: the entry itself, or figures of the debt or the means that it states. */
export function withDisputes(
  lines: readonly Line[],
  { seq, kind }: { seq: number; kind: string },
  kase: Case,
  words: Words,
): readonly Line[] {
  const by = disputeOf(kase, seq);
  const whole: Line[] = by === null ? [] : [{ value: words.complaint.disputedBy({ seq: by }), as: 'warning', about: { entry: by } }];
  const names = kind.startsWith('debt.') ? partNames(kase, words) : kind === 'means.submitted' ? figureNames(kase, words) : null;
  const marked = names ? lines.map((line) => (line.label && names.has(line.label) ? disputedLine(line, words) : line)) : lines;
  return [...whole, ...marked];
}

const disputedLine = (line: Line, words: Words): Line => ({
  ...line,
  aside: [line.aside, words.complaint.disputed].filter(Boolean).join(words.comma),
});

/** The names of the parts of the debt that are in dispute, and of the figures of the means. */
const partNames = (kase: Case, words: Words) =>
  new Set(COMPONENTS.flatMap((one) => (disputeOf(kase, `debt.${one}`) === null ? [] : [words.component[one]])));
const figureNames = (kase: Case, words: Words) =>
  new Set(
    unsettled(kase.complaints).flatMap(({ figures }) =>
      figures.flatMap((one) => (one.startsWith('debt.') ? [] : [figureName(words, one)])),
    ),
  );
