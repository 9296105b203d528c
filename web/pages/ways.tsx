import type { Case } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { OVERSEERS } from '../../worker/negotiation/complaint.ts';
import { loanOf } from '../../worker/negotiation/loan.ts';
import { RETURNS, type Referral, commands as referral, referredNow, waysOpen } from '../../worker/negotiation/referral.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { ASPECTS, type Way, waysFor } from '../../worker/plan/law/ways.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField, CommandForm, DateField, SelectField, TextField } from '../parts/fields.tsx';
import { Honest, LawNotes } from '../parts/law.tsx';
import { wayLetters } from '../parts/petition.ts';
import { standsText } from '../parts/referred.tsx';
import { filled, formFor, type View } from '../parts/view.ts';
import { dateText, languageOf } from '../words/index.ts';

/** What there is where the two sides do not agree: each way with what it is for, what it costs and what to bring; the papers for it; and where it was taken. */

type Props = { view: View; id: string; number: string; kase: Case; situation: Context };

export function WaysPage(props: Props) {
  const { view, id, number, kase, situation } = props;
  const { words } = view;
  const { ways: say } = words;
  const { seat, policy, today } = situation;
  const language = languageOf(words);
  const ways = waysOpen(seat.side, policy, today);
  const theirs = seat.side === 'lender' ? waysFor(lawOf(policy).code, policy.lender.kind, today).filter(({ borrowers }) => borrowers) : [];
  const [first] = ways.filter(({ id: way }) => OVERSEERS.some((one) => one === way));
  return (
    <Layout view={view} title={say.title} scripts={['wording']}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={seat.side === 'borrower' ? say.lead : say.leadLender}>{say.title}</PageTitle>
      {kase.referrals.length > 0 ? <Taken {...props} /> : null}
      {ways.map((way, i) => (
        <>
          {way === first && policy.lender.kind === null ? <p class="hint">{say.kindUnknown}</p> : null}
          <One {...props} way={way} no={i + 1} />
        </>
      ))}
      {theirs.length > 0 ? <p>{say.borrowers({ names: theirs.map(({ name }) => name[language]).join(words.comma) })}</p> : null}
      {seat.side === 'borrower' ? <Honest words={words} /> : null}
      <LawNotes topic="help" loan={loanOf(kase, policy)} policy={policy} on={today} words={words} />
    </Layout>
  );
}

function One({ view, id, kase, situation, way, no }: Props & { way: Way; no: number }) {
  const { words } = view;
  const { ways: say } = words;
  const language = languageOf(words);
  const title = `way-${way.id}`;
  const hidden = { way: way.id };
  const form = formFor(view, referral.make.name, hidden, filled({ on: situation.today }));
  return (
    <article class="card stack tight" aria-labelledby={title}>
      <h2 id={title}>
        {no}. {way.name[language]}
      </h2>
      <dl class="stack tight">
        {ASPECTS.map((aspect) => (
          <div>
            <dt class="soft small">{say.aspects[aspect]}</dt>
            <dd>{way[aspect][language]}</dd>
          </div>
        ))}
      </dl>
      <p class="soft small">
        {say.source}
        {words.colon}
        {way.source[language]}
        {words.comma}
        {say.since({ date: dateText(words, way.from) })}
        {way.copy ? words.aside(say.copy) : ''}
      </p>
      <p class="actions">
        <a class="button" href={`/cases/${id}/ways/${way.id}`}>
          {say.prepare}
          <span class="visually-hidden">
            {words.colon}
            {way.name[language]}
          </span>
        </a>
        {way.call ? (
          <a class="button" href={`tel:${way.call}`}>
            {say.call({ number: way.call })}
          </a>
        ) : null}
        {wayLetters(situation.seat.side, way.id, kase, situation).map((letter) => (
          <a class="button" href={`/cases/${id}/letters/new?letter=${letter}`}>
            {say.letter({ kind: words.letters.kind[letter] })}
          </a>
        ))}
      </p>
      {offered(kase, referral.make, situation) ? (
        <details open={form.again}>
          <summary>
            {say.made}
            <span class="visually-hidden">
              {words.colon}
              {way.name[language]}
            </span>
          </summary>
          <CommandForm view={view} caseId={id} command={referral.make.name} form={form} hidden={hidden}>
            <p class="hint">{say.madeHint}</p>
            <TextField form={form} words={words} name="to" label={say.to} most={120} />
            <DateField form={form} words={words} name="on" label={say.on} />
            <AreaField form={form} words={words} name="words" label={say.words} most={2000} rows={2} optional />
            <p>
              <button type="submit">{say.made}</button>
            </p>
          </CommandForm>
        </details>
      ) : null}
    </article>
  );
}

/** What was taken elsewhere, by whom, and what came of it. */
function Taken(props: Props) {
  const { view, id, kase } = props;
  const { words } = view;
  const { ways: say } = words;
  const open = new Set(referredNow(kase).map(({ seq }) => seq));
  return (
    <section class="card stack" aria-labelledby="taken">
      <h2 id="taken">{say.referred}</h2>
      {kase.referrals.toReversed().map((one) => (
        <div class="stack tight" id={`referral-${one.seq}`}>
          <p>
            {standsText(one, words)} <a href={`/cases/${id}#e${one.seq}`}>{words.case.receipt(one.seq)}</a>
          </p>
          <p class={open.has(one.seq) ? 'hint' : ''}>
            {one.outcome ? `${say.outcome}${words.colon}${say.outcomes[one.outcome]}` : open.has(one.seq) ? say.open : say.over}
          </p>
          {one.outcome === undefined ? <Back {...props} one={one} /> : null}
        </div>
      ))}
    </section>
  );
}

function Back({ view, id, kase, situation, one }: Props & { one: Referral }) {
  const { words } = view;
  const { ways: say } = words;
  if (one.side !== situation.seat.side || !offered(kase, referral.return, situation)) return null;
  const hidden = { referral: one.seq };
  const form = formFor(view, referral.return.name, hidden);
  return (
    <details open={form.again}>
      <summary>{say.back}</summary>
      <CommandForm view={view} caseId={id} command={referral.return.name} form={form} hidden={hidden}>
        <SelectField
          form={form}
          words={words}
          name="outcome"
          label={say.outcome}
          blank={words.choose}
          options={RETURNS}
          text={(key) => say.outcomes[key]}
        />
        <AreaField form={form} words={words} name="words" label={say.outcomeWords} most={2000} rows={3} />
        <p>
          <button type="submit">{say.back}</button>
        </p>
      </CommandForm>
    </details>
  );
}
