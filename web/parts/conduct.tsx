import { CALLED, callsOn, isFull, OUTCOMES } from '../../worker/negotiation/calls.ts';
import type { Case, Own } from '../../worker/negotiation/case.ts';
import { type Context, offered } from '../../worker/negotiation/command.ts';
import { ASKS, commands as conduct, WHEN, waitsUntil } from '../../worker/negotiation/conduct.ts';
import { commands as talk } from '../../worker/negotiation/talk.ts';
import { wishLines } from '../telling/conduct.ts';
import { momentText, type Words } from '../words/index.ts';
import { AreaField, ChoiceField, CommandForm, DateField, SelectField, TextField } from './fields.tsx';
import { fieldsOnce, once } from './once.ts';
import { type Filled, formFor, type View } from './view.ts';

/** How a lender reaches the borrower: what staff are to know before they write or call, what of theirs waits, and where the borrower says what they wish. */

type Placed = { view: View; id: string; kase: Case; situation: Context };

/** Before staff write or call: what the borrower wishes, and that what they write now waits. */
export function BeforeContact({ kase, situation, words }: Omit<Placed, 'view' | 'id'> & { words: Words }) {
  if (situation.seat.side !== 'lender') return null;
  const { conduct: say } = words;
  const until = waitsUntil(kase, situation);
  return (
    <>
      {kase.wish ? (
        <div class="notice">
          <p>
            <strong>{say.wishTitle}</strong>{' '}
            <a href={`#e${kase.wish.seq}`} class="small">
              {words.case.receipt(kase.wish.seq)}
            </a>
          </p>
          <ul>
            {wishLines(kase.wish, words).map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {until ? <p class="notice warn small">{say.waitsHint({ moment: momentText(words, until) })}</p> : null}
    </>
  );
}

/** The lender's calls of the day against the rules. */
function CallsToday({ kase, situation: { today, policy }, words }: Pick<Placed, 'kase' | 'situation'> & { words: Words }) {
  const { conduct: say } = words;
  const calls = callsOn(kase, today, policy);
  const { effective, tries, limits } = calls;
  if (!Number.isFinite(limits.effective)) return null;
  return (
    <div class={isFull(calls) ? 'notice warn small' : 'small soft'}>
      <p>
        {say.today}
        {words.colon}
        {say.effectiveToday({ count: effective, limit: limits.effective })}
      </p>
      {tries.map(({ number, count }) => (
        <p>{say.triesToday({ number, count, limit: limits.tries })}</p>
      ))}
      {isFull(calls) ? <p>{say.full}</p> : null}
    </div>
  );
}

/** The form in which a call is logged. */
export function CallForm({ view, id, kase, situation }: Placed) {
  const { words } = view;
  const { case: say } = words;
  const call = formFor(view, talk.logCall.name);
  return (
    <details open={call.again}>
      <summary>{say.call}</summary>
      <CommandForm view={view} caseId={id} command={talk.logCall.name} form={call}>
        <CallsToday kase={kase} situation={situation} words={words} />
        {fieldsOnce(call, words, () => (
          <CallFields form={call} words={words} />
        ))}
      </CommandForm>
    </details>
  );
}

function CallFields(field: { form: Filled; words: Words }) {
  const { case: say, conduct: by, choose } = field.words;
  return (
    <>
      <div class="together">
        <DateField {...field} name="when" label={say.callWhen} type="datetime-local" />
        <TextField {...field} name="minutes" label={say.callMinutes} inputmode="numeric" narrow />
      </div>
      <SelectField
        {...field}
        name="direction"
        label={say.callDirection}
        blank={choose}
        options={['to-borrower', 'to-lender'] as const}
        text={(one) => say.callDirectionOf[one]}
      />
      <div class="together">
        <SelectField {...field} name="outcome" label={by.outcomeLabel} options={OUTCOMES} text={(one) => by.outcomeOf[one]} />
        <SelectField {...field} name="called" label={by.calledLabel} options={CALLED} text={(one) => by.calledOf[one]} />
      </div>
      <TextField {...field} name="number" label={by.numberLabel} hint={by.numberHint} inputmode="numeric" narrow optional />
      <AreaField {...field} name="words" label={say.callWords} most={4000} />
      <p class="actions">
        <button type="submit">{say.callLog}</button>
      </p>
    </>
  );
}

/** Where the borrower says how they want to be reached; what they said stands in it. */
export function WishForm({ view, id, kase, situation }: Placed) {
  if (!offered(kase, conduct.wish, situation)) return null;
  const { words } = view;
  const { conduct: say } = words;
  const sent = formFor(view, conduct.wish.name);
  const form = sent.again ? sent : { ...sent, values: wishedValues(kase) };
  // Whoever acts for the borrower does not consent for them.
  const consents = situation.seat.capacity === 'borrower';
  const draw = () => <WishFields form={form} words={words} consents={consents} />;
  return (
    <details open={sent.again}>
      <summary>{kase.wish ? say.change : say.title}</summary>
      {kase.wish ? (
        <p class="small">
          {say.now}
          {words.colon}
          {wishLines(kase.wish, words).join(words.semicolon)}
        </p>
      ) : null}
      <CommandForm view={view} caseId={id} command={conduct.wish.name} form={form}>
        {sent === form || kase.wish ? draw() : once(`${form.scope} ${consents}`, words, draw)}
      </CommandForm>
    </details>
  );
}

function WishFields({ consents, ...field }: { form: Filled; words: Words; consents: boolean }) {
  const { conduct: say } = field.words;
  const whens = WHEN.filter((one) => one !== 'any' || consents);
  return (
    <>
      <p class="hint">{say.wishHint}</p>
      <ChoiceField {...field} name="asks" label={say.asksLabel} options={ASKS} text={(one) => say.asks[one]} many optional />
      <ChoiceField {...field} name="when" label={say.whenLabel} options={whens} text={(one) => say.when[one]} />
      <div class="together">
        <TextField {...field} name="from" label={say.from} inputmode="numeric" narrow optional />
        <TextField {...field} name="until" label={say.until} inputmode="numeric" narrow optional />
      </div>
      <AreaField {...field} name="words" label={say.wishWords} most={500} rows={2} optional />
      <p>
        <button type="submit">{say.save}</button>
      </p>
    </>
  );
}

/** The newest wish as the form has it. */
function wishedValues({ wish }: Case): Filled['values'] {
  const hours = wish?.hours ?? null;
  const own = hours === null || hours === 'any' ? null : hours;
  return new Map([
    ['asks', [...(wish?.asks ?? [])]],
    ['when', [own ? 'hours' : hours === 'any' ? 'any' : 'usual']],
    ...(own
      ? ([
          ['from', [String(own.from / 60)]],
          ['until', [String(own.until / 60)]],
        ] as const)
      : []),
  ]);
}

/** What staff wrote that waits for the hours; its author can take it back. */
export function HeldHere({ view, id, own, situation }: Omit<Placed, 'kase'> & { own: Own }) {
  if (own.waiting.length === 0) return null;
  const { words } = view;
  const { conduct: say } = words;
  return (
    <>
      <h3>{say.waiting(own.waiting.length)}</h3>
      <ul class="plain-list">
        {own.waiting.map(({ seq, by, until, input }) => (
          <li>
            <p class="small">
              {by.name} · {say.waitsUntil({ moment: momentText(words, until) })}
            </p>
            {typeof input.words === 'string' ? <p class="words">{input.words}</p> : null}
            {by.account === situation.seat.account ? (
              <CommandForm
                view={view}
                caseId={id}
                command={conduct.takeBack.name}
                form={formFor(view, conduct.takeBack.name, { held: seq })}
                hidden={{ held: seq }}
              >
                <button type="submit">{say.takeBack}</button>
              </CommandForm>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}
