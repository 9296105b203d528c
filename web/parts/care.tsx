import type { Policy } from '../../worker/negotiation/policy.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import type { Words } from '../words/index.ts';

/** Where to turn at once, for whoever writes in despair: gently, and never in the way of what they wanted to say. */
export function Care({ policy, words }: { policy: Pick<Policy, 'jurisdiction'>; words: Words }) {
  const { line, emergency } = lawOf(policy).care;
  return (
    <section class="notice good stack tight" role="status" aria-labelledby="care">
      <h2 id="care" tabindex={-1}>
        {words.wording.careTitle}
      </h2>
      <p>{words.wording.care}</p>
      <p class="actions">
        <a class="button primary" href={`tel:${line}`}>
          {words.wording.careLine({ line })}
        </a>
      </p>
      <p class="small">{words.wording.careNow({ numbers: emergency.join(words.comma) })}</p>
    </section>
  );
}
