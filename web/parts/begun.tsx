import { momentText, type Words } from '../words/index.ts';

/** A draft in a list: with whom, about which loan, when it was last saved, and at which step: the `no`th of `steps`. */
export type Begun = {
  lender: { slug: string; name: string };
  token: string;
  reference: string;
  step: string;
  no: number;
  steps: number;
  savedAt: string;
};

/** A draft that was found in the browser: of whom it is not known. `full` is how many drafts with that lender the reader has, where that is as many as one keeps. */
export type Found = { lender: { name: string }; token: string; savedAt: string; full: number | null };

/** Of each draft that was begun in this browser by whom is not known: whether it is the reader's. */
export function FoundHere({ found, words }: { found: readonly Found[]; words: Words }) {
  const { opening: say } = words;
  return (
    <>
      {found.map(({ lender, token, savedAt, full }) => (
        <section class="stack tight" aria-labelledby={`found-${token}`}>
          <h2 id={`found-${token}`}>{say.found({ lender: lender.name, at: momentText(words, savedAt) })}</h2>
          <p class="soft">{say.foundHint}</p>
          {full === null ? null : <p>{say.foundFull({ lender: lender.name, max: full })}</p>}
          <div class="actions">
            {full === null ? (
              <form method="post" action={`/begun/${token}/mine`}>
                <button type="submit">{say.foundMine}</button>
              </form>
            ) : null}
            <form method="post" action={`/begun/${token}/not-mine`}>
              <button type="submit" class="bad">
                {say.foundNotMine}
              </button>
            </form>
          </div>
        </section>
      ))}
    </>
  );
}

/** What was begun and not sent: each to go on with, or to give up. */
export function BegunList({ drafts, words }: { drafts: readonly Begun[]; words: Words }) {
  if (drafts.length === 0) return null;
  const { opening: say } = words;
  return (
    <section class="stack tight" aria-labelledby="begun">
      <h2 id="begun">{words.cases.resume}</h2>
      <ul class="list">
        {drafts.map((draft) => (
          <li>
            <a href={`/open/${draft.lender.slug}/${draft.token}/${draft.step}`}>
              <span>
                <strong>{draft.lender.name}</strong> {draft.reference}
              </span>
              <span aria-hidden="true">→</span>
              <span class="soft small across">
                {words.steps.of({ step: draft.no, steps: draft.steps })} · {say.savedAt({ at: momentText(words, draft.savedAt) })}
              </span>
              <progress class="progress across" max={draft.steps} value={draft.no - 1} aria-hidden="true" />
            </a>
            <p class="item actions">
              <a href={`/open/${draft.lender.slug}/${draft.token}/discard`}>
                {say.discard}
                <span class="visually-hidden">
                  {' '}
                  {draft.lender.name} {draft.reference}
                </span>
              </a>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
