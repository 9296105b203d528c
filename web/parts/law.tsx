import type { Policy } from '../../worker/negotiation/policy.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { inForce, outsideHours, type Topic } from '../../worker/plan/law/jurisdiction.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { languageOf, type Words } from '../words/index.ts';
import { planSay } from '../words/plan.ts';
import { Drawing } from './drawn.tsx';
import { asOfText, drawMarks, drawRule } from './plan-drawing.ts';

/** The law where it matters: what a plan touches, and what is good to know on a page. With source, and as of when. */

type Held = { policy: Pick<Policy, 'jurisdiction'>; on: string; words: Words };

/** Rules that a plan touches on a day. */
export function LawMarks({ terms, instalments, policy, on, words }: Held & { terms: Terms; instalments: number }) {
  return <Drawing of={drawMarks(lawOf(policy), terms, instalments, on, planSay(words, languageOf(words)))} />;
}

/** Rules that are good to know on a page, folded away. */
export function LawNotes({ topic, policy, on, words }: Held & { topic: Topic }) {
  const [law, say] = [lawOf(policy), planSay(words, languageOf(words))];
  const rules = inForce(law, on, topic);
  if (rules.length === 0) return null;
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
        <li class="soft small">{asOfText(law, on, say)}</li>
      </ul>
    </details>
  );
}

/** A mark beside a call that was made outside the hours. `when` is local: 2026-11-24T22:30. */
export function CallHours({ when, policy, words }: Pick<Held, 'policy' | 'words'> & { when: string }) {
  const [law, say] = [lawOf(policy), planSay(words, languageOf(words))];
  const on = when.slice(0, 10);
  const rule = outsideHours(law, Number(when.slice(11, 13)) * 60 + Number(when.slice(14, 16)), on);
  return rule ? (
    <p class="notice warn small">
      <strong>{words.law.hours}</strong>
      <Drawing of={drawRule(rule, say)} />
      <br />
      <span class="soft">{asOfText(law, on, say)}</span>
    </p>
  ) : null;
}
