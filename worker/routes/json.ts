/** JSON as a request brings it: bounded in size and depth before it is taken apart. */

/** No command needs more: the largest valid input is a plan of many stages with long reasons. */
export const JSON_BOUNDS = { bytes: 262_144, depth: 32 } as const;

export type Json = { ok: true; value: unknown } | { ok: false; fault: 'not-json' | 'too-large' | 'too-deep' };

export function parseJson(text: string): Json {
  if (text.length > JSON_BOUNDS.bytes) return { ok: false, fault: 'too-large' };
  if (depthOf(text) > JSON_BOUNDS.depth) return { ok: false, fault: 'too-deep' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, fault: 'not-json' };
  }
}

/** How many arrays and objects stand inside one another, outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}
