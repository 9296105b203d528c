/**
 * `npm run --silent matrix [-- --write]`: who may do what, as a table in Markdown, from the one list of commands and the one table of powers. With `--write`
 * it is put where `worker/negotiation/README.md` shows it; a test fails where that page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { limitsOf } from '../worker/negotiation/authority.ts';
import { COMMANDS } from '../worker/negotiation/case.ts';
import { DEFAULT_POLICY } from '../worker/negotiation/policy.ts';
import { CAPACITIES, type Capacity, type Power, reach } from '../worker/negotiation/seats.ts';

type Row = { name: string; needs: Power; measured: boolean };

/** What comes by no command: reading and taking away, of a case, of what one's side keeps to itself, and of the lender's own log; and managing the lender. */
const READING: readonly Row[] = [
  { name: '(read)', needs: 'read', measured: false },
  { name: '(take away)', needs: 'take', measured: false },
  { name: '(read what one’s side keeps to itself)', needs: 'witness', measured: false },
  { name: '(read and take away the lender’s log, see its people)', needs: 'inspect', measured: false },
];
const MANAGING: readonly Row[] = [
  { name: '(give anybody’s case to anybody)', needs: 'reassign', measured: false },
  { name: '(write the lender’s templates)', needs: 'phrase', measured: false },
  { name: '(manage people, policy and page)', needs: 'administer', measured: false },
];

/** The table: a row a command, with the power that it needs, and a column a capacity. */
export function matrix(): string {
  const commands = [...COMMANDS.values()].map(({ name, needs, gives }): Row => ({ name, needs, measured: gives !== 'nothing' }));
  const rows = [...READING, ...commands, ...MANAGING].map((row) => [
    row.name,
    row.needs,
    ...CAPACITIES.map((capacity) => cell(capacity, row)),
  ]);
  const head = ['command', 'needs', ...CAPACITIES];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const padded = (cells: string[]) => cells.map((text, column) => text.padEnd(widths[column] ?? 0));
  return [head, rule, ...rows].map((cells) => `| ${padded(cells).join(' | ')} |`).join('\n');
}

/** How far a capacity may give a command: within what the policy lets it give away, as far as the scope of its seat goes, always, or not. */
function cell(capacity: Capacity, { needs, measured }: Row): string {
  const far = reach(capacity, needs);
  if (far === 'always' && measured && limitsOf(DEFAULT_POLICY, { capacity, account: '' })) return 'limits';
  return { always: 'yes', scope: 'scope', never: '' }[far];
}

export const PAGE = new URL('../worker/negotiation/README.md', import.meta.url);
const PLACE = /(<!-- matrix -->\n)[\s\S]*?(<!-- \/matrix -->)/;

/** The documentation page with the table as it is now. @throws where the page has no place for it */
export function withMatrix(page: string): string {
  if (!PLACE.test(page)) throw new Error('The page has no place for the matrix.');
  return page.replace(PLACE, (_, begin: string, end: string) => `${begin}${matrix()}\n${end}`);
}

if (import.meta.main) {
  if (process.argv.includes('--write')) writeFileSync(PAGE, withMatrix(readFileSync(PAGE, 'utf8')));
  console.log(matrix());
}
