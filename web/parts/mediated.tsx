import type { Context } from '../../worker/negotiation/command.ts';
import type { Case } from '../../worker/negotiation/entry.ts';
import { mediating } from '../../worker/negotiation/mediated.ts';
import type { Offer } from '../../worker/negotiation/proposal.ts';
import type { Words } from '../words/index.ts';

/** Of an offer, that it was made in mediation, and which suggestion it takes up: said first also where it is decided on. */
export function MadeInMediation({ id, offer, words }: { id: string; offer: Offer; words: Words }) {
  const { mediation: say } = words;
  return (
    <>
      {offer.mediation === undefined ? null : <p class="notice warn">{say.marked({ seq: offer.mediation })}</p>}
      {offer.suggestion === undefined ? null : (
        <p class="notice">
          <a href={`/cases/${id}/suggestions/${offer.suggestion}`}>{say.fromSuggestion({ no: offer.suggestion })}</a>
        </p>
      )}
    </>
  );
}

/** That a mediator is in the case and sees what both share, while one is: said before anything is offered or written. */
export function Mediated({ id, kase, situation, words }: { id: string; kase: Case; situation: Context; words: Words }) {
  const now = mediating(kase, situation.at);
  const newest = kase.suggestions.at(-1);
  if (!now) return null;
  return (
    <p class="notice">
      {words.mediation.inCase({ name: now.name })} <a href={`/cases/${id}/mediation`}>{words.mediation.title}</a>
      {newest?.mediation === now.seq ? (
        <>
          {' '}
          <a href={`/cases/${id}/suggestions/${newest.no}`}>{words.mediation.suggestion(newest.no)}</a>
        </>
      ) : null}
    </p>
  );
}
