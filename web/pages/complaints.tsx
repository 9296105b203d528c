import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import {
  answerBy,
  COMPLAINT_KINDS,
  type Complaint,
  commands as complaint,
  isLate,
  nextDays,
  notYet,
  OUTCOMES,
  overseersOf,
} from '../../worker/negotiation/complaint.ts';
import { disputable } from '../../worker/negotiation/dispute.ts';
import { loanOf } from '../../worker/negotiation/loan.ts';
import { may } from '../../worker/negotiation/seats.ts';
import type { WayName } from '../../worker/plan/law/ways.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb, DeskCrumb, NextPage } from '../parts/crumb.tsx';
import { Days } from '../parts/days.tsx';
import type { Shown } from '../parts/entry.tsx';
import { AreaField, ChoiceField, CommandForm, SelectField, Submit } from '../parts/fields.tsx';
import { LawNotes } from '../parts/law.tsx';
import { FromTemplate } from '../parts/template.tsx';
import { complaintId, formFor, type View } from '../parts/view.ts';
import { authorOf } from '../telling/author.ts';
import { byText, holdsText } from '../telling/complaint.ts';
import { figureName } from '../telling/means.ts';
import { tell } from '../telling/tell.ts';
import { dateText, dayText, type Words } from '../words/index.ts';

/** The complaints of a case: each with its clock, its answer, and what the reader can do about it; and making one. */

type Props = { view: View; id: string; number: string; kase: Case; entries: readonly Shown[]; more: boolean; situation: Context };

export function ComplaintsPage(props: Props) {
  const { view, id, number, kase, situation } = props;
  const { words } = view;
  const { complaint: say } = words;
  const { policy, today, seat } = situation;
  return (
    <Layout
      view={view}
      title={say.title}
      scripts={['wording']}
      typedAt={view.refused?.at ?? (offered(kase, complaint.raise, situation) ? `/cases/${id}/typed/${complaint.raise.name}` : undefined)}
    >
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={seat.side === 'borrower' ? say.lead : say.leadLender}>{say.title}</PageTitle>
      {kase.complaints.length === 0 ? <p class="soft">{say.none}</p> : null}
      {kase.complaints.toReversed().map((one) => (
        <One {...props} one={one} />
      ))}
      {offered(kase, complaint.raise, situation) ? <Raise {...props} /> : null}
      <LawNotes topic="help" loan={loanOf(kase, policy)} policy={policy} on={today} words={words} />
    </Layout>
  );
}

/** How the tags look that say how far a complaint has come. */
const TAGS: Record<Complaint['state'], string> = {
  raised: 'late',
  answered: 'answered',
  accepted: 'confirmed',
  escalated: 'disputed',
  withdrawn: '',
};

function One(props: Props & { one: Complaint }) {
  const { view, situation, one } = props;
  const { words } = view;
  const { complaint: say } = words;
  const title = `${complaintId(one.seq)}-title`;
  const held = one.state === 'accepted' || one.state === 'withdrawn' ? null : holdsText(one, words);
  return (
    <article class="card stack tight" id={complaintId(one.seq)} aria-labelledby={title}>
      <h2 id={title} class="row between">
        <span>{say.kinds[one.kind]}</span>
        <span class={`tag ${TAGS[one.state]}`}>{say.state[one.state]}</span>
      </h2>
      <dl class="pairs">
        <dt>{words.case.receipt(one.seq)}</dt>
        <dd>{dayText(words, one.at)}</dd>
        {one.outcome === undefined && one.state !== 'withdrawn' ? (
          <>
            <dt>{say.answerBy}</dt>
            <dd>
              <strong>{byText(one, situation.today, words)}</strong>
            </dd>
          </>
        ) : null}
        {one.entries.length + one.figures.length > 0 ? (
          <>
            <dt>{say.about}</dt>
            <dd>
              <About {...props} />
            </dd>
          </>
        ) : null}
      </dl>
      <h3>{say.facts}</h3>
      <p class="said">{one.facts}</p>
      <h3>{say.wish}</h3>
      <p class="said">{one.wish}</p>
      {one.extensions.map((reason) => (
        <>
          <h3>{say.extended}</h3>
          <p class="said">{reason}</p>
        </>
      ))}
      {one.outcome ? (
        <>
          <h3>
            {say.outcome}
            {words.colon}
            {say.outcomes[one.outcome]}
          </h3>
          <p class="said">{one.reasons}</p>
        </>
      ) : null}
      {one.to ? (
        <p>
          {say.state.escalated}
          {words.colon}
          {say.overseers[one.to]}
        </p>
      ) : null}
      {held ? <p class="hint">{held}</p> : null}
      <p class="actions">
        <a class="button" href={`/cases/${props.id}/ways/${one.to ?? packOf(situation)}?complaint=${one.seq}`}>
          {words.ways.prepare}
        </a>
        <a class="button" href={`/cases/${props.id}/ways`}>
          {words.ways.title}
        </a>
      </p>
      {situation.readOnly ? null : situation.seat.side === 'lender' ? <ForLender {...props} /> : <ForBorrower {...props} />}
    </article>
  );
}

/** For whom its papers are prepared, where it has not been taken anywhere: whoever oversees the lender, or advice. */
const packOf = ({ policy, today }: Context): WayName => overseersOf(policy, today)[0] ?? 'advice';

/** The entries and figures that it is about, each where it stands. */
function About({ view, id, one }: Props & { one: Complaint }) {
  const { words } = view;
  const entries = one.entries.map((seq) => ({ to: `/cases/${id}#e${seq}`, name: words.case.receipt(seq) }));
  const figures = one.figures.map((figure) => ({
    to: `/cases/${id}/${figure.startsWith('debt.') ? 'debt' : 'means'}`,
    name: figureName(words, figure),
  }));
  return (
    <>
      {[...entries, ...figures].map(({ to, name }, i) => (
        <>
          {i > 0 ? words.comma : ''}
          <a href={to}>{name}</a>
        </>
      ))}
    </>
  );
}

function ForLender({ view, id, kase, situation, one }: Props & { one: Complaint }) {
  const { words } = view;
  const { complaint: say } = words;
  const hidden = { complaint: one.seq };
  const answer = formFor(view, 'complaint.answer', hidden);
  const extend = formFor(view, 'complaint.extend', hidden);
  if (one.outcome !== undefined || (one.state !== 'raised' && one.state !== 'escalated')) return null;
  const days = nextDays(one);
  const extends_ = days !== null && one.state === 'raised' && !isLate(one, situation.today);
  const isLast = days !== null && nextDays({ ...one, days }) === null;
  const maySo = !isLast || may(situation.seat, 'approve', situation.at);
  return (
    <>
      {offered(kase, complaint.answer, situation) ? (
        <CommandForm view={view} caseId={id} command="complaint.answer" form={answer} hidden={hidden}>
          <ChoiceField
            form={answer}
            words={words}
            name="outcome"
            label={say.outcome}
            options={OUTCOMES}
            text={(key) => say.outcomes[key]}
          />
          <AreaField form={answer} words={words} name="words" label={say.reasons} most={3000} />
          <p class="actions">
            <button type="submit" class="primary">
              {say.answer}
            </button>
            <FromTemplate id={id} command="complaint.answer" side={situation.seat.side} form={answer} words={words} />
          </p>
        </CommandForm>
      ) : null}
      {extends_ && !maySo ? <p class="hint">{say.extendSupervisor}</p> : null}
      {extends_ && maySo && offered(kase, complaint.extend, situation) ? (
        <details open={extend.again}>
          <summary>{say.extend}</summary>
          <CommandForm view={view} caseId={id} command="complaint.extend" form={extend} hidden={hidden}>
            <p class="hint">{say.extendHint({ days })}</p>
            <AreaField form={extend} words={words} name="words" label={say.extendWords} most={1000} rows={2} />
            <p>
              <button type="submit">{say.extend}</button>
            </p>
          </CommandForm>
        </details>
      ) : null}
    </>
  );
}

function ForBorrower({ view, id, kase, situation, one }: Props & { one: Complaint }) {
  const { words } = view;
  const { complaint: say } = words;
  const hidden = { complaint: one.seq };
  const withdraw = formFor(view, 'complaint.withdraw', hidden);
  if (one.state === 'accepted' || one.state === 'withdrawn' || !offered(kase, complaint.withdraw, situation)) return null;
  return (
    <>
      {one.outcome ? (
        <CommandForm view={view} caseId={id} command="complaint.accept" form={formFor(view, 'complaint.accept', hidden)} hidden={hidden}>
          <p class="actions">
            <button type="submit" class="primary">
              {say.accept}
            </button>
          </p>
        </CommandForm>
      ) : null}
      {one.state === 'escalated' ? null : <Escalate {...{ view, id, situation, one }} />}
      <details open={withdraw.again}>
        <summary>{say.withdraw}</summary>
        <CommandForm view={view} caseId={id} command="complaint.withdraw" form={withdraw} hidden={hidden}>
          <AreaField form={withdraw} words={words} name="words" label={say.withdrawWords} most={2000} rows={2} optional />
          <p>
            <button type="submit">{say.withdraw}</button>
          </p>
        </CommandForm>
      </details>
    </>
  );
}

/** Taking it to whoever oversees this kind of lender, once it was answered or its clock has passed; before that, until when the lender can answer. */
function Escalate({ view, id, situation, one }: Pick<Props, 'view' | 'id' | 'situation'> & { one: Complaint }) {
  const { words } = view;
  const { complaint: say } = words;
  const overseers = overseersOf(situation.policy, situation.today);
  if (overseers.length === 0) return <p class="hint">{say.notOverseen}</p>;
  if (notYet(one, situation)) {
    const { date, earliest, latest } = answerBy(one);
    const last = dateText(words, latest);
    return <p class="hint">{earliest ? say.notYetUnsure({ date: dateText(words, date), latest: last }) : say.notYet({ date: last })}</p>;
  }
  const hidden = { complaint: one.seq };
  const form = formFor(view, 'complaint.escalate', hidden);
  return (
    <details open={form.again || one.outcome === undefined}>
      <summary>{say.escalate}</summary>
      <CommandForm view={view} caseId={id} command="complaint.escalate" form={form} hidden={hidden}>
        <p class="hint">{say.escalateHint}</p>
        <SelectField
          form={form}
          words={words}
          name="to"
          label={say.escalateTo}
          {...(overseers.length > 1 ? { blank: words.choose } : {})}
          options={overseers}
          text={(key) => say.overseers[key]}
        />
        <AreaField form={form} words={words} name="words" label={say.escalateWords} most={2000} rows={2} optional />
        <Submit>{say.escalate}</Submit>
      </CommandForm>
    </details>
  );
}

/** Entries of the other side that a complaint is mostly about: what the portal writes, and one's own, are nobody's doing to complain of. */
function Raise({ view, id, kase, entries, more }: Props) {
  const { words } = view;
  const { complaint: say } = words;
  const form = formFor(view, 'complaint.raise');
  const theirs = entries.filter((one) => one.holds !== false && authorOf(one)?.side === 'lender').toReversed();
  // What was ticked among newer or older ones stays ticked, wherever one has gone since.
  const ticked = (form.values.get('entries') ?? []).filter((key) => !theirs.some(({ seq }) => String(seq) === key));
  const options = [...ticked, ...theirs.map(({ seq }) => String(seq))];
  const before = more ? entries[0]?.seq : undefined;
  const field = { form, words };
  return (
    <section class="card stack" id="raise" aria-labelledby="raise-title">
      <h2 id="raise-title">{say.raise}</h2>
      <p class="hint">{say.raiseHint}</p>
      <CommandForm view={view} caseId={id} command="complaint.raise" form={form} main>
        <SelectField
          {...field}
          name="kind"
          label={say.kind}
          blank={words.choose}
          options={COMPLAINT_KINDS}
          text={(key) => say.kinds[key]}
        />
        <AreaField {...field} name="facts" label={say.facts} hint={say.factsHint} most={3000} rows={5} />
        <AreaField {...field} name="wish" label={say.wish} most={1000} rows={2} />
        {disputable(kase).length > 0 ? (
          <ChoiceField
            {...field}
            many
            optional
            name="figures"
            label={say.figures}
            hint={say.figuresHint}
            options={disputable(kase)}
            text={(key) => figureName(words, key)}
          />
        ) : null}
        {options.length > 0 ? (
          <ChoiceField
            {...field}
            many
            optional
            name="entries"
            label={say.entries}
            hint={say.entriesHint}
            options={options}
            text={(key) => <Days of={entryText(theirs.find(({ seq }) => String(seq) === key) ?? Number(key), kase, words)} />}
          />
        ) : null}
        {before === undefined ? null : (
          <p class="actions">
            <button type="submit" formaction={`/cases/${id}/typed/complaint.raise?before=${before}`} formnovalidate>
              {say.older}
            </button>
            <span class="hint">{say.olderHint}</span>
          </p>
        )}
        <Submit>{say.raise}</Submit>
      </CommandForm>
    </section>
  );
}

/** One by its number alone stands on another page. */
function entryText(entry: Shown | number, kase: Case, words: Words): string {
  if (typeof entry === 'number') return words.case.receipt(entry);
  return `${words.case.receipt(entry.seq)} · ${dayText(words, entry.at)} · ${tell(entry, kase, words).what}`;
}

type Listed = { id: string; number: string; borrower: string | null; reference: string; complaints: readonly Complaint[] };
type DeskProps = { view: View; lender: { slug: string; name: string }; today: string; cases: readonly Listed[]; next: string | null };

/** A lender's complaints that wait for its answer, those that are due first: each with the days that are left. */
export function DeskComplaintsPage({ view, lender, today, cases, next }: DeskProps) {
  const { words } = view;
  const { complaint: say } = words;
  return (
    <Layout view={view} title={say.title} wide>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={lender.name}>{say.title}</PageTitle>
      {cases.length === 0 ? <p class="soft">{say.noneWaiting}</p> : null}
      {cases.length > 0 ? (
        <ul class="list">
          {cases.flatMap(({ id, number, borrower, reference, complaints }) =>
            complaints.map((one) => (
              <li>
                <a href={`/cases/${id}/complaints#${complaintId(one.seq)}`}>
                  <span>
                    <strong>{borrower}</strong> <span class="nowrap">{say.kinds[one.kind]}</span>
                  </span>
                  {isLate(one, today) ? (
                    <span class="end">
                      <span class="tag disputed">{say.late}</span>
                    </span>
                  ) : null}
                  <span class="small across">
                    {say.answerBy}
                    {words.colon}
                    {byText(one, today, words)}
                  </span>
                  <span class="soft small across">
                    {number} · {reference}
                  </span>
                </a>
              </li>
            )),
          )}
        </ul>
      ) : null}
      <NextPage next={next} words={words} />
    </Layout>
  );
}
