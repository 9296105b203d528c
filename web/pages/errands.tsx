import type { Case, Own } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { commands, type Errand, MAX_TASK, waitingErrands } from '../../worker/negotiation/errand.ts';
import { MAX_NOTE } from '../../worker/negotiation/note.ts';
import type { Employed } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb, DeskCrumb, NextPage } from '../parts/crumb.tsx';
import { ErrandText, WaitingErrand } from '../parts/errands.tsx';
import { AreaField, ChoiceField, CommandForm, DateField, SelectField } from '../parts/fields.tsx';
import { filled, formFor, LIST, type View } from '../parts/view.ts';
import type { Words } from '../words/index.ts';

/** Mentions and tasks: those of a case, with the forms for more, and all that wait for somebody at the desk. */

type CaseProps = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  own: Own;
  situation: Context;
  /** Who works on cases now. */
  colleagues: readonly Employed[];
  /** From the list of which lender's desk the reader came, and comes back to. */
  list: string | undefined;
};

export function ErrandsPage(props: CaseProps) {
  const { view, id, number, kase, own, situation, colleagues, list } = props;
  const { words } = view;
  const { errands: say } = words;
  const waiting = waitingErrands(own);
  const done = own.errands.filter((one) => one.done);
  const here = new Set(colleagues.map(({ account }) => account));
  return (
    <Layout view={view} title={say.title}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      {waiting.length === 0 ? <p class="soft">{say.none}</p> : null}
      {waiting.length > 0 ? (
        <ul class="list">
          {waiting.map((errand) => (
            <li>
              <WaitingErrand
                view={view}
                id={id}
                kase={kase}
                situation={situation}
                errand={errand}
                gone={!here.has(errand.to)}
                list={list && `${list} ${number}`}
              />
              {errand.kind === 'task' ? <Give {...props} errand={errand} /> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {offered(kase, commands.set, situation) ? <SetTask {...props} /> : null}
      {offered(kase, commands.mention, situation) ? <Mention {...props} /> : null}
      {done.length > 0 ? (
        <details>
          <summary>{say.doneTasks}</summary>
          <ul class="list">
            {done.toReversed().map((errand) => (
              <li>
                <div class="item">
                  <span>
                    <ErrandText errand={errand} today={situation.today} words={words} />
                  </span>
                  {errand.kind === 'task' && offered(kase, commands.reopen, situation) ? (
                    <div class="end">
                      <CommandForm
                        view={view}
                        caseId={id}
                        command={commands.reopen.name}
                        form={formFor(view, commands.reopen.name, { task: errand.no })}
                        hidden={{ task: errand.no }}
                      >
                        <button type="submit" class="quiet" aria-label={say.reopenOf(errand)}>
                          {say.reopen}
                        </button>
                      </CommandForm>
                    </div>
                  ) : null}
                </div>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Layout>
  );
}

/** A colleague as they are chosen from: with what they are, as two can have one name. */
const colleagueText = ({ name, capacity, team }: Employed, words: Words) =>
  [name, words.capacity[capacity], team].filter(Boolean).join(' · ');

function chosenFrom(colleagues: readonly Employed[], words: Words) {
  const names = new Map(colleagues.map((one) => [one.account, colleagueText(one, words)]));
  return { options: [...names.keys()], text: (account: string) => names.get(account) ?? account };
}

function Give({ view, id, kase, situation, colleagues, errand }: CaseProps & { errand: Errand }) {
  const { words } = view;
  const { errands: say } = words;
  const hidden = { task: errand.no };
  const form = formFor(view, commands.give.name, hidden);
  if (!offered(kase, commands.give, situation)) return null;
  const others = colleagues.filter(({ account }) => account !== errand.to);
  return (
    <details open={form.again} class="item">
      <summary>{say.give}</summary>
      <CommandForm view={view} caseId={id} command={commands.give.name} form={form} hidden={hidden}>
        <SelectField form={form} words={words} name="to" label={say.to} blank={words.choose} {...chosenFrom(others, words)} />
        <p>
          <button type="submit">{say.give}</button>
        </p>
      </CommandForm>
    </details>
  );
}

function SetTask({ view, id, situation, colleagues }: CaseProps) {
  const { words } = view;
  const { errands: say } = words;
  const { name } = commands.set;
  const form = formFor(view, name, {}, filled({ to: situation.seat.account, on: situation.today }));
  return (
    <section class="card" aria-labelledby="task">
      <h2 id="task">{say.task}</h2>
      <CommandForm view={view} caseId={id} command={name} form={form}>
        <AreaField form={form} words={words} name="what" label={say.taskWhat} most={MAX_TASK} rows={2} />
        <DateField form={form} words={words} name="on" label={say.on} />
        <SelectField form={form} words={words} name="to" label={say.to} {...chosenFrom(colleagues, words)} />
        <p>
          <button type="submit" class="primary">
            {say.setTask}
          </button>
        </p>
      </CommandForm>
    </section>
  );
}

function Mention({ view, id, situation, colleagues }: CaseProps) {
  const { words } = view;
  const { errands: say } = words;
  const { name } = commands.mention;
  const form = formFor(view, name);
  const others = colleagues.filter(({ account }) => account !== situation.seat.account);
  return (
    <section class="card" aria-labelledby="mention">
      <h2 id="mention">{say.mention}</h2>
      <CommandForm view={view} caseId={id} command={name} form={form}>
        <AreaField form={form} words={words} name="what" label={say.what} most={MAX_NOTE} rows={3} />
        <ChoiceField form={form} words={words} name="to" label={say.who} hint={say.whoHint} many {...chosenFrom(others, words)} />
        <p>
          <button type="submit" class="primary">
            {say.send}
          </button>
        </p>
      </CommandForm>
    </section>
  );
}

/** What waits, as a list finds it; `errand` is null where its stream is not as the portal wrote it. */
type Row = { case: string; no: number; number: string; borrower: string | null; errand: Errand | null };

export function DeskErrandsPage(props: {
  view: View;
  lender: { slug: string; name: string };
  today: string;
  mine: readonly Row[];
  ownerless: readonly Row[];
  next: string | null;
  /** What was just done with one of them, and in which case. */
  did: { command: string; number: string } | null;
}) {
  const { view, lender, today, mine, ownerless, next, did } = props;
  const { words } = view;
  const { errands: say } = words;
  return (
    <Layout view={view} title={say.forMe}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.forMeLead}>{say.forMe}</PageTitle>
      {did ? (
        <p class="notice good" role="status">
          {did.command === commands.finish.name ? say.done : say.seen} · {did.number}
        </p>
      ) : null}
      {mine.length === 0 ? <p class="soft">{say.none}</p> : <Rows all={mine} slug={lender.slug} today={today} words={words} />}
      <NextPage next={next} words={words} />
      {ownerless.length > 0 ? (
        <section class="stack" aria-labelledby="ownerless">
          <h2 id="ownerless">{say.ownerless}</h2>
          <p class="hint">{say.ownerlessHint}</p>
          <Rows all={ownerless} slug={lender.slug} today={today} words={words} gone />
        </section>
      ) : null}
    </Layout>
  );
}

function Rows({
  all,
  slug,
  today,
  gone = false,
  words,
}: {
  all: readonly Row[];
  slug: string;
  today: string;
  gone?: boolean;
  words: Words;
}) {
  return (
    <ul class="list">
      {all.map(({ case: id, no, number, borrower, errand }) => (
        <li>
          <a href={`/cases/${id}/errands?${LIST}=${slug}#errand-${no}`}>
            <span>
              {errand ? (
                <ErrandText errand={errand} today={today} gone={gone} words={words} />
              ) : (
                <span class="soft">{words.own.unproven}</span>
              )}
            </span>
            <span class="end small soft">
              {borrower}
              <br />
              {number}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
