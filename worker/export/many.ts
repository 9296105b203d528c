import { createHash } from 'node:crypto';
import type { R2Bucket } from '@cloudflare/workers-types';
import { makeZip } from 'client-zip';
import { type Words, wordsOf } from '../../web/words/index.ts';
import { LANGUAGES } from '../plan/languages.ts';
import type { AnchorProof } from '../record/anchor-proof.ts';
import { canonical } from '../record/digest.ts';
import type { SigningKey } from '../record/keys.ts';
import { bundle } from './bundle.tsx';
import type { Making } from './documents.ts';

/** The bundles of many cases of a lender as one ZIP: each as it would be taken away by itself, and at the end an index of all, signed. */

/** A case in the ZIP: its bundle by name and digest, and the newest entry that it shows. */
export type Packed = { case: string; number: string; file: string; sha256: string; size: number; head: { seq: number; hash: string } };

/**
 * A case that is asked for: what its bundle is made from, or null where its record does not prove what is stored, and nothing is made of it; and proofs of when the
 * record stood in this form.
 */
export type Asked = { case: string; number: string; making: Making | null; proofs: readonly AnchorProof[] };

/** How many bytes of bundles one ZIP holds at most. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Thrown where what is asked for would be larger than a ZIP holds. */
export class TooMuch extends Error {}

const CASES_INDEX = 'index.json';

/** Who takes what away, and when; `most` is how many bytes it may come to. */
export type Away = { lender: { slug: string; name: string }; at: string; most?: number };

/**
 * The ZIP as a stream: cases are asked for one after the other, so that no more than one stands in memory. `packed` holds what it came to once it is
 * read to its end. It fails with `TooMuch` where it grows beyond `most`.
 */
export function manyBundles(
  asked: AsyncIterable<Asked>,
  away: Away,
  files: R2Bucket,
  key: SigningKey,
): { body: ReadableStream<Uint8Array>; packed: Packed[] } {
  const packed: Packed[] = [];
  return { body: makeZip(parts(asked, away, files, key, packed)), packed };
}

async function* parts(
  asked: AsyncIterable<Asked>,
  { lender, at, most = MOST_BYTES }: Away,
  files: R2Bucket,
  key: SigningKey,
  packed: Packed[],
) {
  const lastModified = new Date(at);
  const left: Pick<Asked, 'case' | 'number'>[] = [];
  let sum = 0;
  for await (const { making, proofs, ...one } of asked) {
    if (!making) {
      left.push(one);
      continue;
    }
    const file = `heyi-${one.number}-bundle.zip`;
    const digest = createHash('sha256');
    let size = 0;
    const measured = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        digest.update(chunk);
        size += chunk.length;
        sum += chunk.length;
        if (sum > most) controller.error(new TooMuch());
        else controller.enqueue(chunk);
      },
    });
    yield { name: file, input: bundle(making, files, key, proofs).pipeThrough(measured), lastModified };
    // Asked to go on, the ZIP has read the bundle to its end.
    packed.push({ ...one, file, sha256: digest.digest('hex'), size, head: making.source.head });
  }
  yield { name: 'README.txt', input: readme(lender.name, packed.length, left), lastModified };
  const unsigned = { format: 'heyi-cases/1' as const, lender: lender.slug, madeAt: at, cases: [...packed], left, key: key.published.id };
  const index = { ...unsigned, signature: await key.sign(canonical(unsigned)) };
  yield { name: CASES_INDEX, input: JSON.stringify(index, null, 2), lastModified };
}

function readme(lender: string, count: number, left: readonly { number: string }[]): string {
  const section = ({ takeMany: say }: Words) =>
    [say.readme({ lender, count }), ...(left.length > 0 ? [say.left({ numbers: left.map(({ number }) => number).join(', ') })] : [])].join(
      '\n\n',
    );
  return `${LANGUAGES.map((one) => section(wordsOf(one))).join('\n\n----\n\n')}\n`;
}
