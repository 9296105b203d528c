import assets from '../../.heyi/assets.json' with { type: 'json' };
import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { isErased } from '../../worker/negotiation/custody.ts';
import { workingDebt } from '../../worker/negotiation/debt.ts';
import type { Held } from '../../worker/negotiation/evidence.ts';
import { figureKeys } from '../../worker/negotiation/means.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { DebtPairs } from '../parts/debt.tsx';
import { DisputedMark } from '../parts/dispute.tsx';
import { FigureRow } from '../parts/figure.tsx';
import { ReviewForms, supportsText } from '../parts/review.tsx';
import { doneIn, type RowDone } from '../parts/row.tsx';
import { fileId, typedIn, type View } from '../parts/view.ts';
import { figureName } from '../telling/means.ts';
import { money } from '../words/index.ts';
import { asSentence } from '../words/sentence.ts';

/** What browsers show as a picture; HEIC only some of them, so that a way to download stands beside each. */
const PICTURES = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'];
const PDF = 'application/pdf';

/** Whether the page of a file draws it with a script. */
export const isDrawn = ({ type }: Pick<Held, 'type'>) => type === PDF;

/** `checking` is set for the lender's people, who see beside a paper the figures that it stands behind, and what they said of them. */
type Props = { view: View; id: string; number: string; kase: Case; file: Held; checking: Checking | null };
type Checking = { situation: Context; done: RowDone | null };

/** A file to be looked at, with the way to the one before it and the next. By itself it is a download in a sandbox (`attachment.ts`); here it is seen, and nothing of it runs. */
export function FilePage({ view, id, number, kase, file, checking }: Props) {
  const { words } = view;
  const { evidence: say } = words;
  const files = Object.values(kase.evidence).filter(
    ({ sha256, state }) => sha256 === file.sha256 || (state !== 'withdrawn' && !isErased(kase, sha256)),
  );
  const place = files.indexOf(file);
  const at = `/cases/${id}/files/${file.sha256}`;
  const to = (one: Held | undefined, text: string, rel: 'prev' | 'next') =>
    one ? (
      <a class="button" rel={rel} href={`/cases/${id}/files/${one.sha256}/view`}>
        {text}
      </a>
    ) : null;
  return (
    <Layout view={view} title={file.name} wide scripts={isDrawn(file) ? ['pages'] : []}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle
        lead={
          <>
            {words.of(file.side)} · {say.place({ place: place + 1, count: files.length })}{' '}
            {checking ? null : <span class={`tag ${file.state}`}>{say.state[file.state]}</span>}
          </>
        }
      >
        <span class="file-name">{file.name}</span>
      </PageTitle>
      {file.figures.length > 0 && !checking ? <p>{supportsText(file, words)}</p> : null}
      <nav class="actions" aria-label={say.title}>
        {to(files[place - 1], say.before, 'prev')}
        {to(files[place + 1], say.next, 'next')}
        <a class="button" href={`/cases/${id}/evidence#${fileId(file.sha256)}`}>
          {say.toList}
        </a>
        <a class="button" href={at}>
          {say.download}
        </a>
        {checking ? (
          <a class="button narrow-only" href={`#${fileId(file.sha256)}`}>
            {say.toFigures}
          </a>
        ) : null}
      </nav>
      {checking ? (
        <div class="columns checking">
          <div class="stack">
            <Paper file={file} at={at} words={words} />
          </div>
          <Figures {...{ view, id, kase, file }} {...checking} />
        </div>
      ) : (
        <Paper file={file} at={at} words={words} />
      )}
    </Layout>
  );
}

/** The paper itself, as far as browsers show its kind. */
function Paper({ file, at, words }: { file: Held; at: string; words: View['words'] }) {
  const { evidence: say } = words;
  if (PICTURES.includes(file.type))
    return (
      <p class="sheet">
        <img src={at} alt={file.name} />
      </p>
    );
  if (!isDrawn(file)) return <p class="notice">{say.notShown}</p>;
  return (
    <>
      <noscript>
        <p class="notice">{say.noPages}</p>
      </noscript>
      <div
        data-pages={JSON.stringify(say.pages, asSentence)}
        data-file={at}
        data-reader={assets.scripts['pdf-reader']}
        data-worker={assets.scripts['pdf-worker']}
      />
    </>
  );
}

/** Beside the paper: whether it is accepted, the figures that it stands behind, and all others with the debt, for a paper that names none. */
function Figures({ view, id, kase, file, situation, done }: Omit<Props, 'number' | 'checking'> & Checking) {
  const { words } = view;
  const { evidence: say, debt } = words;
  const statement = kase.means?.statement;
  const owed = workingDebt(kase);
  const keys = statement ? figureKeys(statement) : [];
  const rows = (some: readonly string[]) =>
    statement ? (
      <ul class="list">
        {some.map((figure) => (
          <FigureRow {...{ view, id, kase, situation, figure, statement, done }} paper={file.sha256} />
        ))}
      </ul>
    ) : null;
  const parts = owed ? COMPONENTS.filter((part) => file.figures.includes(`debt.${part}`)) : [];
  const own = keys.filter((key) => file.figures.includes(key));
  const others = keys.filter((key) => !file.figures.includes(key));
  return (
    <aside class="stack" aria-label={words.means.title}>
      <section class="card stack tight" aria-labelledby={fileId(file.sha256)}>
        <h2 id={fileId(file.sha256)} class="row between" tabindex={-1}>
          {say.check} <span class={`tag ${file.state}`}>{say.state[file.state]}</span>
        </h2>
        {doneIn(done, file.sha256, say.done)}
        {file.words ? <p class="said">{file.words}</p> : null}
        <div class="actions">
          <ReviewForms {...{ view, id, kase, situation, file }} beside />
        </div>
      </section>
      {own.length + parts.length > 0 ? (
        <section class="stack tight" aria-labelledby="own">
          <h2 id="own">{say.figuresOf}</h2>
          {owed && parts.length > 0 ? (
            <ul class="list">
              {parts.map((part) => (
                <li class="item">
                  <span>
                    <a href={`/cases/${id}/debt`}>{figureName(words, `debt.${part}`)}</a>{' '}
                    <DisputedMark kase={kase} of={`debt.${part}`} id={id} words={words} />
                  </span>
                  <span class="num end">{money(owed[part])}</span>
                </li>
              ))}
            </ul>
          ) : null}
          {own.length > 0 ? rows(own) : null}
        </section>
      ) : null}
      {others.length > 0 ? (
        <details open={own.length + parts.length === 0 || others.includes(done?.at ?? '') || isTypedIn(view, others)}>
          <summary>{own.length + parts.length > 0 ? say.otherFigures : words.means.title}</summary>
          {rows(others)}
        </details>
      ) : null}
      {owed ? (
        <section class="card stack tight glance" aria-labelledby="owed">
          <h2 id="owed">
            <a href={`/cases/${id}/debt`}>{debt.title}</a>
          </h2>
          <DebtPairs kase={kase} id={id} debt={owed} words={words} />
        </section>
      ) : null}
    </aside>
  );
}

/** Whether the form that came back is of one of these figures. */
const isTypedIn = ({ refused }: View, figures: readonly string[]) => refused !== null && figures.includes(typedIn(refused.form, 'figure'));
