import type { Case } from '../../worker/negotiation/case.ts';
import { type AnyContext, offered } from '../../worker/negotiation/command.ts';
import { loanOf } from '../../worker/negotiation/loan.ts';
import { endOf, type Mediation, standingMediation } from '../../worker/negotiation/mediated.ts';
import { commands as mediation } from '../../worker/negotiation/mediation.ts';
import type { HeldPolicy } from '../../worker/negotiation/policy.ts';
import type { Organisation } from '../../worker/plan/law/mediators.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField, CommandForm, ErrorSummary, SelectField, Submit, TextField } from '../parts/fields.tsx';
import { LawNotes } from '../parts/law.tsx';
import { formFor, TYPED, type View } from '../parts/view.ts';
import { languageOf, momentText } from '../words/index.ts';

type Props = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  situation: AnyContext;
  policy: HeldPolicy;
  organisations: readonly Organisation[];
};

/** Who was proposed as mediator and how that stands, what they suggested, and proposing somebody. */
export function MediationPage(props: Props) {
  const { view, id, number, kase, situation, policy } = props;
  const { words } = view;
  const { mediation: say } = words;
  return (
    <Layout view={view} title={say.title} scripts={['wording']}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={situation.seat.side === 'mediator' ? say.leadNeutral : say.lead}>{say.title}</PageTitle>
      {kase.mediations.length === 0 ? <p class="soft">{say.empty}</p> : null}
      {kase.mediations.toReversed().map((one) => (
        <MediationCard {...props} one={one} />
      ))}
      {kase.suggestions.length > 0 ? (
        <section class="card" aria-labelledby="suggestions">
          <h2 id="suggestions">{say.suggestions}</h2>
          <SuggestionList id={id} kase={kase} words={words} />
        </section>
      ) : null}
      {offered(kase, mediation.propose, situation) ? <ProposeForm {...props} /> : null}
      <LawNotes topic="help" loan={loanOf(kase, policy)} policy={policy} on={situation.today} words={words} />
    </Layout>
  );
}

/** Suggestions, the newest first, each with the offer that took it up. */
export function SuggestionList({ id, kase, words }: Pick<Props, 'id' | 'kase'> & { words: View['words'] }) {
  const { mediation: say } = words;
  return (
    <ul class="plain-list">
      {kase.suggestions.toReversed().map(({ no, at }) => {
        const taken = kase.offers.findLast(({ suggestion }) => suggestion === no);
        return (
          <li>
            <a href={`/cases/${id}/suggestions/${no}`}>{say.suggestion(no)}</a> <span class="soft small">{momentText(words, at)}</span>
            {taken ? <span class="tag">{say.taken({ version: taken.version })}</span> : null}
          </li>
        );
      })}
    </ul>
  );
}

function MediationCard({ view, id, kase, situation, one }: Props & { one: Mediation }) {
  const { words } = view;
  const { mediation: say } = words;
  const stands = standingMediation(kase, situation.at)?.seq === one.seq;
  const end = endOf(kase, one);
  const state = stands || !end ? one.state : end.why;
  const hidden = { mediation: one.seq };
  const isOwn = one.by === situation.seat.side;
  return (
    <section class="card" id={`mediation-${one.seq}`} aria-labelledby={`mediation-${one.seq}-name`}>
      <h2 id={`mediation-${one.seq}-name`}>
        {one.name} <span class={`tag ${stands && one.state === 'acting' ? 'confirmed' : ''}`}>{say.state[state]}</span>
      </h2>
      <dl class="pairs">
        {one.of && one.of !== one.name ? (
          <>
            <dt>{say.of}</dt>
            <dd>{one.of}</dd>
          </>
        ) : null}
        <dt>{say.by}</dt>
        <dd>
          {one.by === 'lender' ? kase.lenderName : words.of(one.by)} <a href={`/cases/${id}#e${one.seq}`}>{words.case.receipt(one.seq)}</a>
        </dd>
        <dt>{say.contact}</dt>
        <dd>{say.to(one.to)}</dd>
        <dt>{say.since}</dt>
        <dd>{momentText(words, one.since)}</dd>
      </dl>
      {stands && end && one.state === 'admitted' ? <p class="hint">{say.sent({ moment: momentText(words, end.at) })}</p> : null}
      {stands && end && one.state === 'proposed' ? <p class="hint">{say.waits({ moment: momentText(words, end.at) })}</p> : null}
      {stands && offered(kase, mediation.admit, situation) ? (
        <CommandForm view={view} caseId={id} command="mediation.admit" form={formFor(view, 'mediation.admit', hidden)} hidden={hidden}>
          <p>{say.admitHint}</p>
          <Submit>{say.admit}</Submit>
        </CommandForm>
      ) : null}
      {stands && offered(kase, mediation.decline, situation) ? (
        <Ending command="mediation.decline" text={say.decline} {...{ view, id, hidden }} />
      ) : null}
      {stands && offered(kase, mediation.dismiss, situation) ? (
        <Ending
          command="mediation.dismiss"
          text={isOwn && one.state === 'proposed' ? say.takeBack : say.dismiss}
          hint={one.state === 'proposed' ? undefined : say.dismissHint}
          {...{ view, id, hidden }}
        />
      ) : null}
    </section>
  );
}

/** Not agreeing, or ending it: in words or without any. */
function Ending({
  view,
  id,
  command,
  text,
  hint,
  hidden,
}: Pick<Props, 'view' | 'id'> & { command: string; text: string; hint?: string | undefined; hidden: { mediation: number } }) {
  const { words } = view;
  const form = formFor(view, command, hidden);
  return (
    <details open={form.again}>
      <summary>{text}</summary>
      <CommandForm view={view} caseId={id} command={command} form={form} hidden={hidden}>
        {hint ? <p class="hint">{hint}</p> : null}
        <AreaField form={form} words={words} name="words" label={words.mediation.why} most={1000} rows={2} optional />
        <p>
          <button type="submit" class="bad">
            {text}
          </button>
        </p>
      </CommandForm>
    </details>
  );
}

/** Somebody by name and contact, or an organisation of the list; what the list says of each stands beneath. */
function ProposeForm({ view, id, organisations }: Props) {
  const { words } = view;
  const { mediation: say } = words;
  const language = languageOf(words);
  const form = formFor(view, mediation.propose.name);
  const named = new Map(organisations.map((one) => [one.id, `${one.name[language]}${words.aside(one.place[language])}`]));
  return (
    <section class="stack" aria-labelledby="propose">
      <h2 id="propose">{say.propose}</h2>
      <p>{say.proposeHint}</p>
      <form method="post" action={`/cases/${id}/do/mediation.propose`} id={form.again ? TYPED : undefined} data-once>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="requestId" value={view.requestId()} />
        <SelectField
          form={form}
          words={words}
          name="organisation"
          label={say.organisation}
          hint={say.organisationHint}
          blank={say.noOrganisation}
          options={organisations.map((one) => one.id)}
          text={(one) => named.get(one) ?? ''}
          optional
        />
        <details>
          <summary>{say.list}</summary>
          <dl>
            {organisations.map((one) => (
              <>
                <dt>
                  <strong>{named.get(one.id)}</strong>
                </dt>
                <dd>
                  {one.how[language]}
                  <br />
                  <span class="soft small">{say.source({ source: one.source[language] })}</span>
                </dd>
              </>
            ))}
          </dl>
        </details>
        <TextField form={form} words={words} name="name" label={say.name} hint={say.nameHint} />
        <TextField
          form={form}
          words={words}
          name="contact"
          label={say.contact}
          hint={[
            say.contactHint,
            ...(view.reachesPhones ? [] : [words.account.contactMailHint]),
            ...(organisations.some(({ contact }) => contact) ? [say.contactHeld] : []),
          ].join(words.betweenSentences)}
        />
        <AreaField form={form} words={words} name="words" label={say.words} most={1000} rows={2} optional />
        <Submit>{say.send}</Submit>
      </form>
    </section>
  );
}
