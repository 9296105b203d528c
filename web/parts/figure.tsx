import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { isErased } from '../../worker/negotiation/custody.ts';
import type { Held } from '../../worker/negotiation/evidence.ts';
import { GROUPS, type MeansStatement, commands as means } from '../../worker/negotiation/means.ts';
import { monthly } from '../../worker/plan/means.ts';
import { figureName } from '../telling/means.ts';
import { money } from '../words/index.ts';
import { DisputedMark } from './dispute.tsx';
import { AreaField, CommandForm } from './fields.tsx';
import { doneIn, type RowDone } from './row.tsx';
import { FromTemplate } from './template.tsx';
import { figureId, formFor, PAPER, type View } from './view.ts';

/** A figure of the means with the papers behind it, and what its reader can do with it: on the page of the means, and beside a paper. */

type Placed = { view: View; id: string; kase: Case; situation: Context };

/** Papers that stand behind a figure, but for those that were taken back. */
export const papersFor = ({ evidence }: Case, figure: string): Held[] =>
  Object.values(evidence).filter(({ figures, state }) => figures.includes(figure) && state !== 'withdrawn');

/** A month's amount of a figure, in 分. */
export const amountOf = (statement: MeansStatement, figure: string): number =>
  GROUPS.flatMap((group) => statement[group].filter(({ kind }) => `${group}.${kind}` === figure)).reduce(
    (sum, { amount, every }) => sum + monthly(amount, every),
    0,
  );

/** @param paper by which it is looked at: its forms come back there, and it is not named again */
export function FigureRow({
  figure,
  statement,
  done,
  paper,
  ...placed
}: Placed & { figure: string; statement: MeansStatement; done: RowDone | null; paper?: string }) {
  const { view, id, kase } = placed;
  const { words } = view;
  const { means: say } = words;
  const state = kase.figures[figure];
  const files = papersFor(kase, figure).filter(({ sha256 }) => sha256 !== paper);
  return (
    <li id={figureId(figure)} tabindex={-1}>
      <div class="item">
        <span>
          {figureName(words, figure)} <DisputedMark kase={kase} of={figure} id={id} words={words} />
          {state ? <span class={`tag ${state.state}`}>{say.state[state.state]}</span> : null}
        </span>
        <span class="num end">{money(amountOf(statement, figure))}</span>
      </div>
      {doneIn(done, figure, say.done)}
      {state?.words ? <p class="item said">{state.words}</p> : null}
      <Papers files={files} kase={kase} id={id} words={words} />
      <FigureForms {...placed} figure={figure} paper={paper} />
    </li>
  );
}

/** Papers behind a figure, each to be looked at beside it. */
export function Papers({ files, kase, id, words }: { files: readonly Held[]; kase: Case; id: string; words: View['words'] }) {
  return files.length > 0 ? (
    <ul class="files" aria-label={words.means.files}>
      {files.map((file) => (
        <li>
          {isErased(kase, file.sha256) ? (
            <span class="soft">{words.case.erased}</span>
          ) : (
            <a href={`/cases/${id}/files/${file.sha256}/view`}>{file.name}</a>
          )}{' '}
          <span class={`tag ${file.state}`}>{words.evidence.state[file.state]}</span>
        </li>
      ))}
    </ul>
  ) : null;
}

/** What a reader can do with one figure: verify it, query it, or answer a query. */
function FigureForms({ view, id, kase, situation, figure, paper }: Placed & { figure: string; paper: string | undefined }) {
  const { words } = view;
  const { means: say } = words;
  const state = kase.figures[figure]?.state;
  const hidden = { figure, ...(paper === undefined ? {} : { [PAPER]: paper }) };
  const query = formFor(view, 'means.query', hidden);
  const answer = formFor(view, 'means.answer', hidden);
  return (
    <div class="item actions">
      {offered(kase, means.verify, situation) && state !== 'verified' ? (
        <CommandForm view={view} caseId={id} command="means.verify" form={formFor(view, 'means.verify', hidden)} hidden={hidden}>
          <button type="submit" aria-label={`${say.verify} ${figureName(words, figure)}`}>
            {say.verify}
          </button>
        </CommandForm>
      ) : null}
      {offered(kase, means.query, situation) && state !== 'queried' ? (
        <details open={query.again}>
          <summary>{say.query}</summary>
          <CommandForm view={view} caseId={id} command="means.query" form={query} hidden={hidden}>
            <AreaField form={query} words={words} name="words" label={say.queryWords} most={1000} rows={2} />
            <p class="actions">
              <button type="submit">{say.query}</button>
              <FromTemplate id={id} command="means.query" side={situation.seat.side} form={query} words={words} />
            </p>
          </CommandForm>
        </details>
      ) : null}
      {offered(kase, means.answer, situation) && state === 'queried' ? (
        <CommandForm view={view} caseId={id} command="means.answer" form={answer} hidden={hidden}>
          <AreaField form={answer} words={words} name="words" label={say.answerWords} most={1000} rows={2} />
          <p>
            <button type="submit">{say.answer}</button>
          </p>
        </CommandForm>
      ) : null}
    </div>
  );
}
