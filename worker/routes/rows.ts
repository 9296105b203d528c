import { DONE, type RowDone } from '../../web/parts/row.tsx';
import { DID, figureId, fileId, LIST, PAPER } from '../../web/parts/view.ts';
import type { Command } from '../negotiation/command.ts';
import type { Typed } from '../negotiation/form.ts';
import type { C } from './portal.ts';

/** Forms that stand in a row of a page, such as one a figure: who has given one goes on in that row, as there are more of them to come. */

/** Where the row of a command is, with what was done in it; null for one whose form stands in no row. `command` was given, so its form names a figure or a file; `paper` where it stands beside one. */
export function rowOf({ name, page }: Command, values: Typed): string | null {
  const named = { means: ['figure', figureId], evidence: ['file', fileId] } as const;
  if (page !== 'means' && page !== 'evidence') return null;
  const [field, idOf] = named[page];
  const at = values.get(field)?.[0];
  const paper = values.get(PAPER)?.[0] ?? '';
  const there = /^[0-9a-f]{64}$/.test(paper) ? `files/${paper}/view` : page;
  return at === undefined ? null : `${there}?${new URLSearchParams({ [DONE.command]: name, [DONE.at]: at })}#${idOf(at)}`;
}

/** The list of a desk from which somebody came to a command's form, with what was done and in which case; null for who came from elsewhere. */
export function listOf({ name, page }: Command, values: Typed): string | null {
  const [, slug, number = ''] = /^([a-z0-9-]{1,32}) ([0-9A-Z-]{1,20})$/.exec(values.get(LIST)?.[0] ?? '') ?? [];
  return slug && page === 'errands' ? `/desk/${slug}/errands?${new URLSearchParams({ [DID.command]: name, [DID.in]: number })}` : null;
}

/** What the address of a page says was done in one of its rows. */
export function rowDone(c: C): RowDone | null {
  const [command, at] = [c.req.query(DONE.command), c.req.query(DONE.at)];
  return command === undefined || at === undefined ? null : { command, at };
}
