import type { openedBy } from '../../web/pages/opening/check.tsx';
import { letterDraft } from '../../web/parts/letter.ts';
import { faultsText, refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { planLetter } from '../export/plan-letter.ts';
import { EMPTY_CASE, fold } from '../negotiation/case.ts';
import { isDecided } from '../negotiation/command.ts';
import type { Typed } from '../negotiation/form.ts';
import { commands as life } from '../negotiation/life.ts';
import { scheduleOf } from '../negotiation/proposal.ts';
import { isRefused } from '../negotiation/refusal.ts';
import { PartyName } from '../negotiation/text.ts';
import { value } from './arrival.ts';
import { attachment } from './attachment.ts';
import type { Opening } from './drafts.ts';
import { fontsOf } from './font.ts';
import { standingOf } from './opening-page.ts';
import type { C } from './portal.ts';
import type { Said } from './returned.ts';

/**
 * For a lender that is not here: the letter and the plan that the case would have begun with, as one document. There is no case, and nothing is recorded or
 * signed by the portal: it is the person's own letter.
 */
export async function takeAway(
  c: C,
  at: Opening,
  input: NonNullable<ReturnType<typeof openedBy>>,
  sent: Typed,
  refuse: (said: Said) => Response | Promise<Response>,
) {
  const { words } = c.var.view;
  const name = PartyName.safeParse(value(sent, 'name'));
  if (!name.success)
    return refuse((said) =>
      faultsText(
        said,
        name.error.issues.map((issue) => ({ path: 'name', issue, as: 'text' })),
      ),
    );
  const { context } = standingOf(c, at);
  const seat = { ...context.seat, name: name.data };
  const decided = life.openByBorrower.decide(EMPTY_CASE, { ...input, lenderName: at.lender.name }, { ...context, seat });
  if (!isDecided(decided)) return refuse((said) => (isRefused(decided) ? { '': refusalText(said, decided.refused) } : {}));
  const author = { side: seat.side, capacity: seat.capacity, name: seat.name, account: null };
  const kase = fold(decided.map(({ kind, content }, i) => ({ seq: i + 1, at: context.at, kind, content, author })));
  const [offer] = kase.offers;
  if (!offer) throw new Error('A draft that is whole has an offer.');
  const text = letterDraft('repayment-plan', kase, { ...context, seat }, words);
  const fonts = await fontsOf(c, `${text}${JSON.stringify(words.schedule)}`);
  const made = await planLetter(
    { title: words.letters.kind['repayment-plan'], text, schedule: scheduleOf(offer), hints: at.policy, fonts, at: instant() },
    words,
  );
  return attachment(c, made, words.opening.takeFile({ lender: at.lender.name }), 'application/pdf');
}
