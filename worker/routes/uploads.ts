import type { Words } from '../../web/words/index.ts';
import { FILES_A_FORM, MAX_BYTES, type Received, type Rejection, receive } from '../intake/receive.ts';
import { MAX_FILES } from '../negotiation/evidence.ts';
import { otherSide, type Side } from '../negotiation/seats.ts';

/** What came with a form: the files that can be kept, each once, and those that cannot, each with its cause. */
export type Sent = { files: Received[]; refused: Rejection[] };

/**
 * The files of a form, checked and cleaned one after the other, with a turn for other people's requests before each. No file's fault is
 * another's, but each takes one of the places that a form has.
 */
export async function received(data: FormData): Promise<Sent> {
  const sent = data.getAll('files').filter((value): value is File => typeof value !== 'string' && (value.size > 0 || value.name !== ''));
  const files = new Map<string, Received>();
  const refused: Rejection[] = [];
  for (const [place, file] of sent.entries()) {
    const hasRoom = place < FILES_A_FORM;
    if (hasRoom) await othersTurn();
    const result = await receive(file, hasRoom);
    if ('rejected' in result) refused.push(result.rejected);
    else if (files.has(result.sha256)) refused.push({ code: 'known', name: result.name });
    else files.set(result.sha256, result);
  }
  return { files: [...files.values()], refused };
}

const othersTurn = () => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * What stands beside the field: a line for each file that was not kept, with its cause, and one for those that were. `side` is whose files
 * they are, `room` how many files there may be in all.
 */
export function uploadText(words: Words, side: Side, { files, refused }: Sent, room = MAX_FILES): string {
  const { bad } = words.evidence;
  if (refused.length === 0) return bad.none;
  const max: Partial<Record<Rejection['code'], number>> = { size: MAX_BYTES / 1024 / 1024, many: FILES_A_FORM, full: room };
  const lines = refused.map(({ code, name }) => bad[code]({ name, max: max[code] ?? 0, reader: words.of(otherSide(side)) }));
  const kept = files.map(({ name }) => name).join(words.comma);
  return [...lines, ...(files.length > 0 ? [words.evidence.others({ count: files.length, names: kept })] : [])].join('\n');
}
