import type { Policy } from '../../worker/negotiation/policy.ts';
import { formatPercent } from '../../worker/plan/amount.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { inForce, isStale, type Jurisdiction, marks, outsideHours, type Rule, type Topic } from '../../worker/plan/law/jurisdiction.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { dateText, languageOf, type Words } from '../words/index.ts';

/** The law where it matters: what a plan touches, and what is good to know on a page. With source, and as of when. */

type Held = { policy: Pick<Policy, 'jurisdiction'>; on: string; words: Words };

/** Rules that a plan touches: its rate lies above a line, it runs for more instalments than a limit. */
export function LawMarks({ terms, instalments, policy, on, words }: Held & { terms: Terms; instalments: number }) {
  const law = lawOf(policy);
  const found = marks(law, { rate: terms.rate, instalments }, on);
  if (found.length === 0) return null;
  return (
    <ul class="notice warn plain-list">
      {found.map(({ rule, limit }) => (
        <li>
          <strong>{rule.limit?.kind === 'instalments' ? words.law.instalments(limit) : words.law.rate(`${formatPercent(limit)}%`)}</strong>
          <LawLine rule={rule} words={words} />
        </li>
      ))}
      <li class="soft small">{asOfText(law, on, words)}</li>
    </ul>
  );
}

function LawLine({ rule, words }: { rule: Rule; words: Words }) {
  const language = languageOf(words);
  return (
    <>
      <br />
      {rule.text[language]}
      <br />
      <span class="soft small">{words.law.since({ source: rule.source[language], from: dateText(words, rule.from) })}</span>
    </>
  );
}

/** When the table was last brought up to date, and where that is long ago, that a reader should check. */
function asOfText(law: Jurisdiction, on: string, words: Words): string {
  const asOf = dateText(words, law.asOf);
  return isStale(law, on) ? words.law.stale(asOf) : words.law.asOf(asOf);
}

/** Rules that are good to know on a page, folded away. */
export function LawNotes({ topic, policy, on, words }: Held & { topic: Topic }) {
  const law = lawOf(policy);
  const rules = inForce(law, on, topic);
  if (rules.length === 0) return null;
  return (
    <details>
      <summary>{words.law.title}</summary>
      <ul class="plain-list">
        {rules.map((rule) => (
          <li>
            <span class={`tag ${rule.effect === 'warning' ? 'late' : ''}`}>{words.law.effect[rule.effect]}</span>
            <LawLine rule={rule} words={words} />
          </li>
        ))}
        <li class="soft small">{asOfText(law, on, words)}</li>
      </ul>
    </details>
  );
}

/** A mark beside a call that was made outside the hours. `when` is local: 2026-11-24T22:30. */
export function CallHours({ when, policy, words }: Pick<Held, 'policy' | 'words'> & { when: string }) {
  const law = lawOf(policy);
  const on = when.slice(0, 10);
  const rule = outsideHours(law, Number(when.slice(11, 13)) * 60 + Number(when.slice(14, 16)), on);
  return rule ? (
    <p class="notice warn small">
      <strong>{words.law.hours}</strong>
      <LawLine rule={rule} words={words} />
      <br />
      <span class="soft">{asOfText(law, on, words)}</span>
    </p>
  ) : null;
}
