/** Reading of JSON from strangers: of a bounded size and depth, in UTF-8. */

/** More than the record of a case comes to. */
export const MAX_RECORD = 128 * 1024 * 1024;

/** Deeper than anything that the record holds, and shallow enough for every stack. */
export const DEEPEST = 64;

/** The value, or undefined where the bytes are no JSON, too long or nested too deep. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_RECORD) return undefined;
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Whether a value nests deeper than `DEEPEST`; found without recursion, so that no value exhausts the stack. */
export function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const member of Object.values(one)) if (typeof member === 'object' && member !== null) next.push(member);
    }
    level = next;
  }
  return false;
}
