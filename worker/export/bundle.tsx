import type { R2Bucket } from '@cloudflare/workers-types';
import { makeZip } from 'client-zip';
import { type Words, wordsAt, wordsOf, zoneHint } from '../../web/words/index.ts';
import { known } from '../negotiation/case.ts';
import { isErased } from '../negotiation/custody.ts';
import { LANGUAGES } from '../plan/languages.ts';
import { ANCHORS_NAME, type AnchorProof, type AnchorProofs } from '../record/anchor-proof.ts';
import { INDEX_NAME, type Listed, signIndex } from '../record/bundle-index.ts';
import { digestOf } from '../record/digest.ts';
import type { FileRef, RecordFile } from '../record/format.ts';
import type { SigningKey } from '../record/keys.ts';
import { withheldIn } from '../record/withhold.ts';
import { streamFile } from '../store/files.ts';
import { bundleName } from './bundle-name.ts';
import { agreementPdf, authorityPdf, evidenceListPdf, type Making, recordPdf, recordSheet, settlementPdf } from './documents.ts';
import type { Purpose } from './evidence-list.ts';
import { narrated } from './narrative.ts';
import { parties } from './shown.ts';

/**
 * The bundle: one ZIP with everything. Files are passed on one after the other as they come from storage, so that a case with much evidence
 * never stands in memory; times are those of the record, so that equal records make equal bundles but for what says when it was made and the signatures.
 * At the end stands the index of all of it, signed, so that no page for reading can be exchanged.
 * @param proofs of when the record stood in this form, in the order of its entries
 * @param purpose for whom it is: then the list of evidence lies in it, in each language
 */
export function bundle(
  making: Making,
  files: R2Bucket,
  key: SigningKey,
  proofs: readonly AnchorProof[] = [],
  purpose: Purpose | null = null,
): ReadableStream<Uint8Array> {
  return makeZip(indexed(making, files, key, proofs, purpose));
}

async function* indexed(making: Making, files: R2Bucket, key: SigningKey, proofs: readonly AnchorProof[], purpose: Purpose | null) {
  const { record, source } = making;
  // A clock that went back must not make the index older than the record.
  const madeAt = [source.at, record.entries.at(-1)?.at ?? ''].sort().at(-1) ?? source.at;
  const listed: Listed[] = [];
  for await (const part of parts(making, files, proofs, purpose)) {
    const { name, input } = part;
    listed.push({ name, ...(part.file ? { sha256: part.file.sha256, size: part.file.size } : measured(part.input)) });
    yield { name, input, lastModified: part.lastModified };
  }
  const index = await signIndex(
    record,
    { files: listed, madeAt, withheld: withheldIn(record), anchored: proofs.at(-1)?.anchor.n ?? null },
    key,
  );
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

async function* parts(
  making: Making,
  files: R2Bucket,
  proofs: readonly AnchorProof[],
  purpose: Purpose | null,
): AsyncGenerator<BundlePart> {
  const { record, kase } = making;
  const made = { lastModified: lastModified(record) };
  const text = (name: string, input: string) => ({ name, input, ...made });
  yield text('README.txt', readme(making, purpose !== null));
  yield text('index.html', `<!DOCTYPE html>${(<IndexPage making={making} />).toString()}`);
  yield text('record.json', JSON.stringify(record));
  if (proofs.length > 0) yield text(ANCHORS_NAME, JSON.stringify({ format: 'heyi-anchors/1', proofs: [...proofs] } satisfies AnchorProofs));
  // In a partial bundle the agreement is there where its entry is shown.
  if (kase.agreement) yield { name: 'agreement.pdf', input: await agreementPdf(making), ...made };
  for (const one of kase.superseded) yield { name: `agreement-${one.version}.pdf`, input: await agreementPdf(making, one), ...made };
  if (kase.settlement) yield { name: 'settlement.pdf', input: await settlementPdf(making), ...made };
  for (const sealed of record.entries) {
    const entry = known(sealed);
    if (entry?.kind === 'representative.appointed' && entry.content !== null)
      yield { name: `authority-${entry.seq}.pdf`, input: await authorityPdf(making, entry), ...made };
  }
  const sheet = recordSheet(making);
  for (const language of purpose ? LANGUAGES : [])
    if (purpose) yield { name: `evidence-list.${language}.pdf`, input: await evidenceListPdf(making, purpose, language, sheet), ...made };
  yield { name: 'record.pdf', input: await recordPdf(making, sheet), ...made };
  for (const file of record.files) {
    const stored = isErased(kase, file.sha256) ? null : await streamFile(files, record.header.case, file.sha256);
    if (stored) yield { name: bundleName(file), input: stored, file, ...made };
  }
}

function readme(making: Making, hasList: boolean): string {
  const section = (words: Words) =>
    [words.bundle.title(making.source.number), '', ...introduction({ ...making, words }), ...(hasList ? [words.bundle.list] : [])].join(
      '\n',
    );
  return `${LANGUAGES.map((one) => section(wordsAt(wordsOf(one), making.words.place))).join('\n\n----\n\n')}\n`;
}

/** What the bundle is: of a whole one that it is all, of a partial one which entries it shows and which it does not. */
function introduction({ record, kase, source, words }: Making): string[] {
  const { bundle: say } = words;
  const hidden = withheldIn(record);
  const entries = record.entries.length;
  const shown = record.entries.map(({ seq }) => seq).filter((seq) => !hidden.includes(seq));
  const between = { ...parties(kase, record, source), entries };
  return [
    hidden.length === 0 ? say.whole(between) : say.part({ ...between, shown: spans(shown, words), withheld: spans(hidden, words) }),
    ...say.readme(record.entries.at(-1)?.hash ?? ''),
  ];
}

/** Numbers in order, runs of them as from–to. */
function spans(numbers: readonly number[], words: Words): string {
  const runs: { from: number; to: number }[] = [];
  for (const one of numbers) {
    const last = runs.at(-1);
    if (last?.to === one - 1) last.to = one;
    else runs.push({ from: one, to: one });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(words.comma) || words.none;
}

const STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem;color:#261f24;background:#fbf8f3}li{margin:0 0 1.25rem}code{font-size:.8em;word-break:break-all;color:#635a5f}p{margin:.25rem 0;white-space:pre-line}table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:.25rem .5rem;border-bottom:1px solid #e4dcd0;word-break:break-all}';

/** The record as a page that opens offline, without any script. */
export function IndexPage({ making }: { making: Making }) {
  const { record, kase, words } = making;
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
        {introduction(making).map((line) => (
          <p>{line}</p>
        ))}
        <h2>{words.case.thread}</h2>
        <p>{zoneHint(words)}</p>
        <ol>
          {record.entries.map((entry) => {
            const { seq, who, when, what, lines, hash } = narrated(entry, kase, words);
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
