import { agreedSchedule, commands as agreement, signsAs } from '../../worker/negotiation/agreement.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands as payment } from '../../worker/negotiation/performance.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { DownloadList } from '../parts/downloads.tsx';
import { CommandForm, Submit, TextField } from '../parts/fields.tsx';
import { Performance } from '../parts/performance.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { ScheduleTable } from '../parts/schedule.tsx';
import { formFor, type View } from '../parts/view.ts';
import { clauses } from '../telling/clauses.ts';
import { momentText } from '../words/index.ts';

type Props = { view: View; id: string; number: string; kase: Case; situation: Context };

/** The agreement in clear clauses, its signatures, and how it is kept. */
export function AgreementPage({ view, id, number, kase, situation }: Props) {
  const { words } = view;
  const { agreement: say } = words;
  const agreed = kase.agreement;
  if (!agreed) return null;
  const sign = formFor(view, 'agreement.sign');
  const { seat } = situation;
  const inForce = kase.stage === 'in-force' || kase.stage === 'completed';
  return (
    <Layout view={view} title={say.title} scripts={offered(kase, payment.report, situation) ? ['amounts'] : []}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={agreed.inForceAt ? say.inForce(momentText(words, agreed.inForceAt)) : undefined}>{say.title}</PageTitle>
      {inForce ? <Performance {...{ view, id, kase, situation }} /> : null}
      <section class="card" aria-labelledby="clauses">
        <p>{say.between({ lender: kase.lenderName, borrower: kase.borrowerName ?? '', reference: kase.loan.reference })}</p>
        {kase.identified ? <p>{say.identified({ ...kase.identified, at: momentText(words, kase.identified.at) })}</p> : null}
        <h2 id="clauses">{say.clauses}</h2>
        <ol class="stack tight">
          {clauses(agreed.debt, agreed.terms, words).map((clause) => (
            <li>{clause}</li>
          ))}
        </ol>
        <p class="small soft">
          {say.digest} <span class="hash">{agreed.digest}</span>
        </p>
      </section>
      {/* Open, so that every browser prints it: the clauses refer to it. */}
      <details open>
        <summary>{say.annex}</summary>
        <h2 class="print-only">{say.annex}</h2>
        <ScheduleTable schedule={agreedSchedule(kase)} words={words} />
      </details>
      <section class="card" aria-labelledby="signatures">
        <h2 id="signatures">{say.signTitle}</h2>
        <dl class="pairs">
          {(['borrower', 'lender'] as const).map((side) => {
            const signature = agreed.signatures[side];
            return (
              <>
                <dt>{side === 'lender' ? kase.lenderName : words.of(side)}</dt>
                <dd>{signature ? say.signed({ name: signature.name, moment: momentText(words, signature.at) }) : say.unsigned}</dd>
              </>
            );
          })}
        </dl>
        {offered(kase, agreement.sign, situation) ? (
          <CommandForm view={view} caseId={id} command="agreement.sign" form={sign} hidden={{ digest: agreed.digest }}>
            <p>{say.signHint(signsAs(kase, seat))}</p>
            <TextField form={sign} words={words} name="name" label={say.signName} autocomplete="name" />
            <ProofFields form={sign} view={view} />
            <Submit>{say.sign}</Submit>
          </CommandForm>
        ) : null}
      </section>
      <section class="card" aria-labelledby="downloads">
        <h2 id="downloads">{words.case.downloads}</h2>
        <DownloadList caseId={id} kase={kase} view={view} />
      </section>
    </Layout>
  );
}
