import type { Words } from '../../web/words/index.ts';
import { FILES_AT_ONCE, type Received, receive } from '../intake/receive.ts';

/** The files of a form, checked and cleaned one after the other; for those that cannot be taken, a sentence each. Equal files count once. */
export async function received(data: FormData, words: Words): Promise<{ files: Received[]; errors: string[] }> {
  const sent = data.getAll('files').filter((value): value is File => typeof value !== 'string' && (value.size > 0 || value.name !== ''));
  const { bad } = words.evidence;
  if (sent.length > FILES_AT_ONCE) return { files: [], errors: [bad.many(FILES_AT_ONCE)] };
  const files = new Map<string, Received>();
  const errors: string[] = [];
  for (const file of sent) {
    const result = await receive(file);
    if ('rejected' in result) errors.push(bad[result.rejected.code](result.rejected.name));
    else files.set(result.sha256, result);
  }
  return { files: [...files.values()], errors };
}
