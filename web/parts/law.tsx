import { LAW } from '../../worker/plan/law/index.ts';
import { inForce, marks, outsideHours, type Rule, type RuleId } from '../../worker/plan/law/jurisdiction.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { dateText, shareText, type Words } from '../words/index.ts';

/** The law where it matters: what a plan touches, and what is good to know on a page. With source, and as of when. */

const spoken = (words: Words) => (words.language.code === 'en' ? 'en' : 'zh');

/** Rules that a plan touches: its rate lies above a line, it runs for more instalments than a limit. */
export function LawMarks({ terms, instalments, on, words }: { terms: Terms; instalments: number; on: string; words: Words }) {
  const found = marks(LAW, { rate: terms.rate, instalments }, on);
  if (found.length === 0) return null;
  return (
    <ul class="notice warn plain-list">
      {found.map(({ rule, limit }) => (
        <li>
          <strong>{rule.limit?.kind === 'instalments' ? words.law.instalments(limit) : words.law.rate(shareText(limit, 1_000_000))}</strong>
          <LawLine rule={rule} words={words} />
        </li>
      ))}
    </ul>
  );
}

function LawLine({ rule, words }: { rule: Rule; words: Words }) {
  const language = spoken(words);
  return (
    <>
      <br />
      {rule.text[language]}
      <br />
      <span class="soft small">
        {rule.source[language]}
        {words.comma}
        {words.law.asOf(dateText(words, LAW.asOf))}
      </span>
    </>
  );
}

/** Rules that are good to know on a page, folded away. */
export function LawNotes({ ids, on, words }: { ids: readonly RuleId[]; on: string; words: Words }) {
  const rules = inForce(LAW, on).filter(({ id }) => ids.includes(id));
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
      </ul>
    </details>
  );
}

/** A mark beside a call that was made outside the hours. `when` is local: 2026-11-24T22:30. */
export function CallHours({ when, words }: { when: string; words: Words }) {
  const rule = outsideHours(LAW, Number(when.slice(11, 13)) * 60 + Number(when.slice(14, 16)), when.slice(0, 10));
  return rule ? (
    <p class="notice warn small">
      <strong>{words.law.hours}</strong>
      <LawLine rule={rule} words={words} />
    </p>
  ) : null;
}
