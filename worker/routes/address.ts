import type { C } from './portal.ts';

/** The network address from which a request came, as the platform says; for counting attempts, never stored beside content. */
export function addressOf(c: C): string {
  return placeOf(c.req.header('cf-connecting-ip') ?? 'unknown');
}

/**
 * An address as the one place that it is: an IPv4 address; of IPv6 the /64, as that is what one subscriber has (RFC 6177, RFC 7421). IPv4 that
 * comes as IPv6 (mapped, RFC 4291 2.5.5.2, or through NAT64, RFC 6052) counts as itself.
 */
export function placeOf(address: string): string {
  const text = address
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '');
  if (!text.includes(':')) return text.slice(0, 45);
  const groups = groupsOf(text);
  if (!groups) return 'unreadable';
  const high = groups.slice(0, 6).join(':');
  if (high === '0:0:0:0:0:ffff' || high === '64:ff9b:0:0:0:0') {
    const [upper = 0, lower = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
    return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

const groupsIn = (side: string) => (side === '' ? [] : side.split(':'));

/** The eight groups of an IPv6 address in hex without leading zeros, or null where it is none. */
function groupsOf(text: string): string[] | null {
  const dotted = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const [, front = text, a, b, c, d] = dotted ?? [];
  const pair = (high: string | undefined, low: string | undefined) => ((Number(high) << 8) | Number(low)).toString(16);
  const plain = dotted ? `${front}${pair(a, b)}:${pair(c, d)}` : text;
  const [left = '', right, ...more] = plain.split('::');
  if (more.length > 0) return null;
  const [head, tail] = [groupsIn(left), groupsIn(right ?? '')];
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: right === undefined ? 0 : missing }, () => '0'), ...tail];
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group)) ? groups.map((group) => group.replace(/^0+(?=.)/, '')) : null;
}
