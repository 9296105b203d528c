import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, PEOPLE } from '../../db/demo.ts';
import { wordsOf } from '../../web/words/index.ts';
import { randomId } from '../../worker/chance.ts';
import { instant } from '../../worker/clock.ts';
import { contactIn } from '../../worker/contact.ts';
import { receiveLogo } from '../../worker/intake/logo.ts';
import { openCasebookForPortal, openDirectory } from '../../worker/store/open.ts';
import { pngOf } from '../intake/drawn.ts';
import { jpegWithLocation, PLACE, pngWithText, webpWithExif } from '../intake/pictures.ts';
import { openedCase, type Rig, rig } from '../portal.ts';
import { plainText, signedIn, type Visitor, visitor } from './people.ts';

/** A lender's logo: checked as evidence is, by two people, and drawn wherever borrowers meet the lender. */

const named = (bytes: Uint8Array<ArrayBuffer> | string, name = 'logo.png') => new File([bytes], name);
const MOVES: [string, Buffer] = ['acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])];
const PROFILE: [string, Buffer] = ['iCCP', Buffer.from('IDAT\0\0x', 'latin1')];
const NOTE: [string, Buffer] = ['tEXt', Buffer.from(`Comment\0${PLACE}`, 'latin1')];

describe('a file', () => {
  test.each([
    ['of nothing', named(''), 'empty'],
    ['of SVG', named('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'logo.svg'), 'type'],
    ['of SVG that is called a PNG', named('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), 'type'],
    ['of HTML behind the first bytes of a picture', named('\x89PNG\r\n\x1a\n<script>alert(1)</script>'), 'type'],
    ['of a PDF', named('%PDF-1.4\n%%EOF'), 'type'],
    ['of too many bytes', named(new Uint8Array(100 * 1024 + 1)), 'size'],
    ['too wide', named(pngOf(1201, 24)), 'pixels'],
    ['too high', named(pngOf(24, 601)), 'pixels'],
    ['too small', named(pngOf(23, 200)), 'pixels'],
    ['that moves', named(pngOf(64, 64, [MOVES])), 'moves'],
    ['that moves behind a profile that looks like its data', named(pngOf(64, 64, [PROFILE, MOVES])), 'moves'],
    ['that ends early', named(pngOf(64, 64).slice(0, -20)), 'cut'],
    ['of a JPEG of one pixel', named(jpegWithLocation(1), 'a.jpg'), 'pixels'],
    ['of a PNG of one pixel', named(pngWithText()), 'pixels'],
    ['of a WebP of one pixel', named(webpWithExif(), 'a.webp'), 'pixels'],
  ])('%s is no logo', async (_, file, fault) => {
    expect(await receiveLogo(file)).toEqual({ fault });
  });

  test('of a picture is one, without what was noted in it', async () => {
    const got = await receiveLogo(named(pngOf(1200, 600, [NOTE])));
    if ('fault' in got) throw new Error(got.fault);
    expect(got.logo).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), type: 'image/png', width: 1200, height: 600 });
    expect(Buffer.from(got.bytes).toString('latin1')).not.toContain(PLACE);
  });
});

describe('at the portal', () => {
  const AT = '/desk/mingheng/policy';
  let portal: Rig;
  let gu: Visitor;
  let zhou: Visitor;
  let chen: Visitor;
  let id: string;
  beforeAll(async () => {
    portal = await rig();
    id = await openedCase(portal);
    const directory = openDirectory(portal.env);
    const [account, lender] = [await directory.accountByContact(contactIn(PEOPLE.gu)), await directory.lenderBySlug('mingheng')];
    await directory.addStaff({ account: account?.id ?? '', lender: lender?.id ?? '', capacity: 'administrator', since: instant() });
    [gu, zhou, chen] = [await signedIn(portal, 'gu', 'zh'), await signedIn(portal, 'zhou', 'zh'), await signedIn(portal, 'chen', 'zh')];
  });
  afterAll(() => portal.remove());

  const send = (who: Visitor, file: File | null, more: Record<string, string> = {}) => {
    const form = new FormData();
    if (file) form.set('file', file);
    for (const [name, value] of Object.entries({ requestId: randomId(), ...more })) form.set(name, value);
    return who.send(`${AT}/logo`, form);
  };
  const proposed = async () => {
    const lender = await openDirectory(portal.env).lenderBySlug('mingheng');
    if (!lender) throw new Error('no lender');
    return (await openCasebookForPortal(portal.env, lender).institution.load('')).institution.proposed;
  };
  const confirmed = async (who: Visitor) =>
    who.post(`${AT}/confirm`, { proposal: String((await proposed())?.seq), password: PASSWORD, requestId: randomId() });
  const shown = async (path: string, who: Visitor = visitor(portal, 'language=zh')) =>
    /<img class="logo"[^>]*>/.exec(await (await who.get(path)).text())?.[0] ?? null;
  const { logo: say, refusal } = wordsOf('zh');

  test('it is proposed by an administrator alone; what is none says why', async () => {
    for (const who of [zhou, chen, await signedIn(portal, 'lin', 'zh')]) {
      expect((await who.get(`${AT}/logo`)).status).toBe(404);
      expect((await send(who, named(pngOf(64, 64)))).status).toBe(404);
    }
    const refused = await send(gu, named('<svg xmlns="http://www.w3.org/2000/svg"/>', 'logo.svg'));
    expect([refused.status, plainText(await refused.text())]).toEqual([422, expect.stringContaining(say.bad.type())]);
    expect((await send(gu, null)).status).toBe(422);
    expect(await proposed()).toBeNull();
  });

  test('nobody sees it before another person has confirmed it; then borrowers see it wherever they meet the lender', async () => {
    expect((await send(gu, named(pngOf(320, 96, [NOTE])))).headers.get('location')).toBe(`${AT}?done=proposed`);
    const logo = (await proposed())?.policy.lender.logo;
    const path = `/lenders/mingheng/logo/${logo?.sha256}`;
    expect((await visitor(portal).get(path)).status).toBe(404);
    expect((await zhou.get(`${AT}/logo/${logo?.sha256}`)).headers.get('content-type')).toBe('image/png');
    expect((await chen.get(`${AT}/logo/${logo?.sha256}`)).status).toBe(404);
    expect(await shown(AT, zhou)).toContain(`${AT}/logo/${logo?.sha256}`);
    const another = await send(gu, named(pngOf(100, 100)));
    expect([another.status, await another.text()]).toEqual([422, expect.stringContaining('等待确认')]);
    expect(plainText(await (await confirmed(gu)).text())).toContain(refusal['policy.second-person']);
    expect((await confirmed(zhou)).status).toBe(303);

    const image = await visitor(portal).get(path);
    expect(image.headers.get('content-type')).toBe('image/png');
    expect(image.headers.get('cache-control')).toContain('immutable');
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    expect(image.headers.get('content-security-policy')).toContain('sandbox');
    expect(Buffer.from(await image.arrayBuffer()).toString('latin1')).not.toContain(PLACE);

    const { link } = { link: await invitation() };
    for (const [where, who] of [
      ['/lenders/mingheng', visitor(portal, 'language=zh')],
      [`/cases/${id}`, chen],
      [link, visitor(portal, 'language=zh')],
    ] as const) {
      const tag = await shown(where, who);
      expect(tag, where).toContain(`src="${path}"`);
      expect(tag, where).toContain(`alt="${say.alt({ lender: '明衡消费金融' })}"`);
      expect(tag, where).toMatch(/width="320" height="96"/);
    }
    // The lender's log says who proposed and who confirmed it, and what.
    expect(plainText(await (await zhou.get('/desk/mingheng/record')).text())).toContain(logo?.sha256.slice(0, 12));
  });

  /** Where an invitation to a borrower leads. */
  async function invitation(): Promise<string> {
    const debt = { 'debt.debt.asOf': instant().slice(0, 10), 'debt.debt.principal': '5000' };
    const fields = { borrowerName: '孙悦', contact: 'sun@borrower.example', 'loan.reference': 'INV-LOGO', ...debt, requestId: randomId() };
    const lin = await signedIn(portal, 'lin', 'zh');
    return /\/join\/[\w-]+/.exec(await (await lin.post('/desk/mingheng/new', fields)).text())?.[0] ?? '';
  }

  test('it stays where the rest of the policy is changed, and goes by two people as it came', async () => {
    const typed = new URLSearchParams();
    const html = await (await gu.get(`${AT}/edit`)).text();
    expect(html).not.toContain('lender.logo');
    const form = /<form method="post" action="[^"]*policy\/edit".*?<\/form>/s.exec(html)?.[0] ?? '';
    for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(tag)?.[1] ?? '';
      const isOff = /type="checkbox"/.test(tag) && !/ checked/.test(tag);
      if (name && name !== 'shown[]' && !isOff) typed.append(name, /value="([^"]*)"/.exec(tag)?.[1] ?? '');
    }
    typed.set('lender.phone', '021 5555 0000');
    // Nobody names a picture that did not go through intake.
    typed.set('lender.logo.sha256', 'a'.repeat(64));
    typed.set('requestId', randomId());
    expect((await gu.send(AT, typed)).headers.get('location')).toBe(`${AT}?done=proposed`);
    expect((await confirmed(zhou)).status).toBe(303);
    expect(await shown('/lenders/mingheng')).not.toBeNull();
    expect((await send(gu, null, { remove: 'yes' })).status).toBe(303);
    expect(await shown('/lenders/mingheng')).not.toBeNull();
    expect((await confirmed(zhou)).status).toBe(303);
    expect(await shown('/lenders/mingheng')).toBeNull();
  });
});
