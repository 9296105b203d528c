import type { Stage } from '../../worker/negotiation/entry.ts';
import type { Dated } from '../../worker/negotiation/own-cases.ts';
import type { Pending } from '../../worker/negotiation/pending.ts';
import { binds } from '../../worker/negotiation/stage.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { type Begun, BegunList, type Found, FoundHere } from '../parts/begun.tsx';
import { NextPage } from '../parts/crumb.tsx';
import type { View } from '../parts/view.ts';
import { dateText, momentText, money, pendingText, type Words, wordsAt } from '../words/index.ts';

/** A case as lists show it. What is not `proven` is shown by its name alone. */
type CaseShown = {
  id: string;
  number: string;
  reference: string;
  borrower: string | null;
  stage: Stage;
  awaited: string | null;
  deadline: string | null;
  amount: number;
  nextDue: string | null;
  nextAmount: number | null;
  proven: boolean;
  pending: readonly Pending[];
};

/** A person's own cases, and a lender's desk: what waits for whom, until when, about how much. */

type OwnCase = CaseShown & Pick<Dated, 'place' | 'today' | 'promised'> & { lenderName: string };
type Cases = { view: View; cases: OwnCase[]; found: Found[]; drafts: Begun[] };

export function CasesPage({ view, cases, found, drafts }: Cases) {
  const { words } = view;
  const { cases: say } = words;
  return (
    <Layout view={view} title={say.title}>
      <PageTitle>{say.title}</PageTitle>
      <FoundHere found={found} words={words} />
      <BegunList drafts={drafts} words={words} />
      {cases.length === 0 ? (
        <>
          <p>{say.empty}</p>
          {drafts.length === 0 ? <p class="soft">{say.emptyHint}</p> : null}
        </>
      ) : (
        <ul class="list">
          {cases.map((one) => (
            <CaseItem one={one} name={one.lenderName} own="borrower" today={one.today} words={wordsAt(words, one.place)} />
          ))}
        </ul>
      )}
      <p class="actions">
        <a class="button primary" href="/open">
          {words.home.start}
        </a>
      </p>
    </Layout>
  );
}

type Item = { one: CaseShown & { promised?: string | null }; name: string; own: 'borrower' | 'lender'; today: string; words: Words };

/** A case in a list: under an agreement with what is left to pay and the next instalment, before with what is owed and until when what is awaited. */
function CaseItem({ one, name, own, today, words }: Item) {
  const { cases: say } = words;
  const performed = binds(one) || one.stage === 'completed';
  const offer = one.awaited === null ? '' : one.awaited === own ? say.waitingYou : say.waitingThem;
  const waits = [offer, ...one.pending.map((what) => pendingText(what, words))].filter(Boolean).join(words.semicolon);
  const until = untilText(one, today, words);
  return (
    <li>
      <a href={`/cases/${one.id}`}>
        <span>
          <strong>{name}</strong> {one.proven ? <span class={`tag ${one.stage}`}>{words.stage[one.stage]}</span> : null}
        </span>
        <span class="end">
          {one.proven && performed ? <span class="soft small">{words.payment.left} </span> : null}
          <strong class="num">{one.proven ? money(one.amount) : null}</strong>
        </span>
        <span class="soft small across">
          {one.number} · {one.reference}
        </span>
        {one.proven ? null : <span class="small across">{words.unproven.title}</span>}
        {one.proven && (waits || until) ? <span class="small across">{[waits, until].filter(Boolean).join(' · ')}</span> : null}
      </a>
    </li>
  );
}

/**
 * What time brings next: the day by which the lender promised to answer; the next instalment, or since when it is overdue; before an agreement, the end of the
 * offer on the table.
 */
function untilText({ stage, deadline, nextDue, nextAmount, promised }: Item['one'], today: string, words: Words): string {
  const { cases: say } = words;
  if (promised) return (promised < today ? say.answerLate : say.answerBy)({ date: dateText(words, promised) });
  if (nextDue !== null) {
    const next = { date: dateText(words, nextDue), amount: money(nextAmount ?? 0) };
    return nextDue < today ? say.overdue(next) : say.nextPayment(next);
  }
  if (!deadline) return '';
  return stage === 'negotiating' ? words.case.offerStands(momentText(words, deadline)) : words.case.by(momentText(words, deadline));
}

type DeskProps = {
  view: View;
  today: string;
  lender: { slug: string; name: string };
  tab: 'us' | 'them' | 'all';
  text: string;
  cases: CaseShown[];
  next: string | null;
  /** Whether the reader may open cases, and see who works here. */
  opens: boolean;
  inspects: boolean;
  /** Letters that could not be delivered, where the reader sees to them. */
  undelivered: number;
};

export function DeskPage({ view, today, lender, tab, text, cases, next, opens, inspects, undelivered }: DeskProps) {
  const { words } = view;
  const { desk: say } = words;
  const tabs = [
    ['us', say.waitingUs],
    ['them', say.waitingThem],
    ['all', say.all],
  ] as const;
  return (
    <Layout view={view} title={say.title} wide>
      <PageTitle lead={lender.name}>{say.title}</PageTitle>
      <nav class="tabs" aria-label={say.title}>
        {tabs.map(([key, name]) => (
          <a href={`/desk/${lender.slug}?show=${key}`} aria-current={tab === key && !text ? 'page' : undefined}>
            {name}
          </a>
        ))}
        <a href={`/desk/${lender.slug}/approvals`}>{words.approval.title}</a>
        {undelivered > 0 ? <a href={`/desk/${lender.slug}/letters`}>{words.undelivered.tab({ count: undelivered })}</a> : null}
      </nav>
      <form method="get" action={`/desk/${lender.slug}`} class="row" role="search">
        <input type="text" name="text" class="narrow" value={text} aria-label={say.search} placeholder={say.search} />
        <button type="submit">{say.find}</button>
      </form>
      {cases.length === 0 ? <p class="soft">{text ? say.notFound({ text }) : say.empty}</p> : null}
      {cases.length > 0 ? (
        <ul class="list">
          {cases.map((one) => (
            <CaseItem one={one} name={one.borrower ?? ''} own="lender" today={today} words={words} />
          ))}
        </ul>
      ) : null}
      <NextPage next={next} words={words} />
      <p class="actions">
        {opens ? (
          <a class="button" href={`/desk/${lender.slug}/new`}>
            {say.open}
          </a>
        ) : null}
        <a class="button" href={`/desk/${lender.slug}/payments`}>
          {words.received.link}
        </a>
        {inspects ? (
          <a class="button" href={`/desk/${lender.slug}/staff`}>
            {words.staff.title}
          </a>
        ) : null}
        {inspects ? (
          <a class="button" href={`/desk/${lender.slug}/exports`}>
            {words.takeMany.title}
          </a>
        ) : null}
        {inspects ? (
          <a class="button" href={`/desk/${lender.slug}/policy`}>
            {words.policy.title}
          </a>
        ) : null}
      </p>
    </Layout>
  );
}
