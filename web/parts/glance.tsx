import type { Child } from 'hono/jsx';
import { given } from '../../worker/negotiation/agreement.ts';
import { exceeded } from '../../worker/negotiation/authority.ts';
import { counterable } from '../../worker/negotiation/automatic.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { isErased } from '../../worker/negotiation/custody.ts';
import { daysOverdue } from '../../worker/negotiation/debt.ts';
import { figureKeys } from '../../worker/negotiation/means.ts';
import { beyondPolicy } from '../../worker/negotiation/policy-bounds.ts';
import { onTable, commands as proposal, scheduleOf } from '../../worker/negotiation/proposal.ts';
import { figureName } from '../telling/means.ts';
import { clauseLines } from '../telling/proposal.ts';
import { money } from '../words/index.ts';
import { DebtPairs } from './debt.tsx';
import { amountOf, papersFor } from './figure.tsx';
import { Fold } from './fold.tsx';
import { offerName } from './offer.tsx';
import { Pairs } from './pairs.tsx';
import { type Ground, heldOf, Standards } from './plan.tsx';
import type { View } from './view.ts';
import { type Yardstick, YardstickNote } from './yardstick.tsx';

/** What whoever answers for the lender weighs, in one view beside the thread: debt, means, offer, policy and yardstick; and the counter-offer that is one step away. */

/** What a case is held against. */
export type Weighed = { ground: Ground; yardstick: Yardstick };

type Props = Weighed & { view: View; id: string; kase: Case; situation: Context };

export function Glance({ view, id, kase, situation, ground, yardstick }: Props) {
  const { words } = view;
  const { agent: say } = words;
  return (
    <Fold id="glance" title={say.glance} as="glance">
      <Part title={words.debt.title} to={`/cases/${id}/debt`}>
        <DebtPairs kase={kase} id={id} debt={ground.debt} words={words} />
      </Part>
      {kase.means ? (
        <Part title={words.means.title} to={`/cases/${id}/means`}>
          <Means kase={kase} id={id} words={words} />
        </Part>
      ) : null}
      <OfferPart view={view} id={id} kase={kase} situation={situation} ground={ground} />
      <Part title={words.policy.title}>
        <Standards ground={ground} words={words} />
      </Part>
      <YardstickNote yardstick={yardstick} words={words} />
    </Fold>
  );
}

type Words = View['words'];

function Part({ title, to, children }: { title: string; to?: string; children: Child }) {
  return (
    <>
      <h3>{to ? <a href={to}>{title}</a> : title}</h3>
      {children}
    </>
  );
}

function Means({ kase, id, words }: { kase: Case; id: string; words: Words }) {
  const { means, figures } = kase;
  if (!means) return null;
  const { means: say } = words;
  const states = Object.values(figures).map(({ state }) => state);
  const count = (state: string) => states.filter((one) => one === state).length;
  return (
    <>
      <Pairs
        of={(['income', 'expenses', 'otherDebts', 'disposable', 'affordable'] as const).map((name) => [
          say[name],
          money(means.totals[name]),
        ])}
      />
      <p class="small">{words.agent.figures({ verified: count('verified'), queried: count('queried'), answered: count('answered') })}</p>
      <Papers kase={kase} id={id} words={words} />
    </>
  );
}

/** Figures that are named with their papers; of more, how many. */
const NAMED = 6;

/** Figures with papers behind them that nobody has verified yet: each leads to its paper, beside which it is verified or queried. */
function Papers({ kase, id, words }: { kase: Case; id: string; words: Words }) {
  const { means, figures } = kase;
  if (!means) return null;
  const waiting = figureKeys(means.statement).flatMap((figure) => {
    const papers = papersFor(kase, figure).filter(({ sha256, state }) => state !== 'rejected' && !isErased(kase, sha256));
    return figures[figure]?.state === 'verified' || papers.length === 0 ? [] : [{ figure, papers }];
  });
  if (waiting.length === 0) return null;
  return (
    <>
      <p class="small soft">{words.agent.papers}</p>
      <ul class="files small">
        {waiting.slice(0, NAMED).map(({ figure, papers }) => (
          <li>
            <span class="row between">
              {figureName(words, figure)} <span class="num">{money(amountOf(means.statement, figure))}</span>
            </span>
            {papers.map(({ sha256, name }) => (
              <a class="file-name" href={`/cases/${id}/files/${sha256}/view`}>
                {name}
              </a>
            ))}
          </li>
        ))}
      </ul>
      {waiting.length > NAMED ? (
        <p class="small">
          <a href={`/cases/${id}/means`}>{words.agent.morePapers({ count: waiting.length - NAMED })}</a>
        </p>
      ) : null}
    </>
  );
}

/** The offer on the table, what of it is outside policy, whether the reader could accept it alone, and the nearest plan that is inside. */
function OfferPart({ view, id, kase, situation, ground }: Pick<Props, 'view' | 'id' | 'kase' | 'situation' | 'ground'>) {
  const { words } = view;
  const { agent: say } = words;
  const { policy, today } = situation;
  const offer = onTable(kase, situation.at);
  if (!offer) return null;
  const { debt, terms } = offer;
  const schedule = scheduleOf(offer);
  const disposable = kase.means?.totals.disposable ?? null;
  const outside = beyondPolicy(policy, { debt, terms, schedule, disposable, daysOverdue: daysOverdue(kase, today), today });
  const misses = heldOf({ ...schedule, terms }, ground)?.misses.length ?? 0;
  const isTheirs = offer.side === 'borrower';
  const { authority } = ground;
  const isBeyond = authority !== undefined && exceeded(authority.limits, authority.books, given(kase, offer), today) !== null;
  return (
    <Part
      title={offerName(offer, offer.answers ? kase.offers[offer.answers - 1] : undefined, words)}
      to={`/cases/${id}/proposals/${offer.version}`}
    >
      <ul class="plain-list small">
        {clauseLines(offer, words).map(({ value }) => (
          <li>{value}</li>
        ))}
        {policy.version === 0 ? null : (
          <li class={outside.length > 0 ? 'bad-text' : undefined}>
            {outside.length > 0
              ? say.outside({ what: outside.map(({ what }) => words.policy.beyond[what]).join(words.comma) })
              : say.inside}
          </li>
        )}
        {misses > 0 ? <li class="bad-text">{say.misses({ count: misses })}</li> : null}
        {isTheirs && authority ? <li>{isBeyond ? say.beyond : say.within}</li> : null}
      </ul>
      {counterable(kase, situation.at) && offered(kase, proposal.make, situation) ? (
        <p>
          <a class="button" href={`/cases/${id}/proposals/nearest`}>
            {say.nearest}
          </a>
        </p>
      ) : null}
    </Part>
  );
}
