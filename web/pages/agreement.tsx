import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands as payment } from '../../worker/negotiation/performance.ts';
import { may } from '../../worker/negotiation/seats.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { AgreedText, Signatures } from '../parts/agreed.tsx';
import { ArrearsNotice } from '../parts/arrears.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { Days } from '../parts/days.tsx';
import { HeldNotice } from '../parts/dispute.tsx';
import { DownloadList } from '../parts/downloads.tsx';
import { Moves } from '../parts/moves.tsx';
import { Performance } from '../parts/performance.tsx';
import { Settlement } from '../parts/settlement.tsx';
import { Superseded, Variation } from '../parts/variation.tsx';
import type { View } from '../parts/view.ts';
import { momentText } from '../words/index.ts';

type Props = { view: View; id: string; number: string; kase: Case; situation: Context };

/** The agreement in clear clauses, its signatures, and how it is kept. */
export function AgreementPage({ view, id, number, kase, situation }: Props) {
  const { words } = view;
  const { agreement: say } = words;
  const agreed = kase.agreement;
  if (!agreed) return null;
  const inForce = binds(kase) || kase.stage === 'completed';
  return (
    <Layout view={view} title={say.title} scripts={offered(kase, payment.report, situation) ? ['amounts', 'wording'] : ['wording']}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={agreed.inForceAt ? <Days of={say.inForce(momentText(words, agreed.inForceAt))} /> : undefined}>
        {say.title}
      </PageTitle>
      <Settlement {...{ view, id, kase, situation }} />
      <HeldNotice {...{ view, id, kase, situation }} />
      <ArrearsNotice {...{ view, id, kase, situation }} />
      {inForce ? <Performance {...{ view, id, kase, situation }} /> : null}
      {inForce ? <Moves {...{ view, id, kase, situation }} /> : null}
      <Variation {...{ view, id, kase, situation }} />
      <AgreedText view={view} kase={kase} agreed={agreed} id="" />
      <Signatures view={view} kase={kase} agreed={agreed} id={kase.variation ? 'held-' : ''} caseId={id} situation={situation} />
      <Superseded view={view} kase={kase} />
      {may(situation.seat, 'take', situation.at) ? (
        <section class="card" aria-labelledby="downloads">
          <h2 id="downloads">{words.case.downloads}</h2>
          <DownloadList caseId={id} kase={kase} view={view} />
        </section>
      ) : null}
    </Layout>
  );
}
