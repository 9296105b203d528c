import type { Child, PropsWithChildren } from 'hono/jsx';
import { MAX_APPROVAL_WORDS } from '../../worker/negotiation/approval.ts';
import { parseAmount } from '../../worker/plan/amount.ts';
import { upperAmount } from '../../worker/plan/upper.ts';
import { amountRead, money, type Words } from '../words/index.ts';
import { type Filled, FOR_APPROVAL, idOf, TYPED, typedIn, type View } from './view.ts';

/** Form parts. Each has a label, its hint and its error tied to the field, and shows again what was typed. */

type FieldProps = {
  form: Filled;
  name: string;
  label: Child;
  hint?: Child;
  words: Words;
  optional?: boolean;
  /** How many characters it takes, said below it. The browser does not hold to it: it would cut what is pasted without a word. */
  most?: number;
};

type Described = { id: string; name: string; 'aria-describedby'?: string; 'aria-invalid'?: 'true' };

function described({ form, name, hint, most }: FieldProps): Described {
  const id = idOf(form, name);
  const ids = [hint ? `${id}-hint` : '', form.errors[name] ? `${id}-error` : '', most ? `${id}-most` : ''].filter(Boolean).join(' ');
  return { id, name, ...(ids ? { 'aria-describedby': ids } : {}), ...(form.errors[name] ? { 'aria-invalid': 'true' } : {}) };
}

function Field({ form, name, label, hint, words, optional, most, children }: PropsWithChildren<FieldProps>) {
  const error = form.errors[name];
  const id = idOf(form, name);
  return (
    <div class={error ? 'field has-error' : 'field'}>
      <label for={id}>
        {label}
        {optional ? <span class="optional">{words.optional}</span> : null}
      </label>
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
      {children}
      {most ? (
        <p class="soft small" id={`${id}-most`}>
          {words.upTo(most)}
        </p>
      ) : null}
    </div>
  );
}

/** A file, or several. What is chosen is chosen again where a form comes back: browsers do not let it be filled in. */
export function FileField({ accept, many, ...props }: FieldProps & { accept: string; many?: boolean }) {
  return (
    <Field {...props}>
      <input type="file" {...described(props)} accept={accept} multiple={many} />
    </Field>
  );
}

export function TextField(
  props: FieldProps & { autocomplete?: string; inputmode?: 'text' | 'numeric' | 'email' | 'decimal'; narrow?: boolean },
) {
  const { form, name, autocomplete = 'off', inputmode, narrow } = props;
  return (
    <Field {...props}>
      <input
        type="text"
        class={narrow ? 'narrow' : undefined}
        {...described(props)}
        value={typedIn(form, name)}
        autocomplete={autocomplete}
        inputmode={inputmode}
      />
    </Field>
  );
}

/**
 * An amount in 元 as people type it: never `type=number`, which eats commas and wheels. Below it stands what it is read as, in capitals too;
 * `shown` tells the server, which takes no amount that has not been shown so (`unseenAmounts`).
 */
export function AmountField(props: FieldProps) {
  const { form, name, words } = props;
  const typed = typedIn(form, name);
  const fen = parseAmount(typed);
  const id = idOf(form, name);
  const field = described(props);
  return (
    <Field {...props}>
      <span class="with-unit">
        <input
          type="text"
          {...field}
          aria-describedby={[field['aria-describedby'], `${id}-read`].filter(Boolean).join(' ')}
          value={typed}
          inputmode="decimal"
          autocomplete="off"
          class="amount"
          data-amount
        />
        <span class="unit" aria-hidden="true">
          {words.yuan}
        </span>
      </span>
      <span class="read-back soft small" id={`${id}-read`} data-template={words.amountRead({ amount: '{amount}', upper: '{upper}' })}>
        {fen === null || fen === 0 ? '' : amountRead(words, fen)}
      </span>
      <input type="hidden" name="shown[]" value={fen ?? ''} />
    </Field>
  );
}

/** An amount as a page shows it before it counts: in figures, and below in capitals. */
export function AmountRead({ fen, words }: { fen: number; words: Words }) {
  return fen === 0 ? (
    <span>{money(fen)}</span>
  ) : (
    <>
      {money(fen)} <span class="soft small">{words.inCapitals(upperAmount(fen))}</span>
    </>
  );
}

export function PercentField(props: FieldProps) {
  const { form, name } = props;
  return (
    <Field {...props}>
      <span class="with-unit">
        <input type="text" {...described(props)} value={typedIn(form, name)} inputmode="decimal" autocomplete="off" class="amount" />
        <span class="unit" aria-hidden="true">
          %
        </span>
      </span>
    </Field>
  );
}

export function DateField(props: FieldProps & { type?: 'date' | 'datetime-local' }) {
  const { form, name, type = 'date' } = props;
  return (
    <Field {...props}>
      <input type={type} class="narrow" {...described(props)} value={typedIn(form, name)} />
    </Field>
  );
}

export function PasswordField(props: FieldProps & { autocomplete: 'current-password' | 'new-password' }) {
  return (
    <Field {...props}>
      <input type="password" {...described(props)} autocomplete={props.autocomplete} />
    </Field>
  );
}

export function AreaField(props: FieldProps & { rows?: number }) {
  const { form, name, rows = 4 } = props;
  return (
    <Field {...props}>
      <textarea {...described(props)} rows={rows}>
        {typedIn(form, name)}
      </textarea>
    </Field>
  );
}

export function SelectField<Value extends string>(
  props: FieldProps & { options: readonly Value[]; text: (value: Value) => string; blank?: string },
) {
  const { form, name, options, text, blank } = props;
  const chosen = typedIn(form, name);
  return (
    <Field {...props}>
      <select {...described(props)}>
        {blank === undefined ? null : (
          <option value="" selected={chosen === ''}>
            {blank}
          </option>
        )}
        {options.map((value) => (
          <option value={value} selected={chosen === value}>
            {text(value)}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** Several choices of a few: radios, or checkboxes where `many`. */
export function ChoiceField<Value extends string>(
  props: FieldProps & { options: readonly Value[]; text: (value: Value) => Child; many?: boolean; big?: boolean },
) {
  const { form, name, label, hint, options, text, many, big, words, optional } = props;
  const chosen = form.values.get(name) ?? [];
  const error = form.errors[name];
  const id = idOf(form, name);
  return (
    <fieldset
      class={`field choices${big ? ' big-choices' : ''}${error ? ' has-error' : ''}`}
      id={id}
      tabindex={-1}
      aria-describedby={error ? `${id}-error` : undefined}
    >
      <legend>
        {label}
        {optional ? <span class="optional">{words.optional}</span> : null}
      </legend>
      {hint ? <p class="hint">{hint}</p> : null}
      {error ? (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
      {options.map((value) => (
        <label class="choice">
          <input type={many ? 'checkbox' : 'radio'} name={name} value={value} checked={chosen.includes(value)} />
          <span>{text(value)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The one main action of a form. */
export function Submit({ children }: PropsWithChildren) {
  return (
    <p class="actions">
      <button type="submit" class="primary">
        {children}
      </button>
    </p>
  );
}

/**
 * What the key Enter does in a form whose first button would do something else, such as add a row: browsers press the first button in the
 * page that belongs to the form. Nobody sees this one or comes upon it with the keyboard.
 */
export function Enter({ at, children }: PropsWithChildren<{ at?: string | undefined }>) {
  return (
    <button type="submit" form={TYPED} name="action" value="enter" formaction={at} class="visually-hidden" tabindex={-1}>
      {children}
    </button>
  );
}

/** At the top of a refused form, in view and focused once the page is there: what is wrong, each linked to its field; or what did not happen, and why. */
export function ErrorSummary({ form, words }: { form: Filled; words: Words }) {
  const errors = Object.entries(form.errors);
  if (errors.length === 0) {
    return form.again ? (
      <p class="notice" role="status" id="errors">
        {words.kept.notSent}
      </p>
    ) : null;
  }
  return (
    <div class="error-summary" role="alert" id="errors" tabindex={-1} autofocus>
      <h2>{errors.some(([name]) => name) ? words.errors.title : words.errors.notDone}</h2>
      <ul>
        {errors.map(([name, text]) => (
          <li>{name ? <a href={`#${idOf(form, name)}`}>{text}</a> : text}</li>
        ))}
      </ul>
    </div>
  );
}

/** The form of a command: posts to `/cases/CASE/do/COMMAND` with a request id, so that sending twice does it once; errors on top. */
export function CommandForm({ children, ...of }: PropsWithChildren<CommandProps>) {
  return (
    <Given door="do" {...of}>
      {children}
      {of.form.beyond ? <ForApproval {...of} /> : null}
    </Given>
  );
}

/** The same of a command that can be sent for approval alone. */
export function ForApprovalForm(of: CommandProps) {
  return (
    <Given door="for-approval" {...of}>
      <ForApproval {...of} />
    </Given>
  );
}

type CommandProps = {
  view: View;
  caseId: string;
  command: string;
  form: Filled;
  hidden?: Record<string, string | number>;
  /** It is what its page is for: what is written in it goes along where the page is shown in another language or size. */
  main?: boolean;
};

function Given({
  door,
  view,
  caseId,
  command,
  form,
  hidden = {},
  main = false,
  children,
}: PropsWithChildren<CommandProps & { door: string }>) {
  const isTyped = form.again === true || (main && view.refused === null);
  return (
    <form method="post" action={`/cases/${caseId}/${door}/${command}`} id={isTyped ? TYPED : undefined} data-once>
      <ErrorSummary form={form} words={view.words} />
      <input type="hidden" name="requestId" value={view.requestId()} />
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={String(value)} />
      ))}
      {children}
    </form>
  );
}

/** The words to who approves, and the button that sends a form to them instead. */
function ForApproval({ view, caseId, command, form }: CommandProps) {
  const { approval: say } = view.words;
  return (
    <div class="notice stack tight">
      <p>{say.sendHint}</p>
      <AreaField form={form} words={view.words} name={FOR_APPROVAL} label={say.toSupervisor} most={MAX_APPROVAL_WORDS} rows={2} optional />
      <p>
        <button type="submit" class="primary" formaction={`/cases/${caseId}/for-approval/${command}`}>
          {say.send}
        </button>
      </p>
    </div>
  );
}
