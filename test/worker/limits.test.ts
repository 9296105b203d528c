import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CODE_DIGITS } from '../../worker/contact.ts';
import {
  CLAIMS,
  FREE_PASSWORDS,
  GUESSED_AT,
  GUESSES,
  PASSWORDS_AN_ADDRESS,
  PROOFS,
  SENT,
  TRIES_A_CODE,
  WAITS,
} from '../../worker/routes/attempts.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const table = readme.slice(readme.indexOf('**Accounts and seats.**'), readme.indexOf('**Certificates of the PDFs.**'));

test.each([
  `| ${FREE_PASSWORDS} a day | each further one waits: `,
  `| ${GUESSED_AT} a day | the right password needs a code too |`,
  `| ${PASSWORDS_AN_ADDRESS.guessed} in 15 minutes | the right password needs a code too |`,
  `| ${PASSWORDS_AN_ADDRESS.flood} in 15 minutes | none is looked at`,
  `| ${PROOFS} in 15 minutes | the session ends |`,
  `one place or device, of one purpose | ${SENT.place} in 15 minutes |`,
  `codes sent to one contact, of one purpose | ${SENT.contact} in 15 minutes | a place that asks for the first time still gets one, up to ${SENT.first} in all |`,
  `codes sent for one address | ${SENT.address} in 15 minutes |`,
  `tries at one code | ${TRIES_A_CODE} |`,
  `however often it is sent anew | ${GUESSES.token} a day |`,
  `by its contract, of one account | ${CLAIMS.account} a day |`,
  `whether or not there is a case of it | ${CLAIMS.contract} a day |`,
  `the same from one address | ${CLAIMS.address} in 15 minutes |`,
  `by all together | ${GUESSES.contact} a day | new codes have ${CODE_DIGITS.guessed} digits, not ${CODE_DIGITS.usual} |`,
])('the README says it as the code has it: %s', (row) => expect(table.replace(/ +/g, ' ')).toContain(row));

test('and how long each further password waits', () => {
  const [, seconds = '', minutes = ''] = /waits: ((?:\d+ s, )+)([\d, ]+) minutes/.exec(table) ?? [];
  const said = [...seconds.matchAll(/\d+/g)]
    .map(([n]) => Number(n) * 1000)
    .concat([...minutes.matchAll(/\d+/g)].map(([n]) => Number(n) * 60_000));
  expect(said).toEqual(WAITS);
});
