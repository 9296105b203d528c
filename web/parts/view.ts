import type { Language, Words } from '../words/index.ts';

/** What every page knows of its reader. */
export type View = {
  words: Words;
  language: Language;
  /** Path and query of the request: where a change of language comes back to. */
  path: string;
  /** Where people reach the portal: what goes before a path that is read elsewhere. */
  origin: string;
  /** Larger letters and larger targets, as the reader chose. */
  elder: boolean;
  /** `asksFactor`: who gave their second factor longer ago, and is asked for it again where something asks for a proof. */
  person: { name: string; memberships: { slug: string; name: string }[]; asksFactor: boolean } | null;
  /** Whether the reader can give their second factor by a passkey here: they have one, and neither the site's address nor their browser stands against it. */
  passkey: boolean;
  development: boolean;
  /** Whether codes and notices reach a mobile number. */
  reachesPhones: boolean;
  /** An address of the reader's, with its middle hidden, where letters to it are refused for good; `instead`: where they go, where that was their second one. */
  unreached: { to: string; instead: string | null } | null;
  /** A new id for a form, by which sending it twice does it once. */
  requestId: () => string;
  /** The command that was just refused, as it was typed. */
  refused: Refused | null;
  /** The case of the page is not as the portal wrote it: it is shown as far as it can be proven, and nothing can be done in it. `set-back`: its record was newer once. */
  unproven: boolean | 'set-back';
  /** The lender of the page, or for whom the reader works, where its cases are paused: they can be read, and nothing can be done in them. */
  paused: string | null;
};

/**
 * A form that comes back: `at` is where it is posted to be shown again as it stands, such as in the other language; null where it held nothing. `lost` is set where the
 * page has no place for it any more (`whole`), or for some of its fields.
 */
export type Refused = { command: string; form: Filled; at: string | null; lost?: { whole: boolean; names: readonly string[] } };

/** What a person typed and what is wrong with it, field by field; '' is the form as a whole. `scope` tells the ids of one form from
 * another's; `again` is set where this very form was sent, and is shown again. */
export type Filled = {
  values: ReadonlyMap<string, readonly string[]>;
  errors: Readonly<Record<string, string>>;
  scope?: string;
  again?: boolean;
  /** It was refused for the authority of who sent it alone, and can be sent for approval. */
  beyond?: boolean;
};

/** Names of fields that the sign-in page carries for the form that was sent without a session, and of the path at which that is shown again. */
export const KEPT = 'kept:';
export const KEPT_AT = `${KEPT}at`;

/** Fields of the form that reports a payment: the day of the agreed figures, and the day before it that the person has already been asked about. */
export const FIGURES_OF = 'figuresOf';
export const SEEN_DAY = 'seenDay';

/** And what is left to pay, in 分, and the amount beyond it that the person has already been asked about. */
export const LEFT_OF = 'leftOf';
export const SEEN_AMOUNT = 'seenAmount';

/** The field of the words to who approves what a form would do. */
export const FOR_APPROVAL = 'forApproval';

/** The button that sends a text as it is, whatever is marked in it, says so by this name. */
export const AS_IT_IS = 'asItIs';

/** The id of the one form of a page that holds what was typed: from outside of it, a button can send it. */
export const TYPED = 'typed';

/** The view of the page at a path that also answers forms: the address at which one came back stays where a change of language leads. */
export const viewAt = (view: View, path: string): View => (view.path.split('?')[0] === path.split('?')[0] ? view : { ...view, path });

export const BLANK: Filled = { values: new Map(), errors: {} };

/** A form filled in from what is known, field by field. */
export function filled(values: Record<string, string | number | null | undefined>): Filled {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, [String(value)]] as const],
  );
  return { values: new Map(entries), errors: {} };
}

export function typedIn(form: Filled, name: string): string {
  return form.values.get(name)?.[0] ?? '';
}

/** The id of a field on its page. */
export function idOf(form: Filled, name: string): string {
  return form.scope ? `${form.scope}-${name}` : name;
}

/** The ids of a figure on the page of the means, of a file on that of the files, of a complaint on theirs, and of payments and requests to move on that of the agreement: what is to be done about one leads there. */
export const figureId = (figure: string) => `figure-${figure}`;
export const fileId = (sha256: string) => `file-${sha256.slice(0, 12)}`;
export const complaintId = (seq: number) => `complaint-${seq}`;
export const paymentId = (seq: number | string) => `payment-${seq}`;
export const moveId = (seq: number | string) => `move-${seq}`;

/** The field of forms to which somebody came from a list of a lender's desk: its slug and the number of the case. They lead back there, with what was done. */
export const LIST = 'list';
export const DID = { command: 'did', in: 'in' };

/** The field of forms that stand beside a paper: its digest. They come back there. */
export const PAPER = 'paper';

/** The id of the form that reports a payment. */
export const REPORT = 'report';

/**
 * The state of a command's form on a page: what was typed where this very form was refused, else `otherwise`.
 * `hidden` tells the forms of one command apart, such as one a file.
 */
export function formFor(view: View, command: string, hidden: Record<string, string | number> = {}, otherwise: Filled = BLANK): Filled {
  const scope = [
    command.replace('.', '-'),
    ...Object.values(hidden).map((value) =>
      String(value)
        .replace(/[^\w-]/g, '_')
        .slice(0, 24),
    ),
  ].join('-');
  const refused = view.refused?.command === command ? view.refused.form : null;
  const same = refused !== null && Object.entries(hidden).every(([name, value]) => typedIn(refused, name) === String(value));
  return { ...(same ? refused : otherwise), scope };
}

/** What stands under a name that a client chose: its own, and never what every object has (`constructor`, `__proto__`). */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
