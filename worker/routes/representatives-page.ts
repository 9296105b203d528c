import { RepresentativesPage } from '../../web/pages/representatives.tsx';
import { authorityText } from '../../web/telling/representation.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import { AUTHORITY_WORDING, commands as representation } from '../negotiation/representation.ts';
import { type C, type OpenCase, page } from './portal.ts';

/** The page of who acts for the borrower, on which somebody is appointed in two steps: the form, and the letter that it comes to. */

/** What of the form the letter is drawn from; by whom it is signed comes after it. */
export const Drawn = representation.appoint.input.omit({ signed: true });

/** Fields that stand beside the letter; a fault of any other leads back to the form. */
const BESIDE = ['', 'signed', 'password', 'factor'];

/**
 * @param shown `values` are the form; where it is whole, the letter that it comes to is shown, and its fields wait beside the signature, unless (`draws`) it is to be
 * changed
 */
export function showRepresentatives(
  c: C,
  { kase, situation, id, row }: OpenCase,
  { values = new Map(), draws = true }: { values?: Typed; draws?: boolean },
  status: 200 | 422 = 200,
) {
  const { view } = c.var;
  const read = readForm(Drawn, values);
  const isDrawn = Object.keys(view.refused?.form.errors ?? {}).every((name) => BESIDE.includes(name));
  const about = { lender: kase.lenderName, borrower: kase.borrowerName ?? '', reference: kase.loan.reference };
  const letter =
    draws && read.ok && isDrawn
      ? authorityText({ ...read.input, ...about, signed: about.borrower, wording: AUTHORITY_WORDING }, situation.today, view.words)
      : null;
  return page(c, RepresentativesPage({ view, id, number: row.number, kase, situation, letter, values }), status);
}
