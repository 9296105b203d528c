import type { Case } from '../../worker/negotiation/case.ts';
import { type Referral, referredNow } from '../../worker/negotiation/referral.ts';
import { wayName } from '../telling/referral.ts';
import { dateText, type Words } from '../words/index.ts';

/** What was taken elsewhere and has not come back, on the page of the case: that talks stay open all the same. */
export function Referred({ id, kase, words }: { id: string; kase: Case; words: Words }) {
  const open = referredNow(kase);
  if (open.length === 0) return null;
  const { ways: say } = words;
  return (
    <section class="notice stack tight" aria-labelledby="referred-title">
      <h2 id="referred-title">{say.referred}</h2>
      {open.map((one) => (
        <p>
          {standsText(one, words)} <a href={`/cases/${id}#e${one.seq}`}>{words.case.receipt(one.seq)}</a>
        </p>
      ))}
      <p>{say.open}</p>
      <p>
        <a href={`/cases/${id}/ways`}>{say.title}</a>
      </p>
    </section>
  );
}

/** Who took it where, and when. */
export const standsText = (one: Referral, words: Words): string =>
  words.ways.stands({ side: words.of(one.side), date: dateText(words, one.on), way: wayName(one, words), to: one.to });
