import { type Approval, commands as approvals, MAX_APPROVAL_WORDS } from '../../worker/negotiation/approval.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import type { Debt, Terms } from '../../worker/plan/terms.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { ageText, RequestItem } from '../parts/approval.tsx';
import { Crumb, DeskCrumb, NextPage } from '../parts/crumb.tsx';
import { AreaField, CommandForm } from '../parts/fields.tsx';
import { LawMarks } from '../parts/law.tsx';
import { offerName } from '../parts/offer.tsx';
import { Fits, type Ground, heldOf, Pictures, Standards } from '../parts/plan.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { ScheduleTable, Totals } from '../parts/schedule.tsx';
import { ToldLines } from '../parts/told.tsx';
import { formFor, type View } from '../parts/view.ts';
import { type Yardstick, YardstickNote } from '../parts/yardstick.tsx';
import { excessLine, inputLines } from '../telling/approval.ts';
import { hintsOf } from '../telling/schedule.ts';
import { type Line, named, said } from '../telling/telling.ts';
import { dayText, momentText } from '../words/index.ts';

/** What waits for approval: the queue of a lender, and one request with all that is needed to answer it. */

type Queued = { id: string; number: string; borrower: string | null; requests: { asked: Approval; moved: boolean }[] | null };
type QueueProps = { view: View; lender: { slug: string; name: string }; waiting: Queued[]; at: string; next: string | null };

export function QueuePage({ view, lender, waiting, at, next }: QueueProps) {
  const { words } = view;
  const { approval: say } = words;
  return (
    <Layout view={view} title={say.title} wide>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={lender.name}>{say.title}</PageTitle>
      {waiting.length === 0 ? (
        <>
          <p>{say.empty}</p>
          <p class="soft">{say.emptyHint}</p>
        </>
      ) : (
        <ul class="list">
          {waiting.flatMap(({ id, number, borrower, requests }) => {
            const name = `${borrower ?? ''} · ${number}`;
            return (
              requests?.map(({ asked, moved }) => (
                <RequestItem id={id} asked={asked} moved={moved} at={at} name={name} words={words} />
              )) ?? [
                <li>
                  <a href={`/cases/${id}`}>
                    <strong>{name}</strong>
                    <span class="small across">{words.unproven.title}</span>
                  </a>
                </li>,
              ]
            );
          })}
        </ul>
      )}
      <NextPage next={next} words={words} />
    </Layout>
  );
}

type Props = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  asked: Approval;
  /** What would be done, while it waits: its entry holds the rest. */
  would: { plan: { debt: Debt; terms: Terms } | null; ground: Ground | null };
  moved: boolean;
  situation: Context;
  yardstick: Yardstick;
};

/** One request: what is asked and why, the figures and the yardstick, policy and limits, what was offered so far; and the answers that there are. */
export function ApprovalPage({ view, id, number, kase, asked, would, moved, situation, yardstick }: Props) {
  const { words } = view;
  const { approval: say } = words;
  const { plan, ground } = would;
  const open = asked.state === 'asked';
  return (
    <Layout view={view} title={say.request(asked.seq)} wide>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.only}>{say.requestOf({ name: asked.by.name, act: say.of[asked.command] })}</PageTitle>
      {open ? null : (
        <p class="notice" role="status">
          {say.none} <a href={`/cases/${id}/own#o${asked.seq}`}>{words.own.title.lender}</a>
        </p>
      )}
      {open && moved ? (
        <p class="notice warn" role="status">
          {words.refusal['approval.moved-on']}
        </p>
      ) : null}
      <div class="halves">
        <section class="card own stack" aria-labelledby="request">
          <h2 id="request">{say.request(asked.seq)}</h2>
          <p class="notice warn">{excessLine(asked.excess, words)}</p>
          <ToldLines lines={requestLines(asked, plan, situation.at, view)} words={words} caseId={id} />
        </section>
        {ground ? (
          <section class="stack" aria-labelledby="figures">
            <h2 id="figures">{say.figures}</h2>
            <Standards ground={ground} words={words} />
            <YardstickNote yardstick={yardstick} words={words} />
          </section>
        ) : null}
      </div>
      {plan && ground ? <Planned plan={plan} ground={ground} situation={situation} view={view} /> : null}
      {kase.offers.length > 0 ? <History id={id} kase={kase} view={view} /> : null}
      {open ? <Answers view={view} id={id} kase={kase} asked={asked} moved={moved} situation={situation} /> : null}
    </Layout>
  );
}

function requestLines(asked: Approval, plan: Props['would']['plan'], at: string, { words }: View): Line[] {
  const { approval: say } = words;
  return [
    named(say.by({ name: asked.by.name }), say.since({ moment: momentText(words, asked.at), age: ageText(asked.at, at, words) })),
    ...said(asked.words),
    ...(asked.input ? inputLines({ command: asked.command, input: asked.input, debt: plan?.debt }, words) : []),
  ];
}

/** The plan that would be made or accepted, held against the means, the minimum and, for who asked, their limits. */
function Planned({
  plan,
  ground,
  situation,
  view,
}: {
  plan: { debt: Debt; terms: Terms };
  ground: Ground;
  situation: Context;
  view: View;
}) {
  const { words } = view;
  const schedules = schedule(plan.debt, plan.terms);
  if ('refused' in schedules) return null;
  const worked = { ...schedules, terms: plan.terms };
  const held = heldOf(worked, ground);
  const { policy, today } = situation;
  return (
    <section class="stack" aria-label={words.schedule.title}>
      <Totals totals={worked.totals} terms={plan.terms} words={words} />
      <Fits worked={worked} held={held} ground={ground} words={words} offeredBy="borrower" />
      <LawMarks plan={{ ...worked, debt: plan.debt }} loan={ground.loan} policy={policy} on={today} words={words} />
      <Pictures worked={worked} held={held} words={words} />
      <details>
        <summary>{words.schedule.all}</summary>
        <ScheduleTable schedule={worked} words={words} held={held} hints={hintsOf(policy)} />
      </details>
    </section>
  );
}

function History({ id, kase, view }: { id: string; kase: Case; view: View }) {
  const { words } = view;
  const { approval: say } = words;
  return (
    <section class="stack tight" aria-labelledby="history">
      <h2 id="history">{say.history}</h2>
      <ul class="plain-list">
        {kase.offers.map((offer) => {
          const name = offerName(offer, offer.answers ? kase.offers[offer.answers - 1] : undefined, words);
          const [side, date, state] = [words.of(offer.side), dayText(words, offer.at), words.offer.state[offer.state]];
          return (
            <li>
              <a href={`/cases/${id}/proposals/${offer.version}`}>{say.historyLine({ offer: name, side, date, state })}</a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Answers({ view, id, kase, asked, moved, situation }: Omit<Props, 'number' | 'would' | 'yardstick'>) {
  const { words } = view;
  const { approval: say } = words;
  const hidden = { approval: asked.seq };
  const mine = asked.by.account === situation.seat.account;
  const approve = formFor(view, approvals.approve.name, hidden);
  const giveBack = formFor(view, approvals.giveBack.name, hidden);
  const mayAnswer = offered(kase, approvals.giveBack, situation);
  if (mine)
    return (
      <CommandForm
        view={view}
        caseId={id}
        command={approvals.withdraw.name}
        form={formFor(view, approvals.withdraw.name, hidden)}
        hidden={hidden}
      >
        <p>{mayAnswer ? say.own : say.yours}</p>
        <p>
          <button type="submit">{say.withdraw}</button>
        </p>
      </CommandForm>
    );
  if (!mayAnswer) return <p class="notice">{say.yours}</p>;
  return (
    <section class="next-step stack" aria-label={say.title} id="answer">
      {moved && !approve.again ? null : (
        <CommandForm view={view} caseId={id} command={approvals.approve.name} form={approve} hidden={hidden}>
          <h2>{say.approve}</h2>
          <p class="hint">{say.approveHint}</p>
          <AreaField form={approve} words={words} name="words" label={say.words} most={MAX_APPROVAL_WORDS} rows={2} optional />
          <ProofFields form={approve} view={view} label={say.password} />
          <p>
            <button type="submit" class="primary">
              {say.approve}
            </button>
          </p>
        </CommandForm>
      )}
      {asked.command === 'proposal.make' ? (
        <p>
          <a class="button" href={`/cases/${id}/proposals/new?approval=${asked.seq}`}>
            {say.change}
          </a>{' '}
          <span class="hint">{say.changeHint}</span>
        </p>
      ) : null}
      <details open={giveBack.again}>
        <summary>{say.giveBack}</summary>
        <CommandForm view={view} caseId={id} command={approvals.giveBack.name} form={giveBack} hidden={hidden}>
          <AreaField
            form={giveBack}
            words={words}
            name="words"
            label={say.giveBackWords}
            hint={say.giveBackHint}
            most={MAX_APPROVAL_WORDS}
            rows={3}
          />
          <p>
            <button type="submit">{say.giveBack}</button>
          </p>
        </CommandForm>
      </details>
    </section>
  );
}
