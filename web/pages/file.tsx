import assets from '../../.heyi/assets.json' with { type: 'json' };
import type { Case } from '../../worker/negotiation/case.ts';
import { isErased } from '../../worker/negotiation/custody.ts';
import type { Held } from '../../worker/negotiation/evidence.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { fileId, type View } from '../parts/view.ts';
import { asSentence } from '../words/sentence.ts';
import { supportsText } from './evidence.tsx';

/** What browsers show as a picture; HEIC only some of them, so that a way to download stands beside each. */
const PICTURES = ['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'];
const PDF = 'application/pdf';

/** Whether the page of a file draws it with a script. */
export const isDrawn = ({ type }: Pick<Held, 'type'>) => type === PDF;

type Props = { view: View; id: string; number: string; kase: Case; file: Held };

/** A file to be looked at, with the way to the one before it and the next. By itself it is a download in a sandbox (`attachment.ts`); here it is seen, and nothing of it runs. */
export function FilePage({ view, id, number, kase, file }: Props) {
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
            <span class={`tag ${file.state}`}>{say.state[file.state]}</span>
          </>
        }
      >
        <span class="file-name">{file.name}</span>
      </PageTitle>
      {file.figures.length > 0 ? <p>{supportsText(file, words)}</p> : null}
      <nav class="actions" aria-label={say.title}>
        {to(files[place - 1], say.before, 'prev')}
        {to(files[place + 1], say.next, 'next')}
        <a class="button" href={`/cases/${id}/evidence#${fileId(file.sha256)}`}>
          {say.toList}
        </a>
        <a class="button" href={at}>
          {say.download}
        </a>
      </nav>
      {PICTURES.includes(file.type) ? (
        <p class="sheet">
          <img src={at} alt={file.name} />
        </p>
      ) : isDrawn(file) ? (
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
      ) : (
        <p class="notice">{say.notShown}</p>
      )}
    </Layout>
  );
}
