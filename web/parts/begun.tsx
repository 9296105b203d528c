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
