import { digestOf, toBase64url } from '../worker/record/digest.ts';

/** An authenticator as WebAuthn has it, in memory: makes a key, signs by it, and lies where a test has it lie. */

const encoder = new TextEncoder();
const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));
const number = (value: number, bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 255);

/** What an answer says; `rp` is the name of the site that it is for. */
export type Said = {
  challenge: string;
  origin: string;
  rp: string;
  type?: string;
  flags?: number;
  counter?: number;
  crossOrigin?: boolean;
};

export class Authenticator {
  readonly id = toBase64url(crypto.getRandomValues(new Uint8Array(16)));
  private readonly keys: CryptoKeyPair;

  private constructor(keys: CryptoKeyPair) {
    this.keys = keys;
  }

  static async make(): Promise<Authenticator> {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    return new Authenticator(keys);
  }

  /** What a browser hands over for a new key. */
  async made(said: Said) {
    const clientDataJSON = clientData({ type: 'webauthn.create', ...said });
    const id = Buffer.from(this.id, 'base64url');
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', this.keys.publicKey);
    // COSE: { 1: 2, 3: -7, -1: 1, -2: x, -3: y }.
    const coordinate = (text: string) => concat(Uint8Array.from([0x58, 32]), Buffer.from(text, 'base64url'));
    const cose = concat(Uint8Array.from([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21]), coordinate(x), Uint8Array.from([0x22]), coordinate(y));
    const authenticatorData = concat(authenticatorHead({ flags: 0x45, ...said }), new Uint8Array(16), number(id.length, 2), id, cose);
    // { fmt: "none", attStmt: {}, authData }.
    const attestation = concat(
      Uint8Array.from([0xa3, 0x63]),
      encoder.encode('fmt'),
      Uint8Array.from([0x64]),
      encoder.encode('none'),
      Uint8Array.from([0x67]),
      encoder.encode('attStmt'),
      Uint8Array.from([0xa0, 0x68]),
      encoder.encode('authData'),
      Uint8Array.from([0x59]),
      number(authenticatorData.length, 2),
      authenticatorData,
    );
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON,
        attestationObject: toBase64url(attestation),
        authenticatorData: toBase64url(authenticatorData),
        publicKey: toBase64url(new Uint8Array(await crypto.subtle.exportKey('spki', this.keys.publicKey))),
        publicKeyAlgorithm: -7,
        transports: ['internal' as const],
      },
    };
  }

  /** What a browser hands over for a use. */
  async used(said: Said) {
    const clientDataJSON = clientData({ type: 'webauthn.get', ...said });
    const authenticatorData = authenticatorHead({ flags: 0x05, ...said });
    const over = concat(authenticatorData, Buffer.from(digestOf(Buffer.from(clientDataJSON, 'base64url')), 'hex'));
    const plain = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.keys.privateKey, over));
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: { clientDataJSON, authenticatorData: toBase64url(authenticatorData), signature: toBase64url(inDer(plain)) },
    };
  }
}

const clientData = ({ type, challenge, origin, crossOrigin = false }: Said) =>
  toBase64url(encoder.encode(JSON.stringify({ type, challenge, origin, crossOrigin })));

const authenticatorHead = ({ rp, flags = 0, counter = 0 }: Said) =>
  concat(Buffer.from(digestOf(rp), 'hex'), Uint8Array.from([flags]), number(counter, 4));

/** r ‖ s as SEQUENCE { r INTEGER, s INTEGER }. */
function inDer(plain: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const from = bytes.findIndex((byte) => byte !== 0);
    const digits = bytes.slice(from);
    const signed = (digits[0] ?? 0) > 127 ? concat(Uint8Array.from([0]), digits) : digits;
    return concat(Uint8Array.from([2, signed.length]), signed);
  };
  const both = concat(integer(plain.slice(0, 32)), integer(plain.slice(32)));
  return concat(Uint8Array.from([0x30, both.length]), both);
}
