import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import {
  AUTHORITY_WORDING,
  acceptableUntil,
  appointmentStands,
  RELATIONS,
  type Representative,
  commands as representation,
} from '../../worker/negotiation/representation.ts';
import { SCOPES } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { ChoiceField, CommandForm, DateField, ErrorSummary, Submit, TextField } from '../parts/fields.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { type Filled, formFor, TYPED, type View } from '../parts/view.ts';
import { powersText } from '../telling/representation.ts';
import { dateText, momentText } from '../words/index.ts';

type Props = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  situation: Context;
  /** The letter of authority that the form came to: it waits to be signed. */
  letter: readonly string[] | null;
  values: Filled['values'];
};

/** Who acts for the borrower, how far and until when; and, for the borrower, appointing somebody. */
export function RepresentativesPage({ view, id, number, kase, situation, letter, values }: Props) {
  const { words } = view;
  const { representation: say } = words;
  const appoints = offered(kase, representation.appoint, situation);
  const form = formFor(view, representation.appoint.name, {}, { values, errors: {} });
  return (
    <Layout view={view} title={say.title} typedAt={letter && !form.again ? `/cases/${id}/representatives/check` : undefined}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={situation.seat.capacity === 'borrower' ? say.lead : say.leadOthers}>{say.title}</PageTitle>
      {kase.representatives.length === 0 ? <p class="soft">{say.empty}</p> : null}
      {kase.representatives.toReversed().map((one) => (
        <RepresentativeCard view={view} id={id} kase={kase} one={one} situation={situation} />
      ))}
      {letter ? (
        <SignLetter view={view} id={id} form={form} letter={letter} name={kase.borrowerName ?? ''} />
      ) : appoints ? (
        <AppointForm view={view} id={id} form={form} />
      ) : null}
    </Layout>
  );
}

type OneProps = Pick<Props, 'view' | 'id' | 'kase' | 'situation'> & { one: Representative };

function RepresentativeCard({ view, id, kase, one, situation }: OneProps) {
  const { words } = view;
  const { representation: say } = words;
  const stands = appointmentStands(one, situation.at);
  const hidden = { appointment: one.seq };
  const isOwn = situation.seat.for?.authority === one.seq;
  const state =
    stands || (one.state !== 'acting' && one.state !== 'waiting') ? one.state : one.state === 'acting' ? 'date' : 'not-accepted';
  return (
    <section class="card" id={`representative-${one.seq}`} aria-labelledby={`representative-${one.seq}-name`}>
      <h2 id={`representative-${one.seq}-name`}>
        {one.name} <span class={`tag ${stands && one.state === 'acting' ? 'confirmed' : ''}`}>{say.state[state]}</span>
      </h2>
      <p>
        <strong>{say.scopeOf[one.scope]}</strong>
        <br />
        <span class="small">{powersText(one.scope, AUTHORITY_WORDING, words)}</span>
      </p>
      <dl class="pairs">
        <dt>{say.until}</dt>
        <dd>{dateText(words, one.until)}</dd>
        <dt>{say.contact}</dt>
        <dd>{one.to.hint}</dd>
      </dl>
      {stands && one.state === 'waiting' ? <p class="hint">{say.waitsUntil({ moment: momentText(words, acceptableUntil(one)) })}</p> : null}
      <p>
        <a href={`/cases/${id}/representatives/${one.seq}.pdf`}>{say.letter}</a>
      </p>
      {stands && offered(kase, representation.revoke, situation) ? (
        <CommandForm
          view={view}
          caseId={id}
          command={representation.revoke.name}
          form={formFor(view, representation.revoke.name, hidden)}
          hidden={hidden}
        >
          <p class="actions">
            <button type="submit" class="bad">
              {say.revoke}
            </button>
          </p>
        </CommandForm>
      ) : null}
      {isOwn && offered(kase, representation.resign, situation) ? (
        <CommandForm view={view} caseId={id} command={representation.resign.name} form={formFor(view, representation.resign.name)}>
          <p class="actions">
            <button type="submit">{say.resign}</button>
          </p>
        </CommandForm>
      ) : null}
    </section>
  );
}

type FormProps = Pick<Props, 'view' | 'id'> & { form: Filled };

/** The first step. The warning stands before the fields: who was promised something for money reads it in time. */
function AppointForm({ view, id, form }: FormProps) {
  const { words } = view;
  const { representation: say } = words;
  return (
    <section class="stack" aria-labelledby="appoint">
      <h2 id="appoint">{say.appoint}</h2>
      <p class="notice warn">{say.warning}</p>
      <form method="post" action={`/cases/${id}/representatives/check`} id={form.again ? TYPED : undefined} data-once>
        <ErrorSummary form={form} words={words} />
        <TextField form={form} words={words} name="name" label={say.name} hint={say.nameHint} />
        <ChoiceField
          form={form}
          words={words}
          name="relation"
          label={say.relation}
          options={RELATIONS}
          text={(one) => say.relationOf[one]}
        />
        <TextField form={form} words={words} name="of" label={say.of} hint={say.ofHint} optional />
        <TextField
          form={form}
          words={words}
          name="contact"
          label={say.theirContact}
          hint={view.reachesPhones ? say.contactHint : words.account.contactMailHint}
        />
        <ChoiceField
          form={form}
          words={words}
          name="scope"
          label={say.scope}
          hint={say.scopeHint}
          options={SCOPES}
          text={(one) => (
            <>
              <strong>{say.scopeOf[one]}</strong>
              <br />
              <span class="small">{powersText(one, AUTHORITY_WORDING, words)}</span>
            </>
          )}
        />
        <DateField form={form} words={words} name="until" label={say.until} hint={say.untilHint} />
        <Submit>{say.toLetter}</Submit>
      </form>
    </section>
  );
}

/** The second step: the letter as it will stand in the record, and by what it is signed. */
function SignLetter({ view, id, form, letter, name }: FormProps & { letter: readonly string[]; name: string }) {
  const { words } = view;
  const { representation: say } = words;
  const fields = [...form.values].filter(([field]) => !['requestId', 'signed', 'password', 'factor'].includes(field));
  return (
    <section class="stack" aria-labelledby="letter">
      <h2 id="letter">{say.letter}</h2>
      <div class="card">{letter.map((line) => (line === '' ? null : <p>{line}</p>))}</div>
      <form method="post" action={`/cases/${id}/do/${representation.appoint.name}`} id={TYPED} data-once>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        {fields.flatMap(([field, all]) => all.map((value) => <input type="hidden" name={field} value={value} />))}
        <p>{say.signHint({ name, contact: form.values.get('contact')?.[0] ?? '' })}</p>
        <TextField form={form} words={words} name="signed" label={words.agreement.signName} autocomplete="name" />
        <ProofFields form={form} view={view} />
        <Submit>{say.sign}</Submit>
      </form>
      <p>
        <a href={`/cases/${id}/representatives?again=1`}>{words.change}</a>
      </p>
    </section>
  );
}
