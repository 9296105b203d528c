import { isOutdated } from '../../worker/negotiation/agreement.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { debtToOffer, isVariation, onTable, commands as proposal } from '../../worker/negotiation/proposal.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { dateText, momentText, money, refusalText } from '../words/index.ts';
import { AgreedText, Signatures } from './agreed.tsx';
import type { View } from './view.ts';

/** An agreement that is to be varied, or was: what is offered and to be signed, and those whose place was taken. */

type Props = { view: View; id: string; kase: Case; situation: Context };

/** The varied agreement while it waits for signatures, or the way to propose one. */
export function Variation({ view, id, kase, situation }: Props) {
  const { words } = view;
  const { variation: say } = words;
  const { variation } = kase;
  if (!binds(kase)) return null;
  const waiting = variation && !isOutdated(kase) ? variation : null;
  const live = onTable(kase, situation.at);
  const offer = live && isVariation(kase, live) ? live : null;
  const debt = offered(kase, proposal.make, situation) ? debtToOffer(kase, situation.today) : null;
  // Who can vary nothing, where nothing is varied, reads of no variation.
  if (!variation && !offer && !debt) return null;
  return (
    <section class="stack" id="variation" aria-labelledby="variation-title">
      <h2 id="variation-title">{waiting ? words.agreement.toBeVaried : say.title}</h2>
      {variation && !waiting ? <p class="notice warn">{refusalText(words, { code: 'agreement.outdated' })}</p> : null}
      {waiting ? (
        <>
          <p class="actions">
            <a class="button" href={`/cases/${id}/compare?a=${kase.agreement?.version ?? ''}&b=${waiting.version}`}>
              {say.compared}
            </a>
          </p>
          <AgreedText view={view} kase={kase} agreed={waiting} id="varied-" under="variation-title" />
          <Signatures view={view} kase={kase} agreed={waiting} id="" under="variation-title" caseId={id} situation={situation} />
        </>
      ) : null}
      {offer ? (
        <p>
          <a class="button" href={`/cases/${id}/proposals/${offer.version}`}>
            {words.offer.proposal(offer.version)}
          </a>
        </p>
      ) : debt ? (
        <>
          <p>{say.hint({ amount: money(outstanding(debt)), date: dateText(words, debt.asOf) })}</p>
          <p class="actions">
            <a class="button" href={`/cases/${id}/proposals/new`}>
              {say.make}
            </a>
          </p>
        </>
      ) : null}
    </section>
  );
}

/** Agreements whose place was taken by another, the newest first, whole. */
export function Superseded({ view, kase }: Pick<Props, 'view' | 'kase'>) {
  const { words } = view;
  const { agreement: say } = words;
  if (kase.superseded.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="earlier">
      <h2 id="earlier">{say.earlier}</h2>
      {kase.superseded.toReversed().map((one) => (
        <details>
          <summary id={`v${one.version}`}>{words.offer.proposal(one.version)}</summary>
          <div class="stack">
            <p class="notice">{say.wasSuperseded({ by: one.by, date: momentText(words, one.supersededAt) })}</p>
            <AgreedText view={view} kase={kase} agreed={one} id={`v${one.version}-`} under={`v${one.version}`} />
            <dl class="pairs">
              {(['borrower', 'lender'] as const).map((side) => {
                const signature = one.signatures[side];
                return signature ? (
                  <>
                    <dt>{side === 'lender' ? kase.lenderName : words.of(side)}</dt>
                    <dd>{say.signed({ name: signature.name, moment: momentText(words, signature.at) })}</dd>
                  </>
                ) : null;
              })}
            </dl>
          </div>
        </details>
      ))}
    </section>
  );
}
