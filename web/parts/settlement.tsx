import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands as completion, letterUntil, settled } from '../../worker/negotiation/completion.ts';
import { dayOf } from '../../worker/plan/law/zone.ts';
import { letterText } from '../telling/completion.ts';
import { dateText, momentText, workingDayText } from '../words/index.ts';
import { CommandForm, Submit, TextField } from './fields.tsx';
import { ProofFields } from './proof.tsx';
import { formFor, type View } from './view.ts';

/** The settlement letter: as it was signed; before that, what it will say, for whom it is to sign, and until when. */

type Props = { view: View; id: string; kase: Case; situation: Context };

export function Settlement({ view, id, kase, situation }: Props) {
  const { words } = view;
  const { settlement: say } = words;
  const { agreement, settlement } = kase;
  const done = settled(kase);
  if (!done || !agreement) return null;
  const form = formFor(view, 'settlement.issue');
  const letter = {
    version: agreement.version,
    agreed: dayOf(agreement.inForceAt ?? agreement.at, situation.zone),
    lender: kase.lenderName,
    borrower: kase.borrowerName ?? '',
    reference: kase.loan.reference,
    ...done,
  };
  const signs = offered(kase, completion.issue, situation);
  return (
    <section class="card" id="settlement" aria-labelledby="settlement-title">
      <h2 id="settlement-title">{say.title}</h2>
      <p>
        <strong>{say.lead}</strong>
      </p>
      {settlement || situation.seat.side === 'lender' ? letterText(letter, words).map((text) => <p>{text}</p>) : null}
      {settlement ? (
        <>
          <p class="soft small">{say.issued({ name: settlement.name, moment: momentText(words, settlement.at) })}</p>
          <form method="post" action={`/cases/${id}/exports/settlement.pdf`}>
            <p>
              <button type="submit">{say.take}</button>
            </p>
          </form>
        </>
      ) : (
        <p>{kase.settlementAwaited === null ? say.hint({ until: workingDayText(words, letterUntil(kase, done.on)) }) : say.late}</p>
      )}
      {signs ? (
        <CommandForm view={view} caseId={id} command="settlement.issue" form={form}>
          <p>{say.check}</p>
          <p class="hint">{say.signHint({ name: situation.seat.name })}</p>
          <TextField form={form} words={words} name="name" label={words.agreement.signName} autocomplete="name" />
          <ProofFields form={form} view={view} />
          <Submit>{say.issue}</Submit>
        </CommandForm>
      ) : null}
      {settlement || situation.seat.side === 'lender' ? null : (
        <p class="small">{say.credit({ on: dateText(words, done.on), until: dateText(words, done.keptUntil) })}</p>
      )}
    </section>
  );
}
