import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { KINDS, type Side } from '../../worker/wording/phrases.ts';

/** Sentences of a list in parts: `# side kind` begins one, of `borrower`, `lender` or `either`, and of a kind of wording or `harmless`; each line after it is a sentence. */

type Part = { sides: readonly Side[]; kind: z.infer<typeof Name> };

const Name = z.enum([...KINDS, 'harmless']);
const SIDES: Record<string, readonly Side[]> = { borrower: ['borrower'], lender: ['lender'], either: ['borrower', 'lender'] };

export function partsOf(file: string): (Part & { text: string })[] {
  let part: Part = { sides: [], kind: 'harmless' };
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .flatMap((text) => {
      const [, side, kind] = /^# (borrower|lender|either) (\S+)$/.exec(text) ?? [];
      if (side === undefined) return [{ ...part, text }];
      part = { sides: SIDES[side] ?? [], kind: Name.parse(kind) };
      return [];
    });
}
