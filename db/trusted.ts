/**
 * Whose word on where a request came from counts: TRUSTED_PROXY names the proxies in front, by address or network (`127.0.0.1`, `10.0.0.0/8`), with commas
 * between them. Each adds to X-Forwarded-For the address from which it was asked; what anybody else writes there is nobody's.
 */
import { BlockList, isIP } from 'node:net';

export type Trusted = {
  /** No proxy is trusted. */
  none: boolean;
  /** @param address as a socket names it */
  has(address: string): boolean;
};

/** @throws in words where something named is neither an address nor a network */
export function trustedProxies(text = ''): Trusted {
  const list = new BlockList();
  const named = text.split(',').flatMap((one) => one.trim() || []);
  for (const one of named) {
    const [address = '', bits, ...more] = one.split('/');
    const family = familyOf(address);
    const length = Number(bits);
    if (!family || more.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && length <= (family === 'ipv4' ? 32 : 128))))
      throw new Error(
        `TRUSTED_PROXY: addresses or networks of proxies, such as 127.0.0.1 or 10.0.0.0/8, with commas between them; not ${one}.`,
      );
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, length, family);
  }
  return {
    none: named.length === 0,
    has(address) {
      const family = familyOf(address);
      return family !== null && list.check(address, family);
    },
  };
}

const FAMILIES: Readonly<Record<number, 'ipv4' | 'ipv6'>> = { 4: 'ipv4', 6: 'ipv6' };

const familyOf = (address: string) => FAMILIES[isIP(address)] ?? null;
