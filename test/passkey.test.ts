import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { describe, expect, test } from 'vitest';
import { isInApp, madePasskey, siteOf, usedPasskey } from '../worker/passkey.ts';
import { Authenticator, type Said } from './authenticator.ts';

/** Passkeys as WebAuthn has them: what is taken and what is not, as @simplewebauthn/server finds it too. */

const site = { id: 'heyi.example', origin: 'https://heyi.example' };
const challenge = 'Y2hhbGxlbmdlIG9mIHRoZSBwb3J0YWw';
const right: Said = { challenge, origin: site.origin, rp: site.id };

const LIES: [string, Partial<Said>][] = [
  ['another challenge', { challenge: 'b3RoZXI' }],
  ['another site', { origin: 'https://heyi.example.evil' }],
  ['a site within', { origin: 'https://a.heyi.example' }],
  ['without TLS', { origin: 'http://heyi.example' }],
  ['a key of another site', { rp: 'evil.example' }],
  ['nobody being there', { flags: 0x44 }],
];

const expected = { expectedChallenge: challenge, expectedOrigin: site.origin, expectedRPID: site.id, requireUserVerification: false };

async function theyTakeMade(made: Awaited<ReturnType<Authenticator['made']>>) {
  return (await verifyRegistrationResponse({ response: made, ...expected }).catch(() => null))?.registrationInfo ?? null;
}

describe('a new passkey', () => {
  test('is taken as it is, by them too, and the public key is the same', async () => {
    const authenticator = await Authenticator.make();
    const made = await authenticator.made(right);
    const ours = await madePasskey(JSON.stringify(made), site, challenge);
    expect(ours).toMatchObject({ id: authenticator.id, algorithm: -7, counter: 0, transports: ['internal'] });
    const theirs = await theyTakeMade(made);
    expect(theirs?.credential.id).toBe(authenticator.id);
    const used = await authenticator.used(right);
    expect(ours && (await usedPasskey(JSON.stringify(used), ours, site, challenge))).toBe(0);
    const credential = theirs?.credential ?? { id: '', publicKey: new Uint8Array(), counter: 0 };
    expect((await verifyAuthenticationResponse({ response: used, ...expected, credential })).verified).toBe(true);
  });

  test.each([...LIES, ['a use instead', { type: 'webauthn.get' }]] as [string, Partial<Said>][])('is not taken of %s', async (_, lie) => {
    const made = await (await Authenticator.make()).made({ ...right, ...lie });
    expect(await madePasskey(JSON.stringify(made), site, challenge)).toBeNull();
    expect(await theyTakeMade(made)).toBeNull();
  });

  test('is not taken under the id of another, of a page within another site, or of anything else that is sent', async () => {
    const made = await (await Authenticator.make()).made(right);
    const { id } = await Authenticator.make();
    expect(await madePasskey(JSON.stringify({ ...made, id }), site, challenge)).toBeNull();
    const framed = await (await Authenticator.make()).made({ ...right, crossOrigin: true });
    expect(await madePasskey(JSON.stringify(framed), site, challenge)).toBeNull();
    const weak = { ...made, response: { ...made.response, publicKeyAlgorithm: -65535 } };
    expect(await madePasskey(JSON.stringify(weak), site, challenge)).toBeNull();
    for (const nonsense of ['', '{}', '[]', 'null', '"x"', '{"id":"__proto__"}', JSON.stringify({ ...made, response: {} })])
      expect(await madePasskey(nonsense, site, challenge)).toBeNull();
  });
});

describe('a use of a passkey', () => {
  test.each(Array.from({ length: 40 }, (_, i) => i))('holds for every signature, however its numbers begin (%i)', async () => {
    const authenticator = await Authenticator.make();
    const key = await madePasskey(JSON.stringify(await authenticator.made(right)), site, challenge);
    const used = await authenticator.used({ ...right, counter: 7 });
    expect(key && (await usedPasskey(JSON.stringify(used), key, site, challenge))).toBe(7);
  });

  test.each([
    ...LIES,
    ['a new key instead', { type: 'webauthn.create' }],
    ['the same count', { counter: 5 }],
    ['a lower count', { counter: 4 }],
  ] as [string, Partial<Said>][])('does not hold of %s', async (_, lie) => {
    const authenticator = await Authenticator.make();
    const made = await authenticator.made({ ...right, counter: 5 });
    const key = await madePasskey(JSON.stringify(made), site, challenge);
    const theirs = (await theyTakeMade(made))?.credential;
    if (!key || !theirs) throw new Error('No key to begin with.');
    expect(key.counter).toBe(5);
    const flags = lie.flags === undefined ? {} : { flags: 0x04 };
    const used = await authenticator.used({ ...right, counter: 6, ...lie, ...flags });
    expect(await usedPasskey(JSON.stringify(used), key, site, challenge)).toBeNull();
    const they = await verifyAuthenticationResponse({ response: used, ...expected, credential: theirs }).catch(() => null);
    expect(they?.verified ?? false).toBe(false);
  });

  test('does not hold by another key, with a signature that was changed, nor with what is no signature', async () => {
    const [one, other] = [await Authenticator.make(), await Authenticator.make()];
    const key = await madePasskey(JSON.stringify(await one.made(right)), site, challenge);
    if (!key) throw new Error('No key to begin with.');
    const used = await one.used(right);
    const theirs = await other.used(right);
    expect(await usedPasskey(JSON.stringify(theirs), key, site, challenge)).toBeNull();
    const signedBy = (signature: string) => JSON.stringify({ ...used, response: { ...used.response, signature } });
    for (const signature of [theirs.response.signature, 'MAYCAQACAQA', 'MAA', 'AAAA', `${used.response.signature.slice(0, -4)}AAAA`])
      expect(await usedPasskey(signedBy(signature), key, site, challenge), signature).toBeNull();
    expect(await usedPasskey(JSON.stringify({ ...theirs, id: one.id }), key, site, challenge)).toBeNull();
  });
});

test('there are none on addresses of numbers, without TLS, or inside other apps', () => {
  expect(siteOf('https://heyi.example')).toEqual(site);
  expect(siteOf('http://localhost:8787')).toEqual({ id: 'localhost', origin: 'http://localhost:8787' });
  for (const origin of ['http://127.0.0.1:8787', 'https://192.0.2.1', 'http://[::1]:8787', 'http://heyi.example'])
    expect(siteOf(origin)).toBeNull();
  expect(isInApp('Mozilla/5.0 (Linux; Android 14; wv) MicroMessenger/8.0.49 NetType/WIFI')).toBe(true);
  expect(isInApp('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AlipayClient/10.6')).toBe(true);
  expect(isInApp('Mozilla/5.0 (Linux; Android 14) Chrome/128.0.0.0 Mobile Safari/537.36')).toBe(false);
});
