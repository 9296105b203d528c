import { afterAll, beforeAll, expect, test } from 'vitest';
import { playDemo } from '../../db/demo-cases.ts';
import { type Place, places, type Who } from '../browser/places.ts';
import { type Rig, rig } from '../portal.ts';
import { cookiesIn } from './people.ts';

/**
 * Every form of every page, filled in wrongly and sent, as a browser without a script does it: what answers is an address of its own, at which all that was typed
 * stands with what is wrong with it, in the other language too. A new form is among them as soon as its page is among the places.
 */

let portal: Rig;
let all: Place[];
let cookies: Map<Who, string>;

beforeAll(async () => {
  portal = await rig();
  await playDemo(portal);
  ({ places: all, cookies } = await places(portal));
});
afterAll(() => portal.remove());

/** Forms that nothing typed can make wrong, or that end what the next ones need; and why. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^\/sign-out$/, 'ends the session of the forms that follow'],
  [/^\/account\/sessions\//, 'ends the session of the forms that follow'],
  [/^\/unsubscribe\//, 'a button alone'],
  [/^\/second-factor\/passkeys/, 'filled in by a script, with what the browser signed'],
];

/** Forms in which whatever is chosen or typed is taken, or for which there is a page that says so in its own place. */
const TAKES_ALL: readonly (readonly [RegExp, string])[] = [
  [/^\/account\/(?:language|size|news)$/, 'what is none of the choices is as if it had not been chosen'],
  [/\/do\/talk\.issueLetter$/, 'a letter may be as long as that'],
  [/^\/open\/.+\/evidence$/, 'evidence is the person’s to give: without a file the step goes on'],
  [/^\/open\/.+\/loan$/, 'what the lender stated can be left as it stands, whatever is typed beside it'],
  [/^\/open\/.+\/month$/, 'figures are kept as they are typed while the page works them out'],
];

/** What is answered in place once it is done: what became of many at once is told there, and sent again it is told again and done once. */
const TOLD = /^\/desk\/[^/]+\/(?:many|hand-over)$/;

type Field = { name: string; value: string; mark: string | null };
type Form = { action: string; multipart: boolean; fields: Field[]; typed: boolean };

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

const attribute = (tag: string, name: string): string | null => {
  const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`).exec(tag);
  return found ? unescaped(found[1] ?? '') : null;
};

/** No form brings these back. */
const SECRET = /^(?:password|newPassword|code|factor|passkey|identity)$/;

/** The last choice of a list. */
const choices = (html: string, select: string) =>
  attribute([...(html.split(select)[1]?.split('</select>')[0] ?? '').matchAll(/<option[^>]*>/g)].at(-1)?.[0] ?? '', 'value') ?? '';

/** The forms of a page that are posted, each filled in wrongly: what nobody can have meant, told from one another by number. */
function formsIn({ html, at }: { html: string; at: string }): Form[] {
  let count = 0;
  return [...html.matchAll(/<form(\s[^>]*)>([\s\S]*?)<\/form>/g)].flatMap(([, of = '', inner = '']) => {
    const tag = `<form${of}>`;
    if (attribute(tag, 'method') !== 'post') return [];
    const fields: Field[] = [];
    const names = new Set<string>();
    const put = (name: string, value: string, mark: string | null) => {
      names.add(name);
      fields.push({ name, value, mark });
    };
    let long = false;
    const buttons: [string, string][] = [];
    for (const [one, kind = ''] of inner.matchAll(/<(input|textarea|select|button)\s[^>]*>/g)) {
      const name = attribute(one, 'name');
      const type = attribute(one, 'type') ?? (kind === 'input' ? 'text' : kind);
      if (!name || attribute(one, 'disabled') !== null || attribute(one, 'readonly') !== null) continue;
      if (name === 'loan.identity') put(name, '1234', null);
      else if (type === 'hidden') put(name, attribute(one, 'value') ?? '', null);
      else if (kind === 'button') buttons.push([name, attribute(one, 'value') ?? '']);
      else if (SECRET.test(name) || type === 'password' || type === 'file' || type === 'checkbox') continue;
      else if (type === 'radio') {
        if (!names.has(name)) put(name, attribute(one, 'value') ?? '', null);
      } else if (kind === 'select') put(name, choices(inner, one), null);
      else if (type === 'date' || type === 'datetime-local') put(name, '2001-02-31', null);
      else {
        count += 1;
        const mark = `不对的-${count}-wrong`;
        const isLong: boolean = kind === 'textarea' && !long;
        long ||= isLong;
        put(name, mark + '字'.repeat(isLong ? 5_100 : 120), mark);
      }
    }
    const [name, value] = buttons.find(([, what]) => what === 'continue') ?? buttons[0] ?? [];
    if (name && value !== undefined && !names.has(name)) put(name, value, null);
    const action = attribute(tag, 'action') ?? at;
    const multipart = attribute(tag, 'enctype') === 'multipart/form-data';
    return [{ action, multipart, fields, typed: fields.some(({ mark }) => mark !== null) }];
  });
}

const summaryIn = (html: string) => /<div class="error-summary"[\s\S]*?<\/div>/.exec(html)?.[0] ?? '';
/** What tells forms of one kind apart is not what they are. */
const kindOf = ({ action, fields }: Form) =>
  `${action.replaceAll(/[0-9a-f]{32,64}|[\w-]{43}/g, '*').replaceAll(/\d+/g, 'N')} ${fields.map(({ name }) => name.replaceAll(/\d+/g, 'N')).join()}`;

async function send(cookie: string, action: string, fields: readonly Pick<Field, 'name' | 'value'>[], multipart: boolean, from: string) {
  const body = multipart ? new FormData() : new URLSearchParams();
  for (const { name, value } of fields) body.append(name, value);
  const headers = { cookie, origin: portal.url, referer: portal.url + from };
  return fetch(portal.url + action, { method: 'POST', body, redirect: 'manual', headers });
}

const inLanguage = (cookie: string, language: 'zh' | 'en') =>
  [`language=${language}`, ...cookie.split('; ').filter((one) => one !== '' && !one.startsWith('language='))].join('; ');

/** The cookies of a browser after an answer; but it stays with who was there, and in its language. */
function withCookies(cookie: string, set: readonly string[]): string {
  const all = new Map(cookie.split('; ').map((one) => [one.split('=')[0], one]));
  for (const one of set) if (!/^(?:heyi|language)=/.test(one)) all.set(one.split('=')[0], one);
  return [...all.values()].join('; ');
}

/** A page, by way of the addresses to which others lead. */
async function read(cookie: string, path: string): Promise<{ html: string; status: number; at: string }> {
  let at = path;
  for (let i = 0; i < 4; i++) {
    const answer = await fetch(portal.url + at, { redirect: 'manual', headers: { cookie } });
    const to = answer.headers.get('location');
    if (!to) return { html: await answer.text(), status: answer.status, at };
    at = to;
  }
  throw new Error(`${path} leads round in circles.`);
}

/** The page of a place; of one that answers a form, where that leads. */
async function shown(place: Place, cookie: string): Promise<{ html: string; at: string }> {
  if (!place.form) return read(cookie, place.path);
  const fields = Object.entries(place.form).map(([name, value]) => ({ name, value }));
  const answer = await send(cookie, place.path, fields, false, place.on ?? place.path);
  expect(answer.status, `${place.name}: an answer in the place of a page`).toBe(303);
  return read(cookie, answer.headers.get('location') ?? '');
}

/** The same page in the other language, by the control at its foot: a link, or a button that takes along what is typed. */
async function turned(cookie: string, { html, at }: { html: string; at: string }): Promise<string> {
  const to = inLanguage(cookie, 'en');
  const button = /<button type="submit" form="typed" formaction="([^"]*language=en[^"]*)"/.exec(html)?.[1];
  if (!button) {
    const link = /<a href="\/language\/en\?back=([^"]*)"/.exec(html)?.[1] ?? '';
    return (await read(to, decodeURIComponent(unescaped(link)))).html;
  }
  const [, inner = ''] = /<form[^>]*\sid="typed"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
  const typed = [...inner.matchAll(/<(input)(\s[^>]*)>|<(textarea)(\s[^>]*)>([^<]*)<|<(select)(\s[^>]*)>([\s\S]*?)<\/select>/g)].flatMap(
    (found) => {
      const [kind = '', of = ''] = [found[1] ?? found[3] ?? found[6], found[2] ?? found[4] ?? found[7]];
      const [text = '', options = ''] = [found[5], found[8]];
      const tag = `<${kind}${of}>`;
      const name = attribute(tag, 'name');
      const type = attribute(tag, 'type') ?? '';
      if (!name || type === 'file' || (/radio|checkbox/.test(type) && attribute(tag, 'checked') === null)) return [];
      const chosen = /<option(\s[^>]*\sselected[^>]*)>/.exec(options)?.[1] ?? /<option(\s[^>]*)>/.exec(options)?.[1] ?? '';
      const value = kind === 'textarea' ? unescaped(text) : (attribute(kind === 'select' ? `<option${chosen}>` : tag, 'value') ?? '');
      return [{ name, value }];
    },
  );
  const multipart = /<form[^>]*\sid="typed"[^>]*multipart/.test(html) || /<form[^>]*multipart[^>]*\sid="typed"/.test(html);
  const answer = await send(cookie, unescaped(button), typed, multipart, at);
  const location = answer.headers.get('location');
  return location ? (await read(withCookies(to, cookiesIn(answer)), location)).html : answer.text();
}

test('whatever form of whatever page is filled in wrongly: Back asks nobody to send it again, and the other language has every word and why', async () => {
  const wrong: string[] = [];
  const seen = new Set<string>();
  let refused = 0;
  for (const who of new Set(all.map((place) => place.who))) {
    let cookie = inLanguage(cookies.get(who) ?? '', 'zh');
    for (const place of all.filter((one) => one.who === who)) {
      const page = await shown(place, cookie);
      const { at } = page;
      for (const form of formsIn(page)) {
        const kind = `${who === 'stranger' ? '' : 'somebody '}${kindOf(form)}`;
        if (seen.has(kind) || LEFT_OUT.some(([pattern]) => pattern.test(form.action))) continue;
        seen.add(kind);
        const name = `${who} ${place.name} ${form.action}`;
        const answer = await send(cookie, form.action, form.fields, form.multipart, at);
        cookie = withCookies(cookie, cookiesIn(answer));
        const isFile = answer.headers.get('content-disposition')?.startsWith('attachment');
        if (answer.status !== 303 && !isFile && !(answer.status === 200 && TOLD.test(form.action))) {
          wrong.push(`${name}: answered in place, ${answer.status}`);
          continue;
        }
        if (answer.status !== 303 || !form.typed) continue;
        const back = await read(cookie, answer.headers.get('location') ?? '');
        const why = summaryIn(back.html);
        if (why === '') {
          if (!TAKES_ALL.some(([pattern]) => pattern.test(form.action))) wrong.push(`${name}: taken as it was, ${back.at}`);
          continue;
        }
        refused++;
        if (back.status !== 422) wrong.push(`${name}: refused with ${back.status}`);
        const other = await turned(cookie, back);
        if (!other.includes('<html lang="en')) wrong.push(`${name}: not in the other language`);
        const count = (text: string) => text.match(/<li>/g)?.length ?? 0;
        if (count(summaryIn(other)) !== count(why))
          wrong.push(`${name}: ${count(why)} reasons, ${count(summaryIn(other))} in the other language`);
        for (const { name: field, mark } of form.fields) {
          if (mark === null) continue;
          if (!back.html.includes(mark)) wrong.push(`${name}: lost ${field}`);
          else if (!other.includes(mark)) wrong.push(`${name}: lost ${field} in the other language`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(40);
}, 300_000);
