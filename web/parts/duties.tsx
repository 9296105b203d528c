import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { workingDebt } from '../../worker/negotiation/debt.ts';
import { type Duty, duties } from '../../worker/negotiation/duties.ts';
import { leftDebt } from '../../worker/negotiation/owed.ts';
import { waiting } from '../../worker/negotiation/pending.ts';
import { isVariation, commands as proposal } from '../../worker/negotiation/proposal.ts';
import { may, otherSide, type Side } from '../../worker/negotiation/seats.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { clockText } from '../telling/complaint.ts';
import { dateText, momentText, money, pendingText, type Words, workingDayText } from '../words/index.ts';
import { Days } from './days.tsx';
import { complaintId, figureId, fileId, moveId, paymentId, REPORT } from './view.ts';

/** One list of what the reader has to do, most urgent first, each leading to where it is done; beneath, what waits for the other side. */

type Props = { id: string; kase: Case; situation: Context; words: Words };

export function Duties({ id, kase, situation, words }: Props) {
  const { case: say } = words;
  const { side } = situation.seat;
  if (!may(situation.seat, 'speak', situation.at)) return <Watched kase={kase} situation={situation} words={words} />;
  const [first, ...others] = duties(kase, side, situation).filter((one) => isTheirs(one, situation));
  const theirs = duties(kase, otherSide(side), situation);
  const over = kase.stage === 'completed' ? say.now.completed : kase.stage === 'closed' ? say.now.closed : null;
  return (
    <>
      <h2 id="next">{say.todo}</h2>
      {first ? (
        <div class="stack tight">
          <p class="now">
            <Days of={text(first, kase, situation, words)} />
          </p>
          <p class="soft small">
            <Days of={by(first, words)} />
          </p>
          <p class="actions">
            <a class="button primary" href={`/cases/${id}${place(first, kase, side)}`}>
              {act(first, side, words)}
            </a>
            {first.what === 'answer' && offered(kase, proposal.make, situation) ? (
              <a class="button" href={`/cases/${id}/proposals/new`}>
                {words.offer.counterIt}
              </a>
            ) : null}
          </p>
        </div>
      ) : (
        <p class="now">{over ?? say.nothing}</p>
      )}
      {others.length > 0 ? (
        <ul class="duties">
          {others.map((one) => (
            <li>
              <a href={`/cases/${id}${place(one, kase, side)}`}>
                <Days of={text(one, kase, situation, words)} />
              </a>
              <span class="soft small">
                <Days of={by(one, words)} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {theirs.length > 0 ? (
        <div class="theirs">
          <h3>{say.theirs.title}</h3>
          <ul class="plain-list">
            {theirs.map((one) => (
              <li>
                <Said text={theirText(one, situation, words)} by={by(one, words)} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}

/** To begin is the borrower's own: it is no duty of whoever acts for them. */
const isTheirs = ({ what }: Duty, { seat, at }: Context) => what !== 'begin' || may(seat, 'begin', at);

/** What waits for a side, and until when on a line of its own. */
const Said = ({ text: said, by: until }: { text: string; by: string }) => (
  <>
    <Days of={said} />
    {until === '' ? null : (
      <div class="soft small">
        <Days of={until} />
      </div>
    )}
  </>
);

/** For who reads and does nothing, such as an auditor: what each side has to do, as a third reads of it. */
function Watched({ kase, situation, words }: Omit<Props, 'id'>) {
  const { case: say } = words;
  const sides = (['lender', 'borrower'] as const).flatMap((side) => {
    const list = duties(kase, side, situation);
    return list.length > 0 ? [{ side, list }] : [];
  });
  const over = kase.stage === 'completed' ? say.now.completed : kase.stage === 'closed' ? say.now.closed : say.watch.nothing;
  return (
    <>
      <h2 id="next">{say.watch.title}</h2>
      {sides.length === 0 ? <p class="now">{over}</p> : null}
      {sides.map(({ side, list }) => (
        <div>
          <h3>{words.of(side)}</h3>
          <ul class="plain-list">
            {list.map((one) => (
              <li>
                <Said text={watchedText(one, situation, words)} by={by(one, words)} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function watchedText(duty: Duty, situation: Context, words: Words): string {
  const { watch } = words.case;
  switch (duty.what) {
    case 'answer':
      return watch.answer({ version: duty.version });
    case 'anew':
      return watch.anew({ version: duty.version });
    case 'make':
      return watch.make;
    case 'differing':
      return pendingText(duty, words);
    case 'mediator':
      return words.mediation.watch({ name: duty.name });
    default:
      return theirText(duty, situation, words);
  }
}

function text(duty: Duty, kase: Case, { today }: Context, words: Words): string {
  const { now } = words.case;
  switch (duty.what) {
    case 'answer':
      return now.yourAnswer;
    case 'redo':
    case 'anew': {
      const { version } = duty;
      const offer = kase.offers[version - 1];
      const debt = offer && isVariation(kase, offer) && binds(kase) ? leftDebt(kase, offer.debt.asOf) : workingDebt(kase);
      const [before, total] = [money(offer ? outstanding(offer.debt) : 0), money(debt ? outstanding(debt) : 0)];
      const theirs = duty.what === 'anew';
      if (before === total) return (theirs ? now.theirOldParts : now.oldParts)({ version, total });
      return (theirs ? now.theirOldDebt : now.oldDebt)({ version, before, now: total });
    }
    case 'late':
      return now.late({ amount: money(duty.amount), date: dateText(words, duty.due) });
    case 'cure':
      return words.arrears.untilText({ amount: money(duty.amount), date: dateText(words, duty.due) });
    case 'pay':
      return now.nextPayment({ amount: money(duty.amount), date: dateText(words, duty.due) });
    case 'letter':
      return words.settlement.duty({ until: workingDayText(words, duty.by) });
    case 'sign':
      return now.yourSignature;
    case 'make':
      return now.yourOffer;
    case 'join':
      return now.notJoined;
    case 'debt':
      return now.yourDebt;
    case 'begin':
      return now.yourBegin;
    case 'mediator':
      return words.mediation.duty({ name: duty.name });
    case 'complaint':
      return words.complaint.duty({ by: clockText(duty.by, today, words) });
    case 'complaint-answer':
      return words.complaint.dutyAnswered;
    case 'complaint-late':
      return words.complaint.dutyLate;
    default:
      return pendingText(duty, words);
  }
}

/** The same, as it waits for the other side of whoever reads of it. */
function theirText(duty: Duty, { seat: { side: reader }, today }: Context, words: Words): string {
  const { now, theirs } = words.case;
  switch (duty.what) {
    case 'answer':
      return now.theirAnswer;
    case 'redo':
      return theirs.redo;
    case 'anew':
      return theirs.anew;
    case 'late':
      return theirs.late({ amount: money(duty.amount), date: dateText(words, duty.due) });
    case 'cure':
      return words.arrears.lenderText({ amount: money(duty.amount), date: dateText(words, duty.due) });
    case 'pay':
      return theirs.pay({ amount: money(duty.amount), date: dateText(words, duty.due) });
    case 'letter':
      return words.settlement.awaited({ until: workingDayText(words, duty.by) });
    case 'sign':
      return theirs.sign;
    case 'make':
      return reader === 'lender' ? now.theirOffer : theirs.make;
    case 'join':
      return now.notJoined;
    case 'debt':
      return theirs.debt;
    case 'begin':
      return theirs.begin;
    case 'mediator':
      return words.mediation.theirs({ name: duty.name });
    case 'complaint':
      return words.complaint.theirs({ by: clockText(duty.by, today, words) });
    case 'complaint-answer':
      return words.complaint.theirsAnswered;
    case 'complaint-late':
      return words.complaint.theirsLate;
    default:
      return theirs.pending[duty.what](duty.count);
  }
}

/** Until when, where that has an end. */
function by(duty: Duty, words: Words): string {
  if (!('until' in duty)) return '';
  const { case: say } = words;
  const until = momentText(words, duty.until);
  if (!duty.promised) return say.by(until);
  return `${say.promised(workingDayText(words, duty.promised))}${words.semicolon}${say.offerStands(until)}`;
}

/** The name of the act that a duty leads to. */
function act({ what }: Duty, side: Side, words: Words): string {
  const { case: say, offer, agreement, payment, move, settlement, debt, means, evidence, complaint } = words;
  const names: Record<Duty['what'], string> = {
    answer: say.answerOffer,
    redo: offer.again,
    anew: offer.make,
    make: offer.make,
    letter: settlement.issue,
    sign: agreement.toSign,
    cure: payment.report,
    late: payment.report,
    pay: payment.report,
    payments: payment.check,
    moves: move.toAnswer,
    debt: debt.check,
    begin: say.begin,
    mediator: words.mediation.toAnswer,
    differing: debt.check,
    queries: means.answer,
    answers: means.check,
    rejected: evidence.add,
    files: evidence.check,
    calls: say.callCheck,
    join: side === 'lender' ? say.view : offer.view,
    complaint: complaint.answer,
    'complaint-answer': say.view,
    'complaint-late': complaint.escalate,
  };
  return names[what];
}

/** Where it is done: the very form, or the first of the figures, files, calls, payments and requests that wait. */
function place(duty: Duty, kase: Case, side: Side): string {
  const first = waiting(kase, side).find(({ what }) => what === duty.what)?.ids[0] ?? '';
  switch (duty.what) {
    case 'answer':
      return `/proposals/${duty.version}`;
    case 'redo':
      return '/proposals/again';
    case 'anew':
    case 'make':
      return '/proposals/new';
    case 'letter':
      return '/agreement#settlement';
    case 'sign':
      return '/agreement#signatures';
    case 'cure':
    case 'late':
    case 'pay':
      return `/agreement#${REPORT}`;
    case 'payments':
      return `/agreement#${paymentId(first)}`;
    case 'moves':
      return `/agreement#${moveId(first)}`;
    case 'begin':
      return '/begin';
    case 'mediator':
      return '/mediation';
    case 'debt':
    case 'differing':
      return '/debt';
    case 'queries':
    case 'answers':
      return `/means#${figureId(first)}`;
    case 'rejected':
    case 'files':
      return `/evidence#${fileId(first)}`;
    case 'calls':
      return `#e${first}`;
    case 'complaint':
    case 'complaint-answer':
    case 'complaint-late':
      return `/complaints#${complaintId(duty.complaint)}`;
    case 'join':
      return '';
  }
}
