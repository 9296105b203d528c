import { FREQUENCIES } from '../../worker/plan/terms.ts';
import type { Words } from '../words/index.ts';
import { AmountField, SelectField } from './fields.tsx';
import { type Filled, typedIn } from './view.ts';

/** A list of amounts by category: a row for each category and for each that was filled in beyond them, plus blank rows where asked for. */

const PARTS = ['kind', 'amount', 'every'] as const;

/** The same form with the rows of `path` in the order in which the page shows them: errors move with their rows. */
export function withRows(form: Filled, path: string, kinds: readonly string[], extra: number): Filled {
  const rows = rowsOf(form, path);
  const ordered = [
    ...kinds.flatMap((kind) => {
      const own = rows.filter((row) => row.kind === kind);
      return own.length > 0 ? own : [{ kind, from: null }];
    }),
    ...rows.filter((row) => !kinds.includes(row.kind)),
    ...Array.from({ length: extra }, () => ({ kind: kinds[kinds.length - 1] ?? '', from: null })),
  ];
  const values = new Map([...form.values].filter(([name]) => !name.startsWith(`${path}.`)));
  const errors = Object.fromEntries(Object.entries(form.errors).filter(([name]) => !name.startsWith(`${path}.`)));
  for (const [i, row] of ordered.entries()) {
    values.set(`${path}.${i}.kind`, [row.kind]);
    if (row.from === null) continue;
    for (const part of PARTS) {
      const from = `${path}.${row.from}.${part}`;
      const value = form.values.get(from);
      const error = form.errors[from];
      if (value) values.set(`${path}.${i}.${part}`, value);
      if (error) errors[`${path}.${i}.${part}`] = error;
    }
  }
  const own = form.errors[path];
  return { ...form, values, errors: own ? { ...errors, [`${path}.0.amount`]: own } : errors };
}

function rowsOf(form: Filled, path: string): { kind: string; from: number | null }[] {
  const rows: { kind: string; from: number }[] = [];
  while (form.values.has(`${path}.${rows.length}.kind`))
    rows.push({ kind: typedIn(form, `${path}.${rows.length}.kind`), from: rows.length });
  return rows;
}

/** The rows of a form made by `withRows`. */
export function LineFields<Kind extends string>({
  form,
  words,
  path,
  kinds,
  text,
  workAt,
}: {
  form: Filled;
  words: Words;
  path: string;
  kinds: readonly Kind[];
  text: (kind: Kind) => string;
  /** Where the form goes for one row more, where that is not where it is sent. */
  workAt?: string | undefined;
}) {
  const { opening: say } = words;
  return (
    <div class="stack tight">
      {rowsOf(form, path).map((_, i) => (
        <div class="line">
          <SelectField form={form} words={words} name={`${path}.${i}.kind`} label={say.kind} options={kinds} text={text} />
          <AmountField form={form} words={words} name={`${path}.${i}.amount`} label={say.amount} />
          <SelectField
            form={form}
            words={words}
            name={`${path}.${i}.every`}
            label={say.every}
            options={FREQUENCIES}
            text={(every) => words.every[every]}
          />
        </div>
      ))}
      <p>
        <button type="submit" name="action" value={`add-row:${path}`} formaction={workAt} class="quiet">
          {say.addRow}
        </button>
      </p>
    </div>
  );
}
