import { type SQL, sql } from 'drizzle-orm';
import { cases } from '../../db/casebook/schema.ts';
import { DOTS } from '../negotiation/text.ts';
import { INVISIBLE_ON_RECORD, withoutInvisible } from '../plan/unseen.ts';

/** Looking for a case by what people know of it. */

/** Marks that people leave out or write otherwise: in names, and in numbers. What cannot be seen and spaces are of both. */
const UNSEEN = ` \u00a0\u3000${INVISIBLE_ON_RECORD}`;
const IN_NAMES = [...`${UNSEEN}\uff65\uff0e${DOTS}`];
const IN_NUMBERS = [...`${UNSEEN}-\u2010\u2011\u2012\u2013\u2014`];

/** Cases whose number, contract or borrower's name holds a text, in whatever case and with whatever marks between its letters. */
export function containing(text: string): SQL {
  // A line break between them, so that nothing is found across two.
  const numbers = sql`${cases.number} || char(10) || ${cases.reference}`;
  return sql`(${holds(numbers, text, IN_NUMBERS)} OR ${holds(sql`coalesce(${cases.borrower}, '')`, text, IN_NAMES)})`;
}

function holds(held: SQL, text: string, marks: readonly string[]): SQL {
  const sought = marks.reduce((so, mark) => so.replaceAll(mark, ''), withoutInvisible(text.normalize('NFKC')));
  if (sought === '') return sql`0`;
  const plain = marks.reduce((so, mark) => sql`replace(${so}, ${sql.raw(`'${mark}'`)}, '')`, held);
  // SQLite's lower() knows ASCII alone: letters of other scripts are found as they are written.
  return sql`(instr(${plain}, ${sought}) > 0 OR instr(lower(${plain}), ${sought.toLowerCase()}) > 0)`;
}
