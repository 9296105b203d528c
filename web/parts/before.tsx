import type { Child } from 'hono/jsx';
import { isFull } from '../../worker/negotiation/calls.ts';
import type { Case, Own } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { isLate, toAnswer } from '../../worker/negotiation/complaint.ts';
import { type Contacting, contacting } from '../../worker/negotiation/contacting.ts';
import { duties } from '../../worker/negotiation/duties.ts';
import { daysBetween } from '../../worker/plan/calendar.ts';
import { byText } from '../telling/complaint.ts';
import { wishLines } from '../telling/conduct.ts';
import { momentText, timeText, type Words, workingDayText } from '../words/index.ts';
import { Days } from './days.tsx';
import { complaintId } from './view.ts';

/** What one of the lender's people is to know before they act in a case: whether the borrower may be reached now, calls of the day, what waits, and what was promised until when. */

type Props = { id: string; kase: Case; own: Own | null; situation: Context; words: Words };

export function BeforeActing({ id, kase, own, situation, words }: Props) {
  if (kase.stage === 'closed') return null;
  const { before: say } = words;
  const now = contacting(kase, situation);
  const waiting = own?.waiting ?? [];
  const [first] = waiting.map(({ until }) => until).sort();
  const promised = duties(kase, 'lender', situation).flatMap((one) => ('promised' in one && one.promised ? [one] : []));
  const left = (day: string) => {
    const days = daysBetween(situation.today, day);
    return days < 0 ? words.inbox.daysOver({ days: -days }) : days === 0 ? words.inbox.today : words.inbox.daysLeft({ days });
  };
  return (
    <section class="before" aria-label={say.title}>
      <dl>
        <Fact name={say.hours} bad={now.from !== null}>
          <Days of={hoursText(now, words)} />
        </Fact>
        {now.wish && wishes(now) ? (
          <Fact name={words.conduct.wishTitle}>
            <a href={`#e${now.wish.seq}`}>{wishLines(now.wish, words).join(words.semicolon)}</a>
          </Fact>
        ) : null}
        <Fact name={words.conduct.today} bad={isFull(now.calls)}>
          {callsText(now, words)}
        </Fact>
        {first === undefined ? null : (
          <Fact name={say.waiting}>
            <a href="#own">
              <Days of={say.held({ count: waiting.length, moment: momentText(words, first) })} />
            </a>
          </Fact>
        )}
        {toAnswer(kase).map((one) => (
          <Fact name={words.complaint.title} bad={isLate(one, situation.today)}>
            <a href={`/cases/${id}/complaints#${complaintId(one.seq)}`}>
              <Days of={byText(one, situation.today, words)} />
            </a>
          </Fact>
        ))}
        {promised.map(({ version, promised: day }) =>
          day ? (
            <Fact name={say.promised} bad={day.latest < situation.today}>
              <a href={`/cases/${id}/proposals/${version}`}>
                <Days of={`${workingDayText(words, day)}${words.comma}${left(day.date)}`} />
              </a>
            </Fact>
          ) : null,
        )}
      </dl>
    </section>
  );
}

const Fact = ({ name, bad = false, children }: { name: string; bad?: boolean; children: Child }) => (
  <div>
    <dt>{name}</dt>
    <dd class={bad ? 'bad-text' : undefined}>{children}</dd>
  </div>
);

/** Whether the borrower wishes more than the rules say by themselves. */
export const wishes = ({ wish }: Pick<Contacting, 'wish'>): boolean => wish !== null && (wish.asks.length > 0 || wish.hours !== null);

/** Whether somebody may be reached now, and until or from when. */
export function hoursText({ from, until }: Pick<Contacting, 'from' | 'until'>, words: Words): string {
  const { before: say } = words;
  if (from !== null) return say.notNow({ moment: momentText(words, from) });
  return until === null ? say.anyTime : say.now({ time: timeText(words, until) });
}

/** Calls of the day and what came of them, with the most that there may be. */
export function callsText({ calls: { outcomes, effective, limits } }: Pick<Contacting, 'calls'>, words: Words): string {
  const { before: say } = words;
  const others = (['unanswered', 'unreachable'] as const).flatMap((what) =>
    outcomes[what] > 0 ? [say.calls({ what: words.conduct.outcomeOf[what], count: outcomes[what] })] : [],
  );
  const most = Number.isFinite(limits.effective)
    ? say.effectiveOf({ count: effective, limit: limits.effective })
    : say.effective({ count: effective });
  return [most, ...others].join(words.comma);
}
