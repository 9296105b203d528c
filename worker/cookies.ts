/** Cookies as a request brings them: the first of each name, and only what can be read. What a client sends here breaks nothing. */

/** Browsers send at most a few kilobytes; what is beyond is not looked at. */
const MAX_HEADER = 8_192;
const MAX_COOKIES = 50;

/** The cookies by name, values as they were sent (not decoded). A later one of a name that has come is another site's or a mistake. */
function cookiesOf(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of header.slice(0, MAX_HEADER).split(';', MAX_COOKIES)) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && name !== '' && !found.has(name)) found.set(name, pair.slice(at + 1).trim());
  }
  return found;
}

/** One cookie, decoded, or null where it did not come or cannot be read. */
function cookieOf(header: string, name: string): string | null {
  const value = cookiesOf(header).get(name);
  try {
    return value === undefined ? null : decodeURIComponent(value);
  } catch {
    return null;
  }
}

/** The header with only one cookie in it and only where that can be read: what a library that decodes all of them may be given. */
export function onlyCookie(header: string, name: string): string {
  const value = cookieOf(header, name);
  return value === null ? '' : `${name}=${encodeURIComponent(value)}`;
}
