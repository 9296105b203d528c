import type { Conditions } from '../../worker/negotiation/conditions.ts';
import type { Offer } from '../../worker/negotiation/proposal.ts';
import { furtherClauses } from '../telling/clauses.ts';
import type { Words } from '../words/index.ts';

/** What an agreement on an offer will say beside it, as it would be drawn up now: shown before the offer is accepted. */

export function FurtherClauses({ offer, conditions, words }: { offer: Pick<Offer, 'totals'>; conditions: Conditions; words: Words }) {
  const { conditions: say } = words.agreement;
  return (
    <details open>
      <summary>{say.title}</summary>
      <p class="hint">{say.hint}</p>
      <ul class="clauses">
        {furtherClauses(offer.totals, conditions, words).map((clause) => (
          <li>{clause}</li>
        ))}
      </ul>
    </details>
  );
}
