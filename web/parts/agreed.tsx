import { type Agreement, commands as agreement, scheduleOfAgreed, signsAs, toSign } from '../../worker/negotiation/agreement.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { conditionsDigest } from '../../worker/negotiation/conditions.ts';
import { clauses } from '../telling/clauses.ts';
import { mediatedText } from '../telling/mediation.ts';
import { hintsOf } from '../telling/schedule.ts';
import { momentText } from '../words/index.ts';
import { Days } from './days.tsx';
import { CommandForm, Submit, TextField } from './fields.tsx';
import { ProofFields } from './proof.tsx';
import { ScheduleTable } from './schedule.tsx';
import { formFor, type View } from './view.ts';

/** An agreement as it is read: its clauses, its annex and its signatures. A page can show several: `id` tells them apart, and `under`, the id of the heading over one. */

type Props = { view: View; kase: Case; agreed: Agreement; id: string; under?: string };

/** The ids that name a part of an agreement: two of the same name would be one and the same place to whoever listens. */
const named = (id: string, under: string | undefined) => (under ? `${under} ${id}` : id);

export function AgreedText({ view, kase, agreed, id, under }: Props) {
  const { words } = view;
  const { agreement: say } = words;
  const mediated = mediatedText(kase, agreed, words);
  const before = kase.superseded.find(({ by }) => by === agreed.version) ?? (agreed === kase.variation ? kase.agreement : null);
  return (
    <>
      <section class="card" aria-labelledby={named(`${id}clauses`, under)}>
        <p>{say.between({ lender: kase.lenderName, borrower: kase.borrowerName ?? '', reference: kase.loan.reference })}</p>
        {before ? <p>{say.varies({ version: before.version, date: momentText(words, before.inForceAt ?? before.at) })}</p> : null}
        {kase.identified ? (
          <p>
            <Days of={say.identified({ ...kase.identified, at: momentText(words, kase.identified.at) })} />
          </p>
        ) : null}
        {mediated ? <p>{mediated}</p> : null}
        <h2 id={`${id}clauses`}>{say.clauses}</h2>
        <ol class="stack tight">
          {clauses(agreed.debt, agreed.terms, words, agreed.conditions).map((clause) => (
            <li>
              <Days of={clause} />
            </li>
          ))}
        </ol>
        <p class="small soft">
          {say.digest} <span class="hash">{agreed.digest}</span>
        </p>
        {agreed.conditions ? (
          <p class="small soft">
            {say.conditionsDigest} <span class="hash">{conditionsDigest(agreed.conditions)}</span>
          </p>
        ) : null}
      </section>
      {/* Open, so that every browser prints it: the clauses refer to it. */}
      <details open>
        <summary>{say.annex}</summary>
        <h2 class="print-only">{say.annex}</h2>
        <ScheduleTable
          schedule={scheduleOfAgreed(agreed)}
          words={words}
          under={under}
          hints={agreed.conditions ? hintsOf(agreed.conditions) : null}
        />
      </details>
    </>
  );
}

/** Who has signed it and, where the reader's signature is awaited, the form for it. */
export function Signatures({ view, kase, agreed, id, under, caseId, situation }: Props & { caseId: string; situation: Context }) {
  const { words } = view;
  const { agreement: say } = words;
  const sign = formFor(view, 'agreement.sign');
  const shown = { digest: agreed.digest, ...(agreed.conditions ? { conditions: conditionsDigest(agreed.conditions) } : {}) };
  return (
    <section class="card" aria-labelledby={named(`${id}signatures`, under)}>
      <h2 id={`${id}signatures`}>{say.signTitle}</h2>
      <dl class="pairs">
        {(['borrower', 'lender'] as const).map((side) => {
          const signature = agreed.signatures[side];
          return (
            <>
              <dt>{side === 'lender' ? kase.lenderName : words.of(side)}</dt>
              <dd>
                <Days of={signature ? say.signed({ name: signature.name, moment: momentText(words, signature.at) }) : say.unsigned} />
                {signature?.authority === undefined ? null : (
                  <p class="small">
                    <a href={`/cases/${caseId}/representatives/${signature.authority}.pdf`}>
                      {words.representation.signedFor({ name: kase.borrowerName ?? '', seq: signature.authority })}
                    </a>
                  </p>
                )}
              </dd>
            </>
          );
        })}
      </dl>
      {toSign(kase) === agreed && offered(kase, agreement.sign, situation) ? (
        <CommandForm view={view} caseId={caseId} command="agreement.sign" form={sign} hidden={shown}>
          <p>
            {situation.seat.for
              ? words.representation.signAgreement({ name: signsAs(kase, situation.seat), of: situation.seat.for.name })
              : say.signHint(signsAs(kase, situation.seat))}
          </p>
          <TextField form={sign} words={words} name="name" label={say.signName} autocomplete="name" />
          <ProofFields form={sign} view={view} />
          <Submit>{say.sign}</Submit>
        </CommandForm>
      ) : null}
    </section>
  );
}
