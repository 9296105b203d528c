import type { R2Bucket } from '@cloudflare/workers-types';
import * as z from 'zod';
import type { Env } from '../env.ts';
import type { Line } from '../negotiation/table.ts';
import { keyed } from '../secret.ts';
import { lockedBy } from './locked.ts';

/**
 * The rows of a file of loans, in storage until its cases are open, or for a day: in pieces, each encrypted with a key of this import, which follows from a secret of the
 * installation. Who has the bucket alone reads nothing.
 */

/** Rows of one piece: what a request opens in a moment. */
const A_PIECE = 500;
const AT_ONCE = 6;

const Lines = z.array(z.object({ row: z.int(), cells: z.array(z.string()) }));
/** What is known of a file beside its rows: the line of names, and which rows say again what one before them says. */
const Head = z.object({ head: z.array(z.string()), sample: Lines });
export type ImportHead = z.infer<typeof Head>;
const Repeated = z.array(z.tuple([z.int(), z.object({ before: z.int(), same: z.boolean() })]));

/** The folder of all files of a lender's loans, and of one. */
export const importsPath = (slug: string, id = ''): string => `imports/${slug}/${id === '' ? '' : `${id}/`}`;

type Place = { files: R2Bucket; keys: Env['keys']; slug: string; id: string };

/** The pieces that so many rows make; at least one, so that a file of none comes to an end too. */
export const piecesOf = (rows: number): number => Math.max(1, Math.ceil(rows / A_PIECE));

export function importFile({ files, keys, slug, id }: Place) {
  const folder = importsPath(slug, id);
  const lock = lockedBy(keyed({ keys }, 'import', id), 'import');
  const put = async (name: string, content: unknown) => {
    await files.put(`${folder}${name}`, await (await lock).lock(`${id}/${name}`, content));
  };
  /** Null where it is gone, or not as it was put there. */
  const get = async <T>(name: string, schema: z.ZodType<T>): Promise<T | null> => {
    const stored = await files.get(`${folder}${name}`);
    const read = stored ? schema.safeParse(await (await lock).unlock(`${id}/${name}`, await stored.text())) : null;
    return read?.success ? read.data : null;
  };

  return {
    folder,
    async put(head: ImportHead, lines: readonly Line[]): Promise<void> {
      await put('head', head);
      for (let from = 0; from < piecesOf(lines.length); from += AT_ONCE)
        await Promise.all(
          Array.from({ length: Math.min(AT_ONCE, piecesOf(lines.length) - from) }, (_, i) =>
            put(`${from + i}`, lines.slice((from + i) * A_PIECE, (from + i + 1) * A_PIECE)),
          ),
        );
    },
    head: () => get('head', Head),
    piece: (n: number) => get(`${n}`, Lines),
    /** All rows, where they are to be seen beside each other. */
    async whole(pieces: number): Promise<Line[] | null> {
      const all: Line[] = [];
      for (let n = 0; n < pieces; n++) {
        const lines = await get(`${n}`, Lines);
        if (!lines) return null;
        all.push(...lines);
      }
      return all;
    },
    putRepeated: (repeated: ReadonlyMap<number, { before: number; same: boolean }>) => put('repeated', [...repeated]),
    repeated: async () => {
      const found = await get('repeated', Repeated);
      return found && new Map(found);
    },
  };
}
