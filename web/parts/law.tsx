import { hasAgreedToPay } from '../../worker/negotiation/agreed-to-pay.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import type { Policy } from '../../worker/negotiation/policy.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { inForce, type Loan, outsideHours, type Topic } from '../../worker/plan/law/jurisdiction.ts';
import type { MeasuredPlan } from '../../worker/plan/law/marks.ts';
import { minuteOf } from '../../worker/plan/law/zone.ts';
import { languageOf, type Words } from '../words/index.ts';
import { planSay } from '../words/plan.ts';
import { Drawing } from './drawn.tsx';
import { once } from './once.ts';
import { asOfText, drawMarks, drawRule } from './plan-drawing.ts';

/** The law where it matters: what a plan touches, and what is good to know on a page. With source, and as of when. */

type Held = { policy: Pick<Policy, 'jurisdiction'>; on: string; words: Words };

/** Lines of the law that a plan passes on a day, and those of which that cannot be told. */
export function LawMarks({ plan, loan, policy, on, words }: Held & { plan: MeasuredPlan; loan: Loan }) {
  return <Drawing of={drawMarks(lawOf(policy), plan, loan, on, planSay(words, languageOf(words)))} />;
}

/** Rules that are good to know on a page, folded away: those that are about this loan, or may be. */
export function LawNotes({ topic, loan, policy, on, words }: Held & { topic: Topic; loan: Loan }) {
  const [law, say] = [lawOf(policy), planSay(words, languageOf(words))];
  const rules = inForce(law, on, topic, loan);
  if (rules.length === 0) return null;
  const asOf = asOfText(law, on, say);
  // Of the rules that hold, each reader of a language reads the same.
  const name = `law ${policy.jurisdiction} ${asOf} ${rules.map(({ id, from }) => `${id} ${from}`).join()}`;
  return once(name, words, () => <Notes rules={rules} asOf={asOf} words={words} />);
}

function Notes({ rules, asOf, words }: { rules: ReturnType<typeof inForce>; asOf: ReturnType<typeof asOfText>; words: Words }) {
  const say = planSay(words, languageOf(words));
  return (
    <details>
      <summary>{words.law.title}</summary>
      <ul class="plain-list">
        {rules.map((rule) => (
          <li>
            <span class={`tag ${rule.effect === 'warning' ? 'late' : ''}`}>{words.law.effect[rule.effect]}</span>
            <Drawing of={drawRule(rule, say)} />
          </li>
        ))}
        <li class="soft small">
          {asOf} <a href="/law">{words.law.all}</a>
        </li>
      </ul>
    </details>
  );
}

/** Before an act by which a borrower agrees to pay, or may, as long as they have not: that it is, and what becomes of the limitation period. */
export function BeforeAgreeing({ kase, situation, words }: { kase: Case; situation: Context; words: Words }) {
  const { seat, policy, today } = situation;
  return seat.side === 'borrower' && !hasAgreedToPay(kase) ? <LimitationNote policy={policy} on={today} words={words} /> : null;
}

/** The same in one line, with its source. */
export function LimitationNote({ policy, on, words }: Held) {
  const rule = inForce(lawOf(policy), on).find(({ id }) => id === 'limitation');
  if (!rule) return null;
  return (
    <div class="notice warn small">
      <strong>{words.law.limitation}</strong>
      <Drawing of={drawRule(rule, planSay(words, languageOf(words)))} />
    </div>
  );
}

/** What an honest portal tells a borrower: once they have sent their first proposal, where they look for other ways, and beside the rules. */
export function Honest({ words }: { words: Words }) {
  const { law: say } = words;
  return (
    <section class="card" aria-labelledby="honest">
      <h2 id="honest">{say.honestTitle}</h2>
      <ul>
        {say.honest.map((text) => (
          <li>{text}</li>
        ))}
      </ul>
    </section>
  );
}

/** A mark beside a call that was made outside the hours. `when` is local: 2026-11-24T22:30. */
export function CallHours({ when, policy, words }: Pick<Held, 'policy' | 'words'> & { when: string }) {
  const [law, say] = [lawOf(policy), planSay(words, languageOf(words))];
  const on = when.slice(0, 10);
  const rule = outsideHours(law, minuteOf(when), on);
  return rule ? (
    <p class="notice warn small">
      <strong>{words.law.hours}</strong>
      <Drawing of={drawRule(rule, say)} />
      <br />
      <span class="soft">{asOfText(law, on, say)}</span>
    </p>
  ) : null;
}
