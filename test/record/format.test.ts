import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ENTRY_KINDS, kindOf, OWN_ENTRY_KINDS, ownKindOf } from '../../worker/negotiation/case.ts';
import { ACT_KINDS, actOf } from '../../worker/negotiation/lender/institution.ts';

/** What `worker/record/FORMAT.md` says an entry of each kind holds is what its schema reads: somebody else's verifier is written from that page. */

const page = readFileSync(new URL('../../worker/record/FORMAT.md', import.meta.url), 'utf8');

/** The members of an object as the page writes them: `words`? where it may be missing. */
function membersOf(schema: z.ZodType): string {
  if (!(schema instanceof z.ZodObject)) return '';
  const shape: Record<string, z.ZodType> = schema.shape;
  return Object.entries(shape)
    .map(([name, of]) => `\`${name}\`${of instanceof z.ZodOptional ? '?' : ''}`)
    .join(', ');
}

/** The table of kinds: what stands in each, without what is said beside a member. */
const table = new Map(
  (page.split('## Kinds and contents')[1] ?? '').split('\n').flatMap((line) => {
    if (!line.startsWith('| `')) return [];
    const [, kinds = '', contents = ''] = line.split('|');
    const named = [...kinds.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, kind = '']) => kind);
    const held = contents.split(' · ').map((one) => one.replace(/ [[(][^\])]*[\])]/g, '').trim());
    return named.map((kind, i) => [kind, held[i] ?? ''] as const);
  }),
);

test('every kind of entry, and no other', () => expect([...table.keys()].sort()).toEqual([...ENTRY_KINDS].sort()));

test.each(ENTRY_KINDS.filter((kind) => kind !== 'custody.erased'))('%s', (kind) => {
  const content = kindOf(kind)?.content;
  expect(table.get(kind)).toBe(content && membersOf(content));
});

test('an erasure, which has a section of its own', () => {
  const content = kindOf('custody.erased')?.content;
  const shape = content instanceof z.ZodObject ? Object.keys(content.shape) : [];
  expect(/`(\{ "entries".*?\})`/.exec(page)?.[1]?.match(/"\w+"/g)).toEqual(shape.map((name) => `"${name}"`));
});

test('in private records', () => {
  const line = /^In private records: .*$/m.exec(page)?.[0] ?? '';
  expect([...line.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, kind]) => kind).sort()).toEqual([...OWN_ENTRY_KINDS].sort());
  // Exports and erasures stand above.
  for (const kind of OWN_ENTRY_KINDS.filter((one) => !one.startsWith('custody.'))) {
    const content = ownKindOf(kind)?.content;
    expect(line).toContain(`\`${kind}\` ${content && membersOf(content)};`);
  }
});

test('in lenders’ records', () => {
  const line = /^In lenders' records: .*$/m.exec(page)?.[0] ?? '';
  expect([...line.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map(([, kind]) => kind).sort()).toEqual([...ACT_KINDS].sort());
  const plain = line
    .replace(/ [[(][^\])]*[\])]/g, '')
    .replace(/ A `member` is .*/, ';')
    .replace(/\.;$/, ';');
  for (const kind of ACT_KINDS) expect(plain).toContain(`\`${kind}\` ${membersOf(actOf(kind).content)};`);
});
