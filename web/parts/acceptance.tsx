import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { conditionsDigest, conditionsOf } from '../../worker/negotiation/conditions.ts';
import { inParts, type Offer, onTable, commands as proposal, restsOnOldDebt } from '../../worker/negotiation/proposal.ts';
import { partsText } from '../telling/debt.ts';
import { dateText, money } from '../words/index.ts';
import { isBeyond } from './approval.tsx';
import { FurtherClauses } from './conditions.tsx';
import { CommandForm, ForApprovalForm } from './fields.tsx';
import { BeforeAgreeing } from './law.tsx';
import { ClauseList, DebtChanges } from './offer.tsx';
import { formFor, type View } from './view.ts';

type Base = { view: View; id: string; kase: Case };

/** Whether the person may accept an offer now: one that rests on figures that have changed comes back only to say why it was refused. */
export function acceptable({ view, kase, offer, situation }: Pick<Base, 'view' | 'kase'> & { offer: Offer; situation: Context }): boolean {
  const { again } = formFor(view, 'proposal.accept', { version: offer.version });
  const live = onTable(kase, situation.at)?.version === offer.version;
  return live && (!restsOnOldDebt(kase, offer) || again === true) && offered(kase, proposal.accept, situation);
}

/** Accepting an offer, with all that it says, or answering it with one's own; nothing where it is not on the table for who reads. */
export function Acceptance({ view, id, kase, offer, situation }: Base & { offer: Offer; situation: Context }) {
  const { words } = view;
  const { offer: say } = words;
  const { totals } = offer;
  const before = offer.answers ? kase.offers[offer.answers - 1] : undefined;
  const hidden = { version: offer.version };
  const accept = formFor(view, 'proposal.accept', hidden);
  if (!acceptable({ view, kase, offer, situation })) return null;
  const whole = inParts(kase, offer);
  const conditions = conditionsOf(kase, situation.policy);
  const named = { ...hidden, digest: whole.digest, conditions: conditionsDigest(conditions) };
  const beyond = isBeyond(proposal.accept.name, kase, named, situation);
  return (
    <section class="next-step" id="answer" aria-labelledby="answer-title">
      <h2 id="answer-title">{say.acceptTitle}</h2>
      <p class="now">{say.acceptSummary({ paid: money(totals.paid), count: totals.instalments, date: dateText(words, totals.lastDue) })}</p>
      <ClauseList offer={offer} words={words} />
      {before ? <DebtChanges before={before} after={offer} words={words} /> : null}
      <FurtherClauses offer={offer} conditions={conditions} words={words} />
      {whole === offer ? null : <p>{words.debt.inParts({ parts: partsText(whole.debt, words) })}</p>}
      <p class="hint">{say.acceptHint}</p>
      <BeforeAgreeing kase={kase} situation={situation} words={words} />
      <div class="actions">
        {beyond ? (
          <ForApprovalForm view={view} caseId={id} command="proposal.accept" form={accept} hidden={named} />
        ) : (
          <CommandForm view={view} caseId={id} command="proposal.accept" form={accept} hidden={named}>
            <button type="submit" class="primary">
              {say.accept}
            </button>
          </CommandForm>
        )}
        <a class="button" href={`/cases/${id}/proposals/new`}>
          {say.counterIt}
        </a>
      </div>
    </section>
  );
}

/** On a phone, the act of the page within reach of the thumb: to where it is done, with all that it means. */
export function ActBar({ view, id }: Pick<Base, 'view' | 'id'>) {
  const { words } = view;
  return (
    <nav class="act-bar" aria-label={words.case.next}>
      <a class="button primary" href="#answer">
        {words.offer.toAnswer}
      </a>
      <a class="button" href={`/cases/${id}/proposals/new`}>
        {words.offer.counterIt}
      </a>
    </nav>
  );
}
