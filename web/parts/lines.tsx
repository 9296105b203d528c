import { FREQUENCIES } from '../../worker/plan/terms.ts';
import type { Words } from '../words/index.ts';
import { AmountField, SelectField } from './fields.tsx';
import { type Filled, idOf, typedIn } from './view.ts';

/**
 * A list of amounts by category: a line for each category that most people have, by its name, and for each that was filled in beyond them; and blank
 * lines where asked for. An amount is one a month unless said otherwise.
 */

const PARTS = ['kind', 'amount', 'every'] as const;

/** The same form with the lines of `path` in the order in which the page shows them: errors move with their lines. */
export function withRows(form: Filled, path: string, shown: readonly string[], extra: number): Filled {
  const rows = rowsOf(form, path);
  const ordered = [
    ...shown.flatMap((kind) => {
      const own = rows.filter((row) => row.kind === kind);
      return own.length > 0 ? own : [{ kind, from: null }];
    }),
    ...rows.filter((row) => !shown.includes(row.kind)),
    ...Array.from({ length: extra }, () => ({ kind: 'other', from: null })),
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
  // Of a form without a line, what is wrong is shown at the first line that it gets.
  const own = form.errors[path] ?? (rows.every(({ from }) => from === null) ? form.errors[`${path}.0.amount`] : undefined);
  return { ...form, values, errors: own ? { ...errors, [`${path}.0.amount`]: own } : errors };
}

function rowsOf(form: Filled, path: string): { kind: string; from: number | null }[] {
  const rows: { kind: string; from: number }[] = [];
  while (form.values.has(`${path}.${rows.length}.kind`))
    rows.push({ kind: typedIn(form, `${path}.${rows.length}.kind`), from: rows.length });
  return rows;
}

type Lines<Kind extends string> = {
  form: Filled;
  words: Words;
  path: string;
  title: string;
  /** All kinds that a line can be of, and those that have one by their name. */
  kinds: readonly Kind[];
  shown: readonly Kind[];
  text: (kind: Kind) => string;
  /** Where the form goes for one line more, where that is not where it is sent. */
  workAt?: string | undefined;
};

/** The lines of a form made by `withRows`. */
export function LineFields<Kind extends string>({ form, words, path, title, kinds, shown, text, workAt }: Lines<Kind>) {
  const { opening: say } = words;
  return (
    <section class="lines" aria-labelledby={`${path}-title`}>
      <div class="row between">
        <h2 id={`${path}-title`}>{title}</h2>
        <button type="submit" name="action" value={`add-row:${path}`} formaction={workAt} class="quiet">
          {say.addRow}
          <span class="visually-hidden"> {title}</span>
        </button>
      </div>
      {rowsOf(form, path).map(({ kind }, i) => {
        const named = shown.find((one) => one === kind);
        const at = `${path}.${i}`;
        return (
          <div class={named ? 'line-row' : 'line-row other'}>
            {named ? (
              <input type="hidden" name={`${at}.kind`} value={named} />
            ) : (
              <SelectField form={form} words={words} name={`${at}.kind`} label={say.kind} options={kinds} text={text} />
            )}
            <AmountField form={form} words={words} name={`${at}.amount`} label={named ? text(named) : say.amount} />
            <Every form={form} words={words} name={`${at}.every`} of={named ? text(named) : say.amount} />
          </div>
        );
      })}
    </section>
  );
}

/** How often: a month, which can be changed. */
function Every({ form, words, name, of }: { form: Filled; words: Words; name: string; of: string }) {
  const chosen = typedIn(form, name) || 'month';
  const id = idOf(form, name);
  const error = form.errors[name];
  return (
    <details class="every" open={error !== undefined || chosen !== 'month'}>
      <summary>
        {words.every.month}
        <span class="visually-hidden">{words.opening.everyOf({ of })}</span>
      </summary>
      <select id={id} name={name} aria-label={words.opening.everyOf({ of })} aria-invalid={error ? 'true' : undefined}>
        {FREQUENCIES.map((every) => (
          <option value={every} selected={chosen === every}>
            {words.every[every]}
          </option>
        ))}
      </select>
    </details>
  );
}
