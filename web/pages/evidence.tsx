import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { debtFigures, disputable } from '../../worker/negotiation/dispute.ts';
import { commands as evidence, type Held } from '../../worker/negotiation/evidence.ts';
import { may, type Side } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { ConsentField, ConsentGiven } from '../parts/consent.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { FileLink } from '../parts/entry.tsx';
import { ChoiceField, CommandForm, ErrorSummary, Submit } from '../parts/fields.tsx';
import { ReviewForms, supportsText } from '../parts/review.tsx';
import { doneIn, type RowDone } from '../parts/row.tsx';
import { UploadField } from '../parts/upload.tsx';
import { BLANK, fileId, formFor, TYPED, type View } from '../parts/view.ts';
import { figureName } from '../telling/means.ts';

type Props = { view: View; id: string; number: string; kase: Case; situation: Context; done: RowDone | null };

/** Files of a case: what each supports, how it stands, and adding more. */
export function EvidencePage({ view, id, number, kase, situation, done }: Props) {
  const { words } = view;
  const { evidence: say } = words;
  const files = Object.values(kase.evidence);
  const add = { ...formFor(view, 'evidence.add'), scope: 'add' };
  const lacks = situation.seat.side === 'borrower' && kase.papersConsent === null;
  const asks = lacks && may(situation.seat, 'declare', situation.at);
  // Who acts for the borrower cannot consent for them; what was sent and refused comes back all the same.
  const barred = lacks && !asks && !add.again && offered(kase, evidence.add, situation);
  return (
    <Layout view={view} title={say.title} scripts={['upload', 'wording']}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle>{say.title}</PageTitle>
      {files.length === 0 ? (
        <p class="soft">{say.none}</p>
      ) : (
        <ul class="list">
          {files.map((file) => (
            <li id={fileId(file.sha256)} tabindex={-1}>
              <div class="item">
                <span>
                  <FileLink file={file} caseId={id} kase={kase} words={words} />
                  <br />
                  {file.figures.length > 0 ? (
                    <>
                      <span class="small">{supportsText(file, words)}</span>
                      <br />
                    </>
                  ) : null}
                  <span class="soft small">
                    {words.of(file.side)} · {Math.ceil(file.size / 1024)} KB · {say.kept}{' '}
                    <span class="hash">{file.sha256.slice(0, 12)}</span>
                  </span>
                </span>
                <span class={`tag ${file.state}`}>{say.state[file.state]}</span>
              </div>
              {doneIn(done, file.sha256, say.done)}
              {file.words ? <p class="item said">{file.words}</p> : null}
              <FileForms {...{ view, id, kase, situation, file }} />
            </li>
          ))}
        </ul>
      )}
      {offered(kase, evidence.add, situation) && !barred ? (
        <section class="card" aria-labelledby="add">
          <h2 id="add">{say.add}</h2>
          <form
            method="post"
            action={`/cases/${id}/do/evidence.add`}
            enctype="multipart/form-data"
            id={add.again ? TYPED : undefined}
            data-once
            data-upload
          >
            <ErrorSummary form={add} words={words} />
            <input type="hidden" name="requestId" value={view.requestId()} />
            <UploadField form={add} words={words} figures={supportable(kase, situation.seat.side)} />
            {asks ? <ConsentField form={add} name="consent" years={situation.policy.retentionYears} words={words} /> : null}
            <Submit>{say.upload}</Submit>
          </form>
        </section>
      ) : null}
      {barred ? <p class="notice">{words.consent.borrowers}</p> : null}
      <ConsentGiven view={view} id={id} kase={kase} situation={situation} />
      <p class="hint">{say.openHint}</p>
    </Layout>
  );
}

type FormsOf = Omit<Props, 'number' | 'done'> & { file: Held };

function FileForms({ view, id, kase, situation, file }: FormsOf) {
  const { words } = view;
  const { evidence: say } = words;
  const gone = file.state === 'withdrawn';
  const mine = file.side === situation.seat.side;
  const hidden = { file: file.sha256 };
  return (
    <div class="item actions">
      <ReviewForms {...{ view, id, kase, situation, file }} />
      {!gone && mine && offered(kase, evidence.tie, situation) ? <TieForm {...{ view, id, kase, situation, file }} /> : null}
      {!gone && mine && offered(kase, evidence.withdraw, situation) ? (
        <CommandForm view={view} caseId={id} command="evidence.withdraw" form={formFor(view, 'evidence.withdraw', hidden)} hidden={hidden}>
          <button type="submit" class="quiet" aria-label={`${say.withdraw} ${file.name}`}>
            {say.withdraw}
          </button>
        </CommandForm>
      ) : null}
    </div>
  );
}

/** What papers of a side can stand behind: the lender's behind what is owed, the borrower's behind their means, too. */
const supportable = (kase: Case, side: Side): string[] => (side === 'borrower' ? disputable(kase) : [...debtFigures(kase)]);

/** Which figures a file supports, to be changed later. */
function TieForm({ view, id, kase, situation, file }: FormsOf) {
  const { words } = view;
  const { evidence: say } = words;
  const hidden = { file: file.sha256 };
  const known = { ...BLANK, values: new Map([['figures', file.figures]]) };
  const form = formFor(view, evidence.tie.name, hidden, known);
  const options = supportable(kase, situation.seat.side);
  return options.length > 0 ? (
    <details open={form.again}>
      <summary>{say.tie}</summary>
      <CommandForm view={view} caseId={id} command={evidence.tie.name} form={form} hidden={hidden}>
        <ChoiceField
          form={form}
          words={words}
          name="figures"
          label={say.figures}
          hint={say.tieHint}
          options={options}
          text={(key) => figureName(words, key)}
          many
          optional
        />
        <p>
          <button type="submit">{say.tie}</button>
        </p>
      </CommandForm>
    </details>
  ) : null;
}
