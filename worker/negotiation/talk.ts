import * as z from 'zod';
import { instantOf } from '../plan/law/zone.ts';
import { FileRef } from '../record/format.ts';
import { CALLED, type Call, callBeyond, EXCESSES, OUTCOMES } from './calls.ts';
import { command } from './command.ts';
import { inHours, waitsUntil } from './conduct.ts';
import { type Case, type ContentsOf, entry, sideOf } from './entry.ts';
import { addEvidence, addFiles, FILES_AT_ONCE, MAX_FILES } from './evidence.ts';
import { isRefused, refuse } from './refusal.ts';
import type { Side } from './seats.ts';
import { notClosed } from './stage.ts';
import { Digest, Line, Seq, Text } from './text.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** Messages, and phone calls that one side logs and the other confirms or contests. */

/** Calls that a case can hold: one a day for years. */
const MAX_CALLS = 2_000;

export type Talk = { messages: number; calls: Record<string, Call> };

/** A moment as a form gives it: local date and time in China, to the minute. */
const LocalMoment = z
  .string()
  .length(16)
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/);

const DIRECTIONS = ['to-borrower', 'to-lender'] as const;

const CallLog = z.object({
  when: LocalMoment,
  direction: z.enum(DIRECTIONS),
  minutes: z.int().min(0).max(600),
  outcome: z.enum(OUTCOMES).default('effective'),
  called: z.enum(CALLED).default('party'),
  /** The last four digits of the number that was called, by which tries are counted: the whole number stands nowhere. */
  number: z
    .string()
    .trim()
    .regex(/^\d{4}$/, { error: 'last-digits', abort: true })
    .length(4)
    .optional(),
  words: Text(4000),
});

/** Formal letters of each side, in its own voice: nobody issues one in the other's name. Drawn from the case and edited by whoever issues them. */
export const LETTERS = {
  borrower: ['repayment-plan', 'hardship', 'reduction', 'call'],
  lender: ['answer', 'debt-confirmation', 'call-confirmation', 'invitation'],
} as const;
/** Letters to others than the two sides, each in the voice of who issues it: with them a way elsewhere begins, or what was reached there is confirmed. */
export const PETITIONS = {
  borrower: ['mediation-request', 'regulator-complaint', 'confirmation-request'],
  lender: ['lender-mediation-request', 'lender-confirmation-request'],
} as const;
export type Petition = (typeof PETITIONS)[Side][number];
export type Letter = (typeof LETTERS)[Side][number] | Petition;
const LetterKind = z.enum([...LETTERS.borrower, ...LETTERS.lender, ...PETITIONS.borrower, ...PETITIONS.lender]);

/** Whether it asks a court to confirm an agreement. */
export const isConfirmation = (one: Petition): boolean => one === 'confirmation-request' || one === 'lender-confirmation-request';

/** A letter as one to others; null where it is to the other side. */
export const petitionOf = (letter: string): Petition | null =>
  [...PETITIONS.borrower, ...PETITIONS.lender].find((one) => one === letter) ?? null;

const entries = {
  'talk.letter-issued': entry({
    content: z.object({ letter: LetterKind, words: z.string(), mediation: z.int().optional() }),
    told: 'others',
    personal: true,
    evolve: (kase) => kase,
  }),
  'talk.message': entry({
    content: z.object({ words: z.string(), mediation: z.int().optional() }),
    told: 'others',
    personal: true,
    evolve: (kase) => ({ ...kase, messages: kase.messages + 1 }),
  }),
  /**
   * An answer by mail: what its writer wrote, the mail itself, and the names of what is attached to it and not kept beside it. It names the file, so that whoever has it
   * erased has the file erased with it.
   */
  'talk.mail-received': entry({
    content: z.object({ words: z.string(), mail: FileRef, left: z.array(z.string()).optional(), mediation: z.int().optional() }),
    told: 'others',
    personal: true,
    evolve: (kase) => ({ ...kase, messages: kase.messages + 1 }),
  }),
  'talk.call-logged': entry({
    /** Of older ones it is not known what came of them. `beyond`: what of the rules and the borrower's wishes it did not keep to. */
    content: z.object({
      when: LocalMoment,
      direction: z.enum(DIRECTIONS),
      minutes: z.int(),
      outcome: z.enum(OUTCOMES).optional(),
      called: z.enum(CALLED).optional(),
      number: z.string().optional(),
      words: z.string(),
      beyond: z.array(z.object({ what: z.enum(EXCESSES), count: z.int().optional(), limit: z.int().optional() })).optional(),
      mediation: z.int().optional(),
    }),
    told: 'others',
    personal: true,
    evolve(kase, logged) {
      const { when, direction, outcome, called, number } = logged.content;
      const counted = outcome && called ? { when, direction, outcome, called, ...(number ? { number } : {}) } : {};
      return answered(kase, { seq: logged.seq, side: sideOf(logged), state: 'logged', ...counted });
    },
  }),
  'talk.call-confirmed': entry({
    content: z.object({ call: z.int() }),
    told: 'nobody',
    personal: true,
    evolve: (kase, { content: { call } }) => answered(kase, { ...kase.calls[call], state: 'confirmed' }),
  }),
  'talk.call-contested': entry({
    content: z.object({ call: z.int(), words: z.string(), mediation: z.int().optional() }),
    told: 'others',
    personal: true,
    evolve: (kase, { content: { call } }) => answered(kase, { ...kase.calls[call], state: 'contested' }),
  }),
};

declare module './entry.ts' {
  interface Case extends Talk {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

/** A call as it now stands; of one that the record does not show, nothing is known. */
function answered(kase: Case, call: Partial<Call> & Pick<Call, 'state'>): Case {
  const { seq, side } = call;
  return seq === undefined || !side ? kase : { ...kase, calls: { ...kase.calls, [seq]: { ...call, seq, side } } };
}

const message = command({
  name: 'talk.message',
  input: z.object({ words: Text(5000) }),
  needs: 'speak',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: notClosed,
  decide: (kase, { words }, context) => inHours(kase, 'talk.message', { words }, [{ kind: 'talk.message', content: { words } }], context),
  gives: 'nothing',
});

/** Files of one mail that are not kept beside it. */
const MOST_LEFT = 50;

/**
 * An answer by mail. The portal brings it, once it knows who wrote it: no client can. One of staff outside the hours is not taken, as they could not take it back. `said` is all that the mail says, quoted or not: it is no entry, but it lies in
 * the file of the mail, so that what staff may not say is not said there either.
 */
const receiveMail = command({
  name: 'talk.receiveMail',
  input: z.object({
    words: z.union([z.literal(''), Text(16_000)]),
    said: z.object({ words: Text(60_000) }),
    mail: Digest,
    files: z.array(Digest).max(FILES_AT_ONCE),
    left: z.array(Line(100)).max(MOST_LEFT),
  }),
  needs: 'speak',
  doors: [],
  page: null,
  proof: false,
  when: notClosed,
  decide(kase, { words, mail, files, left }, context) {
    const until = waitsUntil(kase, context);
    if (until !== null) return refuse('contact.outside-hours', { moment: until });
    if (words === '' && files.length + left.length === 0) return refuse('mail.empty');
    if (Object.keys(kase.evidence).length + files.length + 1 > MAX_FILES) return refuse('evidence.too-many', { max: MAX_FILES });
    const file = context.files.get(mail);
    if (!file) return refuse('evidence.unknown-file');
    const all = [mail, ...files].map((sha256) => ({ sha256, figures: [] }));
    // What is attached lies in the file of the mail, too, also what is not kept beside it: without consent none of it is taken in.
    const added = files.length + left.length > 0 ? addEvidence(kase, { files: all }, context) : addFiles(kase, all, context);
    if (isRefused(added)) return added;
    return [{ kind: 'talk.mail-received', content: { words, mail: file, ...(left.length > 0 ? { left } : {}) } }, ...added];
  },
  gives: 'nothing',
});

const logCall = command({
  name: 'talk.logCall',
  input: CallLog,
  needs: 'speak',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: notClosed,
  decide(kase, input, { at, zone, policy }) {
    if (Object.keys(kase.calls).length >= MAX_CALLS) return refuse('case.full', { max: MAX_CALLS });
    if (instantOf(input.when, zone) > at) return refuse('call.future', { field: 'when' });
    const { number, ...call } = input;
    const beyond = callBeyond(kase, input, policy);
    const content = { ...call, ...(number ? { number } : {}), ...(beyond.length > 0 ? { beyond } : {}) };
    return [{ kind: 'talk.call-logged', content }];
  },
  gives: 'nothing',
});

/** Whose voice a letter has: of old records an agent's letter may have the borrower's. */
export function voiceOf(letter: string): Side {
  return [...LETTERS.lender, ...PETITIONS.lender].some((one) => one === letter) ? 'lender' : 'borrower';
}

const issueLetter = command({
  name: 'talk.issueLetter',
  input: z.object({ letter: LetterKind, words: Text(8000) }),
  needs: 'speak',
  doors: ['form', 'api'],
  page: 'letter',
  proof: false,
  when: notClosed,
  decide(kase, content, context) {
    if (voiceOf(content.letter) !== context.seat.side) return refuse('letter.not-yours');
    return inHours(kase, 'talk.issueLetter', content, [{ kind: 'talk.letter-issued', content }], context);
  },
  gives: 'nothing',
});

const openCall = (kase: Case, side: Side) =>
  notClosed(kase) ?? (Object.values(kase.calls).some((call) => call.side !== side && call.state === 'logged') ? null : refuse('call.none'));

const confirmCall = command({
  name: 'talk.confirmCall',
  input: z.object({ call: Seq }),
  needs: 'speak',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: (kase, { seat }) => openCall(kase, seat.side),
  decide: (kase, { call }, { seat }) => answerable(kase, call, seat.side) ?? [{ kind: 'talk.call-confirmed', content: { call } }],
  gives: 'nothing',
});

const contestCall = command({
  name: 'talk.contestCall',
  input: z.object({ call: Seq, words: Text(2000) }),
  needs: 'speak',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: (kase, { seat }) => openCall(kase, seat.side),
  decide: (kase, { call, words }, { seat }) =>
    answerable(kase, call, seat.side) ?? [{ kind: 'talk.call-contested', content: { call, words } }],
  gives: 'nothing',
});

/** A call is answered once, by the side that did not log it. */
function answerable(kase: Case, seq: number, side: Side) {
  const call = kase.calls[seq];
  return call && call.side !== side && call.state === 'logged' ? null : refuse('call.none', { field: 'call' });
}

export const commands = { message, receiveMail, logCall, confirmCall, contestCall, issueLetter };

export const talk = topic({ empty: { messages: 0, calls: {} }, entries, commands, due: nothingDue, awaits: nobody });
