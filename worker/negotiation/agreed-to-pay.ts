import type { Case } from './entry.ts';

/**
 * Whether the borrower has agreed to pay by an act in the case, in the sense of the limitation period (诉讼时效规定 art. 14): by an offer of their own, by taking up the
 * lender's or what a mediator suggests. To sign, to pay and to ask for another day come after one of these. Until then the page of each act that may be taken for it
 * says beforehand what that means; figures, letters and messages among them may be, and do not end it.
 */
export const hasAgreedToPay = ({ offers, agreement }: Pick<Case, 'offers' | 'agreement'>): boolean =>
  agreement !== null || offers.some(({ side }) => side === 'borrower');
