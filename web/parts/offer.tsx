import type { PropsWithChildren } from 'hono/jsx';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Offer, scheduleOf } from '../../worker/negotiation/proposal.ts';
import { type Change, changes, type TermField, waivedPart } from '../../worker/plan/comparison.ts';
import { firstInstalment } from '../../worker/plan/first-instalment.ts';
import { phasesOf } from '../telling/clauses.ts';
import { debtRows, differsText, groundText, oldDebtText, type Rests } from '../telling/debt-change.ts';
import { clauseLines, offerFigures, offerSaid, type Spoken } from '../telling/proposal.ts';
import { dateText, momentText, money, rateText, type Words } from '../words/index.ts';
import { SmallChart } from './chart.tsx';
import { Days } from './days.tsx';

/** What an offer is called: a counter-offer where it answers one of the other side's, not where it takes the place of its own. */
export function offerName(
  offer: Pick<Offer, 'version' | 'side'>,
  answered: Pick<Offer, 'side'> | undefined,
  { offer: say }: Words,
): string {
  return answered && answered.side !== offer.side ? say.counter(offer.version) : say.proposal(offer.version);
}

/** An offer as a card: who, what it comes to, what changed since the one it answers, on what debt it rests where that is no longer so, until when it stands. */
export function OfferCard({
  offer,
  kase,
  before,
  caseId,
  words,
  heading: Heading = 'h3',
  title = offerName(offer, before, words),
  folded,
  whole,
  children,
}: PropsWithChildren<{
  offer: Offer;
  kase: Case;
  before: Offer | undefined;
  caseId: string;
  words: Words;
  heading?: 'h2' | 'h3';
  title?: string;
  /** An older one, by its key figures; the rest of it is unfolded. */
  folded?: boolean;
  /** On the page of the offer itself there is nowhere further to go. */
  whole?: boolean;
}>) {
  const { offer: say } = words;
  const old = oldDebtText(kase, offer, words);
  const automatic = offer.automatic === undefined ? null : words.person.automatic({ version: offer.automatic });
  const rest = (
    <>
      {automatic ? <p class="notice small">{automatic}</p> : null}
      <SmallChart rows={scheduleOf(offer).rows} words={words} />
      <ClauseList offer={offer} words={words} />
      <OfferWords offer={offer} words={words} />
      {before ? <ChangedFrom before={before} after={offer} words={words} /> : null}
    </>
  );
  return (
    <section class={`offer ${offer.side} ${offer.state}`} id={`offer-${offer.version}`} aria-labelledby={`offer-${offer.version}-title`}>
      <header>
        <Heading id={`offer-${offer.version}-title`}>{title}</Heading>
        <span class={`tag ${offer.state}`}>{say.state[offer.state]}</span>
      </header>
      <dl class="offer-figures">
        {offerFigures(offer, words).map(({ label, value, as }) => (
          <div class={as === 'figure' ? 'main-figure' : undefined}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {old ? (
        <p class="notice warn">
          <Days of={old} />
        </p>
      ) : null}
      {folded ? (
        <details>
          <summary>{say.whole}</summary>
          <div class="stack tight">{rest}</div>
        </details>
      ) : (
        rest
      )}
      <p class="offer-foot">
        {offer.state === 'live' ? <span>{say.expires(momentText(words, offer.expiresAt))}</span> : null}
        {whole ? null : <a href={`/cases/${caseId}/proposals/${offer.version}`}>{say.view}</a>}
        {before ? <a href={`/cases/${caseId}/compare?a=${before.version}&b=${offer.version}`}>{say.compare}</a> : null}
      </p>
      {children}
    </section>
  );
}

/** All that is offered, clause by clause. */
export function ClauseList({ offer, words }: { offer: Owed; words: Words }) {
  return (
    <ul class="clauses">
      {clauseLines(offer, words).map(({ value }) => (
        <li>
          <Days of={value} />
        </li>
      ))}
    </ul>
  );
}

/** What is said with an offer: why something should be waived, and the words to the other side. */
export function OfferWords({ offer, words }: { offer: Spoken; words: Words }) {
  return (
    <>
      {offerSaid(offer, words).map(({ label, value }) =>
        label === undefined ? (
          <p class="said">{value}</p>
        ) : (
          <p class="reason">
            <strong>{label}</strong>
            <br />
            {value}
          </p>
        ),
      )}
    </>
  );
}

/** That two offers rest on different debts: in whose words each, and what of it differs. Nothing where they rest on the same. */
export function DebtChanges({ before, after, words }: { before: Rests; after: Rests; words: Words }) {
  const rows = debtRows(before, after, words);
  if (rows.length === 0) return null;
  return (
    <div class="notice warn">
      <p>
        <strong>{differsText(before, after, words)}</strong>
      </p>
      <p>
        {groundText(before, words)} {groundText(after, words)}
      </p>
      <ul>
        {rows.map(([name, left, right]) => (
          <li>
            {name}
            {words.colon}
            <del>{left}</del> → <ins>{right}</ins>
          </li>
        ))}
      </ul>
    </div>
  );
}

type Owed = Pick<Offer, 'debt' | 'terms'>;
type Ruled = Rests & Owed;

/** What an offer changes of the one that it answers: the debt on which it rests, and its terms. Nothing where they are the same. */
export function ChangedFrom({ before, after, words }: { before: Ruled; after: Ruled; words: Words }) {
  const changed = changes(before, after);
  return (
    <>
      <DebtChanges before={before} after={after} words={words} />
      {changed.length > 0 ? (
        <div class="changed">
          <p>
            <strong>{words.offer.changedFrom({ before: before.version, after: after.version })}</strong>
          </p>
          <Changes list={changed} words={words} />
        </div>
      ) : null}
    </>
  );
}

function Changes({ list, words }: { list: Change<Owed>[]; words: Words }) {
  return (
    <ul>
      {list.map((change) => (
        <li>
          {changeName(change, words)}
          {words.colon}
          <del>
            <Days of={changeValue(change.field, change.before, words)} />
          </del>{' '}
          →{' '}
          <ins>
            <Days of={changeValue(change.field, change.after, words)} />
          </ins>
        </li>
      ))}
    </ul>
  );
}

export function changeName({ field }: Pick<Change, 'field'>, words: Words): string {
  const { terms, component } = words;
  const part = waivedPart(field);
  if (part) return words.schedule.waivedPart(component[part]);
  const names: Partial<Record<TermField, string>> = {
    start: terms.start,
    firstPaid: terms.firstPaid,
    firstDue: terms.firstDue,
    every: terms.every,
    rate: terms.rate,
    interestOn: terms.interestOn,
    dayCount: terms.dayCount,
    upfront: terms.upfront,
    phases: terms.phases,
  };
  return names[field] ?? '';
}

/** A term's value as it is read. */
export function changeValue(field: TermField, { debt, terms }: Owed, words: Words): string {
  const part = waivedPart(field);
  if (part) return money(terms.waive[part] ?? 0);
  switch (field) {
    case 'start':
      return dateText(words, terms.start);
    case 'firstPaid':
      return dateText(words, firstInstalment(terms));
    case 'firstDue':
      return dateText(words, terms.firstDue);
    case 'every':
      return { month: words.every.month, fortnight: words.every.fortnight, week: words.every.week }[terms.every];
    case 'rate':
      return rateText(words, terms.rate);
    case 'interestOn':
      return words.terms.interestOnOf[terms.interestOn];
    case 'dayCount':
      return words.terms.dayCountOf[terms.dayCount];
    case 'upfront':
      return terms.upfront
        ? words.terms.clause.upfront({ date: dateText(words, terms.upfront.due), amount: money(terms.upfront.amount) })
        : words.none;
    default:
      return phasesOf(debt, terms, words).join(words.semicolon);
  }
}
