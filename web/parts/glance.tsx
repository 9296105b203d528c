import type { Child } from 'hono/jsx';
import { given } from '../../worker/negotiation/agreement.ts';
import { exceeded } from '../../worker/negotiation/authority.ts';
import { counterable } from '../../worker/negotiation/automatic.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { daysOverdue, difference } from '../../worker/negotiation/debt.ts';
import { disputeOf } from '../../worker/negotiation/dispute.ts';
import { beyondPolicy } from '../../worker/negotiation/policy-bounds.ts';
import { onTable, commands as proposal, scheduleOf } from '../../worker/negotiation/proposal.ts';
import { COMPONENTS } from '../../worker/plan/format.ts';
import { outstanding } from '../../worker/plan/terms.ts';
import { clauseLines } from '../telling/proposal.ts';
import { headed, money } from '../words/index.ts';
import { DisputedMark } from './dispute.tsx';
import { offerName } from './offer.tsx';
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
    <section class="card glance" aria-labelledby="glance">
      <h2 id="glance">{say.glance}</h2>
      <Part title={words.debt.title} to={`/cases/${id}/debt`}>
        <Debt kase={kase} id={id} ground={ground} words={words} />
      </Part>
      {kase.means ? (
        <Part title={words.means.title} to={`/cases/${id}/means`}>
          <Means kase={kase} words={words} />
        </Part>
      ) : null}
      <OfferPart view={view} id={id} kase={kase} situation={situation} ground={ground} />
      <Part title={words.policy.title}>
        <Standards ground={ground} words={words} />
      </Part>
      <YardstickNote yardstick={yardstick} words={words} />
    </section>
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

const Pairs = ({ of: pairs }: { of: readonly (readonly [name: string, value: Child])[] }) => (
  <dl class="pairs small">
    {pairs.map(([name, value]) => (
      <>
        <dt>{name}</dt>
        <dd class="num">{value}</dd>
      </>
    ))}
  </dl>
);

function Debt({ kase, id, ground: { debt }, words }: { kase: Case; id: string; ground: Ground; words: Words }) {
  const apart = difference(kase);
  const parts = COMPONENTS.filter((part) => debt[part] > 0 || disputeOf(kase, `debt.${part}`) !== null).map((part): [string, Child] => [
    headed(words.component[part]),
    <>
      <DisputedMark kase={kase} of={`debt.${part}`} id={id} words={words} /> {money(debt[part])}
    </>,
  ]);
  return (
    <>
      <Pairs of={[...parts, [kase.debts.confirmed ? words.debt.confirmed : words.agent.working, money(outstanding(debt))]]} />
      {apart !== null && apart !== 0 ? <p class="small bad-text">{words.debt.difference(money(Math.abs(apart)))}</p> : null}
    </>
  );
}

function Means({ kase: { means, figures }, words }: { kase: Case; words: Words }) {
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
