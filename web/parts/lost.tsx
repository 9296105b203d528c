import type { Words } from '../words/index.ts';
import { ErrorSummary } from './fields.tsx';
import { type Filled, own, type Refused, TYPED } from './view.ts';

/** What was typed and has no place on the page any more: shown in full, to be read and copied, with why it was not sent. */

/** Fields that tell a form what it is about, and that nobody typed. */
const UNTYPED =
  /^(?:requestId|shown\[\]|digest|version|answers|total|file|files\..*|figure|call|payment|letter|action|figuresOf|seenDay|stages|conditions|asked|approval|complaint|appointment|paper|list|textOf|unsent|unsentOver)$/;

export const isTyped = (name: string) => !UNTYPED.test(name);

export function LostForm({ refused, lost, words }: { refused: Refused; lost: NonNullable<Refused['lost']>; words: Words }) {
  const { form } = refused;
  const shown = [...form.values].filter(([name, all]) => lost.names.includes(name) && isTyped(name) && all.some((value) => value !== ''));
  const names = new Set(shown.map(([name]) => name));
  // What is wrong with a field that is not here stands in the summary all the same, without a link that leads nowhere.
  const here: Record<string, string> = {};
  for (const [name, text] of Object.entries(form.errors)) {
    if (names.has(name)) here[name] = text;
    else here[''] = [here[''], text].filter(Boolean).join(' ');
  }
  return (
    <section class="card lost" aria-label={words.kept.title}>
      {lost.whole ? <ErrorSummary form={{ ...form, scope: 'lost', errors: here }} words={words} /> : null}
      {shown.length > 0 ? <p>{words.kept.hint}</p> : null}
      <form method="post" action={refused.at ?? undefined} id={lost.whole ? TYPED : undefined}>
        {lost.whole
          ? [...form.values]
              .filter(([name]) => !names.has(name))
              .flatMap(([name, all]) => all.map((value) => <input type="hidden" name={name} value={value} />))
          : null}
        {shown.map(([name, all]) => (
          <LostField form={form} name={name} values={all} words={words} />
        ))}
      </form>
    </section>
  );
}

function LostField({ form, name, values, words }: { form: Filled; name: string; values: readonly string[]; words: Words }) {
  const error = own(form.errors, name);
  const id = `lost-${name}`;
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <label for={id}>{nameOf(name, words)}</label>
      {error ? (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
      {values.map((value, i) => (
        <textarea
          readonly
          name={choiceOf(name, value, words) === null ? name : undefined}
          id={i === 0 ? id : undefined}
          aria-label={i === 0 ? undefined : nameOf(name, words)}
          aria-describedby={error ? `${id}-error` : undefined}
          rows={Math.min(12, Math.max(1, Math.ceil(value.length / 30), value.split('\n').length))}
        >
          {choiceOf(name, value, words) ?? value}
        </textarea>
      ))}
      {values.map((value) => (choiceOf(name, value, words) === null ? null : <input type="hidden" name={name} value={value} />))}
    </div>
  );
}

/** What was chosen, as its choice reads; null where the field was typed. */
function choiceOf(name: string, value: string, words: Words): string | null {
  const { payment, case: of, offer, evidence } = words;
  const choices: Record<string, Record<string, string>> = {
    method: payment.methods,
    reason: { ...of.closeReasons, ...evidence.reasons },
    reasons: offer.reasons,
    direction: of.callDirectionOf,
  };
  return own(own(choices, name) ?? {}, value) ?? null;
}

/** How a field is called, from the last part of its name; with the number of its row where it has one. */
function nameOf(name: string, words: Words): string {
  const { opening, terms, payment, case: of, offer, component, agreement, debt, evidence } = words;
  const row = /\.(\d+)\./.exec(name)?.[1];
  const last = name.split('.').at(-1) ?? '';
  const known: Record<string, string> = {
    words: words.kept.words,
    name: agreement.signName,
    amount: opening.amount,
    on: payment.on,
    method: payment.method,
    reference: name === 'reference' ? payment.reference : opening.reference,
    product: opening.product,
    when: of.callWhen,
    minutes: of.callMinutes,
    direction: of.callDirection,
    reason: evidence.reason,
    reasons: offer.declineReasons,
    figures: evidence.figures,
    entries: words.complaint.entries,
    facts: words.complaint.facts,
    wish: words.complaint.wish,
    outcome: words.complaint.outcome,
    asOf: opening.asOf,
    ...component,
    ppm: debt.rate,
    per: terms.ratePer,
    start: terms.start,
    firstDue: terms.firstDue,
    every: opening.every,
    kind: opening.kind,
    count: terms.count,
    interestOn: terms.interestOn,
    dayCount: terms.dayCount,
    due: terms.upfrontDue,
    expiresInDays: terms.expires,
    since: opening.since,
    until: opening.until,
    from: words.means.changeFrom,
    dependants: opening.dependants,
    assets: opening.assets,
  };
  const label = own(known, last) ?? last;
  const why = name.startsWith('reasons.') ? terms.waiveReason(label) : label;
  return row === undefined ? why : why + words.aside(String(Number(row) + 1));
}
