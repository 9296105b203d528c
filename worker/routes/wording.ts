import { Hono } from 'hono';
import { WordingPage } from '../../web/pages/wording.tsx';
import { AS_IT_IS } from '../../web/parts/view.ts';
import { typedNotes } from '../../web/parts/wording.tsx';
import type { Command } from '../negotiation/command.ts';
import type { Typed } from '../negotiation/form.ts';
import { bearableFor, heard, saidIn } from '../negotiation/said.ts';
import type { AnySeat, Side } from '../negotiation/seats.ts';
import { admissions } from '../store/admission.ts';
import { type C, caseId, formOf, type OpenCase, openShared, type Portal, page, person } from './portal.ts';
import { SECRETS } from './proof.ts';
import { comeBack } from './returned.ts';
import { keptAt } from './unsent.ts';

/** What a text for the other side is marked for, at the moment of sending: a page with the words and three equal choices. Nothing of it is kept or told. */

/** The longest text that is read while it is typed, in units: what a message may have. */
const LONGEST = 5_000;

export const wordingRoutes = new Hono<Portal>();

/**
 * How a text reads that somebody is writing, line by line, as JSON: of no case, and kept nowhere. Whoever works for a lender writes as its staff; whoever has no account yet writes
 * what they open a case with.
 */
wordingRoutes.post('/wording', async (c) => {
  const isBeginning = c.var.visit === null && !c.var.owing;
  const side = !isBeginning && person(c).memberships.length > 0 ? 'lender' : 'borrower';
  const text = (await formOf(c)).get('text')?.[0] ?? '';
  return c.json(typedNotes(text.slice(0, LONGEST), side, c.var.view.words));
});

/**
 * The page that shows what a command's texts are marked for, before anything is sent, at an address of its own; null where there is nothing to show, or where
 * the sender has seen it. `despair` tells whether help is to be offered once it is sent.
 */
export async function softened(
  c: C,
  command: Command,
  values: Typed,
  input: unknown,
): Promise<{ shown: Response | null; despair: boolean }> {
  const said = command.needs === 'confide' ? [] : saidIn(input);
  const [first] = said.length > 0 ? admissions(person(c), caseId(c)) : [];
  if (!first) return { shown: null, despair: false };
  // A promise is held against the means: they are read only where there may be one.
  const rough = heard(said, sideOf(first.seat), promises(first.seat) ? 0 : null);
  if (rough.marked.length === 0 || values.has(AS_IT_IS)) return { shown: null, despair: rough.despair };
  const opened = await openShared(c);
  const found = heardIn(opened, input);
  if (found.marked.length === 0) return { shown: null, despair: found.despair };
  const shown = await comeBack(c, markedAt(opened, command), { values }, () => showMarked(c, opened, command, values, input));
  return { shown, despair: found.despair };
}

/** Who sits between the sides is heard as a borrower is: nothing is kept from being sent. */
const sideOf = ({ side }: Pick<AnySeat, 'side'>): Side => (side === 'lender' ? 'lender' : 'borrower');

/** Who sits between the sides promises nothing. */
const promises = ({ side }: Pick<AnySeat, 'side'>): boolean => side === 'borrower';

const seatIn = ({ situation, neutral }: OpenCase): Pick<AnySeat, 'side'> => (neutral ?? situation).seat;

const affordableIn = (opened: OpenCase) =>
  promises(seatIn(opened)) ? bearableFor('borrower', opened.kase.means?.statement ?? null) : null;

const heardIn = (opened: OpenCase, input: unknown) => heard(saidIn(input), sideOf(seatIn(opened)), affordableIn(opened));

/** Where what a command's texts are marked for is shown. */
export const markedAt = ({ id }: Pick<OpenCase, 'id'>, { name }: Command) => `/cases/${id}/marked/${name}`;

export function showMarked(c: C, opened: OpenCase, command: Command, values: Typed, input: unknown) {
  const { id, row, situation } = opened;
  const { marked, despair } = heardIn(opened, input);
  // A password or a code is typed again: it stays on no page.
  const kept = new Map([...values].filter(([name]) => !SECRETS.has(name)));
  const shown = { id, number: row.number, command: command.name, values: kept, marked, despair, policy: situation.policy };
  const of = { side: sideOf(seatIn(opened)), affordable: affordableIn(opened), proves: command.proof, keptAt: keptAt(opened, command) };
  return page(c, WordingPage({ view: c.var.view, ...shown, ...of }), 422);
}
