import type { R2Bucket } from '@cloudflare/workers-types';
import { makeZip } from 'client-zip';
import { type Words, wordsOf } from '../../web/words/index.ts';
import type { Case } from '../negotiation/case.ts';
import { isErased } from '../negotiation/custody.ts';
import { INDEX_NAME, type Listed, signIndex } from '../record/bundle-index.ts';
import { digestOf } from '../record/digest.ts';
import type { FileRef, RecordFile } from '../record/format.ts';
import type { SigningKey } from '../record/keys.ts';
import { streamFile } from '../store/files.ts';
import { agreementPdf, type Making, recordPdf } from './documents.ts';
import { told } from './narrative.ts';

/**
 * The bundle: one ZIP with everything. Files are passed on one after the other as they come from storage, so that a case with much evidence
 * never stands in memory; times are those of the record, so that equal records make equal bundles but for what says when it was made and the signatures.
 * At the end stands the index of all of it, signed, so that no page for reading can be exchanged.
 */
export function bundle(making: Making, files: R2Bucket, key: SigningKey): ReadableStream<Uint8Array> {
  return makeZip(indexed(making, files, key));
}

async function* indexed(making: Making, files: R2Bucket, key: SigningKey) {
  const { record, kase, source } = making;
  // A clock that went back must not make the index older than the record.
  const madeAt = [source.at, record.entries.at(-1)?.at ?? ''].sort().at(-1) ?? source.at;
  const listed: Listed[] = [];
  for await (const part of parts(making, files)) {
    const { name, input } = part;
    listed.push({ name, ...(part.file ? { sha256: part.file.sha256, size: part.file.size } : measured(part.input)) });
    yield { name, input, lastModified: part.lastModified };
  }
  const erased = new Set(kase.erasures.flatMap(({ entries }) => entries));
  const withheld = record.entries.flatMap(({ seq, salt }) => (salt === null && !erased.has(seq) ? [seq] : []));
  const index = await signIndex(record, { files: listed, madeAt, withheld }, key);
  yield { name: INDEX_NAME, input: JSON.stringify(index), lastModified: lastModified(record) };
}

function measured(input: string | Uint8Array): { sha256: string; size: number } {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  return { sha256: digestOf(bytes), size: bytes.length };
}

const lastModified = (record: RecordFile) => new Date(record.entries.at(-1)?.at ?? record.header.openedAt);

/** What a bundle holds: made here, or passed on from storage with the digest under which it came in. */
type BundlePart = { name: string; lastModified: Date } & (
  | { input: string | Uint8Array<ArrayBuffer>; file?: undefined }
  | { input: ReadableStream; file: FileRef }
);

async function* parts(making: Making, files: R2Bucket): AsyncGenerator<BundlePart> {
  const { record, kase } = making;
  const made = { lastModified: lastModified(record) };
  const text = (name: string, input: string) => ({ name, input, ...made });
  yield text('README.txt', readme(record, kase));
  yield text('index.html', `<!DOCTYPE html>${(<IndexPage making={making} />).toString()}`);
  yield text('record.json', JSON.stringify(record));
  // In a partial bundle the agreement is there where its entry is shown.
  const agreed = kase.agreement && record.entries[kase.agreement.seq - 1]?.content !== null;
  if (agreed) yield { name: 'agreement.pdf', input: await agreementPdf(making), ...made };
  yield { name: 'record.pdf', input: await recordPdf(making), ...made };
  for (const file of record.files) {
    const stored = isErased(kase, file.sha256) ? null : await streamFile(files, record.header.case, file.sha256);
    if (stored) yield { name: bundleName(file), input: stored as ReadableStream, file, ...made };
  }
}

/** Where a file lies in the bundle: its digest's beginning keeps two of one name apart. */
export function bundleName({ sha256, name }: Pick<FileRef, 'sha256' | 'name'>): string {
  return `files/${sha256.slice(0, 12)}-${name}`;
}

function readme(record: RecordFile, kase: Case): string {
  const section = (words: Words) =>
    [
      words.bundle.title(record.header.number),
      '',
      ...words.bundle.readme(
        kase.lenderName,
        kase.borrowerName ?? kase.invitedName ?? '',
        record.entries.length,
        record.entries.at(-1)?.hash ?? '',
      ),
    ].join('\n');
  return `${section(wordsOf('zh'))}\n\n----\n\n${section(wordsOf('en'))}\n`;
}

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;color:#1f2524;background:#faf8f4}li{margin:0 0 1.25rem}code{font-size:.8em;word-break:break-all;color:#56605e}p{margin:.25rem 0;white-space:pre-line}table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:.25rem .5rem;border-bottom:1px solid #ddd7ca;word-break:break-all}';

/** The record as a page that opens offline, without any script. */
function IndexPage({ making: { record, kase, words } }: { making: Making }) {
  const { bundle: say } = words;
  return (
    <html lang={words.language.code}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{say.title(record.header.number)}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        <h1>{say.title(record.header.number)}</h1>
        {say
          .readme(kase.lenderName, kase.borrowerName ?? kase.invitedName ?? '', record.entries.length, record.entries.at(-1)?.hash ?? '')
          .map((line) => (
            <p>{line}</p>
          ))}
        <h2>{words.case.thread}</h2>
        <ol>
          {record.entries.map((entry) => {
            const { seq, who, when, what, lines, hash } = told(entry, kase, words);
            return (
              <li id={`e${seq}`} value={seq}>
                <strong>{what}</strong>
                <p>
                  {who} · {when}
                </p>
                {lines.map((line) => (
                  <p>{line}</p>
                ))}
                <code>{hash}</code>
              </li>
            );
          })}
        </ol>
        <h2>{words.evidence.title}</h2>
        <table>
          <tbody>
            {record.files.map((file) => (
              <tr>
                <td>
                  {isErased(kase, file.sha256) ? (
                    words.case.erased
                  ) : (
                    <a href={encodeURI(bundleName(file)).replaceAll('#', '%23').replaceAll('?', '%3F')}>{file.name}</a>
                  )}
                </td>
                <td>
                  <code>{file.sha256}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </body>
    </html>
  );
}
