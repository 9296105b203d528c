import type { PropsWithChildren } from 'hono/jsx';
import type { PolicyChange, ProposedPolicy } from '../../worker/negotiation/lender/policies.ts';
import { type HeldPolicy, MOST_PERSONAL, Policy } from '../../worker/negotiation/policy.ts';
import type { Beyond } from '../../worker/negotiation/policy-bounds.ts';
import { formatPercent, plainAmount } from '../../worker/plan/amount.ts';
import { LANGUAGES } from '../../worker/plan/languages.ts';
import { LENDER_KINDS } from '../../worker/plan/law/jurisdiction.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb, WayBack } from '../parts/crumb.tsx';
import {
  AmountField,
  AreaField,
  ChoiceField,
  DateField,
  Enter,
  ErrorSummary,
  PercentField,
  SelectField,
  Submit,
  TextField,
} from '../parts/fields.tsx';
import { LenderLogo } from '../parts/logo.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { type Filled, filled, TYPED, type View } from '../parts/view.ts';
import { clockText, differences, partText } from '../telling/policy.ts';
import { dateText, momentText, type Words } from '../words/index.ts';

/** A lender's policy for its staff: its versions, the form that makes a new one, and what that would change. */

type Lender = { slug: string; name: string };

/** A version as its row has it: null in place of what is not as the portal wrote it. */
export type Row = { version: number; from: string | null; policy: HeldPolicy | null; state: 'past' | 'now' | 'planned' };

type Props = {
  view: View;
  lender: Lender;
  rows: readonly Row[];
  newest: HeldPolicy | null;
  proposed: ProposedPolicy | null;
  /** The form of the second person, as it was typed. */
  form: Filled;
  /** Why the reader is not the second person for what is proposed, who could be one otherwise. */
  not: string | null;
  unproven: boolean;
  may: { change: boolean; confirm: boolean; withdraw: boolean };
  done?: string;
};

export function PolicyPage({ view, lender, rows, newest, proposed, form, not, unproven, may, done }: Props) {
  const { words } = view;
  const { policy: say } = words;
  const at = `/desk/${lender.slug}/policy`;
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      {done ? (
        <p class="notice good" role="status">
          {done}
        </p>
      ) : null}
      <ErrorSummary form={form} words={words} />
      {unproven ? <p class="notice bad">{say.unproven}</p> : null}
      {proposed && newest ? (
        <section class="card stack" aria-labelledby="proposed">
          <h2 id="proposed">{say.act.proposed({ version: proposed.base + 1 })}</h2>
          <p>{say.open({ name: proposed.name, at: momentText(words, proposed.at) })}</p>
          <p>
            {say.from}
            {words.colon}
            {dateText(words, proposed.from)}
          </p>
          <Differences before={newest} after={proposed.policy} words={words} />
          {proposed.policy.lender.logo && proposed.policy.lender.logo.sha256 !== newest.lender.logo?.sha256 ? (
            <p>
              <LenderLogo
                of={{ ...lender, logo: proposed.policy.lender.logo }}
                at={`${at}/logo/${proposed.policy.lender.logo.sha256}`}
                words={words}
              />
            </p>
          ) : null}
          {may.confirm ? (
            <form method="post" action={`${at}/confirm`} data-once>
              <p>{say.confirmHint}</p>
              <input type="hidden" name="requestId" value={view.requestId()} />
              <input type="hidden" name="proposal" value={String(proposed.seq)} />
              <ProofFields form={form} view={view} />
              <Submit>{say.confirm}</Submit>
            </form>
          ) : (
            <p class="soft">{not ?? say.ownProposal}</p>
          )}
          {may.withdraw ? (
            <form method="post" action={`${at}/withdraw`} data-once>
              <input type="hidden" name="requestId" value={view.requestId()} />
              <input type="hidden" name="proposal" value={String(proposed.seq)} />
              <p>
                <button type="submit" class="quiet">
                  {say.withdraw}
                </button>
              </p>
            </form>
          ) : null}
        </section>
      ) : null}
      <p class="actions">
        {may.change && !unproven ? (
          <a class="button primary" href={`${at}/edit`}>
            {say.edit}
          </a>
        ) : null}
        {may.change && !unproven ? (
          <a class="button" href={`${at}/logo`}>
            {words.logo.title}
          </a>
        ) : null}
        <a class="button" href={`/lenders/${lender.slug}`}>
          {say.publicPage}
        </a>
        <a class="button" href={`/desk/${lender.slug}/record`}>
          {say.log}
        </a>
      </p>
      <h2>{say.versions}</h2>
      <ol class="plain-list stack">
        {rows.map((row, i) => (
          <li class="card">
            <Version row={row} before={rows[i + 1]?.policy ?? null} words={words} />
          </li>
        ))}
      </ol>
    </Layout>
  );
}

/** A version: what changed with it, and all that it says. */
function Version({ row: { version, from, policy, state }, before, words }: { row: Row; before: HeldPolicy | null; words: Words }) {
  const { policy: say } = words;
  return (
    <>
      <h3>
        {say.version(version)} <span class="tag">{say[state]}</span>
      </h3>
      <p class="small soft">
        {say.from}
        {words.colon}
        {from === null ? say.sinceEver : momentText(words, from)}
      </p>
      {policy === null ? <p class="notice bad">{say.unproven}</p> : null}
      {policy && before ? <Differences before={before} after={policy} words={words} /> : null}
      {policy ? (
        <details>
          <summary>{say.whole}</summary>
          <PolicyList policy={policy} words={words} />
        </details>
      ) : null}
    </>
  );
}

function PolicyList({ policy, words }: { policy: Policy; words: Words }) {
  return (
    <dl class="pairs">
      {Policy.keyof().options.map((part) => (
        <>
          <dt>{words.policy.part[part]}</dt>
          <dd class="said">{partText(part, policy, words)}</dd>
        </>
      ))}
    </dl>
  );
}

/** Two versions beside each other, in what differs. */
function Differences({ before, after, words }: { before: Policy; after: Policy; words: Words }) {
  const { policy: say } = words;
  return (
    <div class="table-frame" role="region" aria-label={say.changes} tabindex={0}>
      <table class="figures">
        <caption class="visually-hidden">{say.changes}</caption>
        <thead>
          <tr>
            <th scope="col">{say.whatPart}</th>
            <th scope="col">{say.before}</th>
            <th scope="col">{say.after}</th>
          </tr>
        </thead>
        <tbody>
          {differences(before, after, words).map((one) => (
            <tr>
              <th scope="row">{one.name}</th>
              <td class="said">{one.before}</td>
              <td class="said">{one.after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The form of a policy filled in. @param today the day from which it holds unless another is chosen */
export function policyForm(policy: HeldPolicy, today: string): Filled {
  const { values } = filled({ base: policy.version, from: today });
  const all = new Map(values);
  const set = (name: string, value: string | number | boolean | null | undefined) => {
    if (value !== null && value !== undefined && value !== false) all.set(name, [value === true ? 'yes' : String(value)]);
  };
  const percent = (name: string, ppm: number | null | undefined) =>
    set(name, ppm === null || ppm === undefined ? null : formatPercent(ppm));
  set('minimumInstalment', plainAmount(policy.minimumInstalment));
  percent('minimumSharePpm', policy.minimumSharePpm);
  for (const [i, { upTo, months }] of policy.termBands.entries()) {
    set(`termBands.${i}.upTo`, plainAmount(upTo));
    set(`termBands.${i}.months`, months);
  }
  for (const [i, { fromDaysOverdue, ...shares }] of policy.waivers.entries()) {
    set(`waivers.${i}.fromDaysOverdue`, fromDaysOverdue);
    for (const [name, ppm] of Object.entries(shares)) percent(`waivers.${i}.${name}`, ppm);
  }
  for (const name of COUNTS) set(name, policy[name]);
  set('pauses.most', policy.pauses.most);
  set('pauses.interestWaived', policy.pauses.interestWaived);
  percent('upfrontPpm', policy.upfrontPpm);
  for (const [name, value] of Object.entries(policy.moves)) set(`moves.${name}`, value);
  for (const [name, value] of Object.entries(policy.afterBreach)) set(`afterBreach.${name}`, value);
  for (const [name, value] of Object.entries(policy.automatic)) set(`automatic.${name}`, value);
  for (const [name, value] of Object.entries(policy.account ?? {})) set(`account.${name}`, value);
  set('holidayHint', policy.holidayHint);
  set('contactHours.from', policy.contactHours && clockText(policy.contactHours.from));
  set('contactHours.until', policy.contactHours && clockText(policy.contactHours.until));
  percent('discountPpm', policy.discountPpm);
  for (const role of ['agentAuthority', 'supervisorAuthority'] as const) {
    const authority = policy[role];
    if (!authority) continue;
    const { longestTerm, ...shares } = authority;
    set(`${role}.longestTerm`, longestTerm);
    for (const [name, ppm] of Object.entries(shares)) percent(`${role}.${name}`, ppm);
  }
  for (const [i, { account, name: _, longestTerm, ...shares }] of policy.personalAuthority.entries()) {
    set(`personalAuthority.${i}.account`, account);
    set(`personalAuthority.${i}.longestTerm`, longestTerm);
    for (const [name, ppm] of Object.entries(shares)) percent(`personalAuthority.${i}.${name}`, ppm);
  }
  const { kind, languages, logo: _, ...texts } = policy.lender;
  set('lender.kind', kind);
  all.set('lender.languages', languages);
  for (const [name, text] of Object.entries(texts)) set(`lender.${name}`, text);
  return { values: all, errors: {} };
}

const COUNTS = [
  ...(['longestTerm', 'answerWithin', 'offerDays', 'longestOffer', 'graceDays', 'cureDays', 'settlementLetterWithin'] as const),
  'retentionYears',
] as const;

type EditProps = {
  view: View;
  lender: Lender;
  form: Filled;
  /** The version on which it goes on: what is set is said beside each part that is folded. */
  newest: HeldPolicy | null;
  /** Who can have limits of their own: names by account. */
  people: ReadonlyMap<string, string>;
};

export function PolicyEditPage({ view, lender, form, newest, people }: EditProps) {
  const { words } = view;
  const { policy: say } = words;
  const at = `/desk/${lender.slug}/policy`;
  const field = { form, words };
  const whole = (name: (typeof COUNTS)[number], unit: string) => (
    <TextField {...field} name={name} label={say.inUnit({ name: say.part[name], unit })} inputmode="numeric" narrow />
  );
  return (
    <Layout view={view} title={say.editTitle} scripts={['amounts']} typedAt={`${at}/typed`}>
      <WayBack to={at}>{say.title}</WayBack>
      <PageTitle lead={say.lead}>{say.editTitle}</PageTitle>
      <form method="post" action={`${at}/edit`} id={TYPED}>
        <Enter>{say.preview}</Enter>
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="base" value={form.values.get('base')?.[0] ?? ''} />
        <Group of="plan" newest={newest} {...field}>
          <AmountField {...field} name="minimumInstalment" label={say.part.minimumInstalment} />
          <PercentField {...field} name="minimumSharePpm" label={say.part.minimumSharePpm} optional />
          {whole('longestTerm', say.unit.months)}
          <Rows name="termBands" title={say.part.termBands} form={form} words={words}>
            {(row) => (
              <div class="phase">
                <div class="together">
                  <AmountField {...field} name={`${row}.upTo`} label={say.form.upTo} />
                  <TextField {...field} name={`${row}.months`} label={say.form.within} inputmode="numeric" narrow />
                </div>
              </div>
            )}
          </Rows>
          <Rows name="waivers" title={say.part.waivers} form={form} words={words}>
            {(row) => (
              <div class="phase">
                <div class="together">
                  <TextField {...field} name={`${row}.fromDaysOverdue`} label={say.form.fromDaysOverdue} inputmode="numeric" narrow />
                  {(['principal', 'interest', 'penalty', 'fees'] as const).map((one) => (
                    <PercentField {...field} name={`${row}.${one}Ppm`} label={words.schedule[one]} />
                  ))}
                </div>
              </div>
            )}
          </Rows>
          <TextField {...field} name="pauses.most" label={`${say.part.pauses}${words.colon}${say.form.most}`} inputmode="numeric" narrow />
          <Checks {...field} legend={say.part.pauses} of={{ 'pauses.interestWaived': say.form.interestWaived }} />
          <PercentField {...field} name="upfrontPpm" label={say.part.upfrontPpm} />
        </Group>
        <Group of="time" newest={newest} {...field}>
          {whole('answerWithin', say.unit.workingDays)}
          {whole('offerDays', say.unit.days)}
          {whole('longestOffer', say.unit.days)}
          <div class="together">
            <TextField
              {...field}
              name="contactHours.from"
              label={`${say.part.contactHours}${words.colon}${say.form.hoursFrom}`}
              hint={say.form.hoursHint}
              optional
              narrow
            />
            <TextField {...field} name="contactHours.until" label={say.form.hoursUntil} optional narrow />
          </div>
          {whole('retentionYears', say.unit.years)}
        </Group>
        <Group of="after" newest={newest} {...field}>
          {whole('graceDays', say.unit.days)}
          {whole('cureDays', say.unit.days)}
          <div class="together">
            <TextField
              {...field}
              name="moves.most"
              label={`${say.part.moves}${words.colon}${say.form.movesMost}`}
              inputmode="numeric"
              narrow
            />
            <TextField {...field} name="moves.days" label={say.form.movesDays} inputmode="numeric" narrow />
          </div>
          <Checks {...field} legend={say.part.moves} of={{ 'moves.toEnd': say.form.toEnd }} />
          <Checks
            {...field}
            legend={say.part.afterBreach}
            of={{ 'afterBreach.waiversLapse': say.waiversLapse, 'afterBreach.restDue': say.restDue }}
          />
          {whole('settlementLetterWithin', say.unit.workingDays)}
          <Checks {...field} legend={say.part.holidayHint} of={{ holidayHint: say.holidayHint }} />
        </Group>
        <Group of="money" newest={newest} {...field}>
          <TextField {...field} name="account.name" label={`${say.part.account}${words.colon}${say.form.accountName}`} optional />
          <TextField {...field} name="account.bank" label={say.form.bank} optional />
          <TextField {...field} name="account.number" label={say.form.number} optional />
          <Checks {...field} legend={say.part.automatic} of={{ 'automatic.accept': say.accept, 'automatic.counter': say.counter }} />
          <PercentField {...field} name="discountPpm" label={say.part.discountPpm} />
        </Group>
        <Group of="authority" newest={newest} {...field}>
          {(['agentAuthority', 'supervisorAuthority'] as const).map((role) => (
            <fieldset class="field stack" id={role} tabindex={-1}>
              <legend>{say.part[role]}</legend>
              {role === 'supervisorAuthority' ? <p class="hint">{say.form.supervisorHint}</p> : null}
              <AuthorityFields {...field} of={role} />
            </fieldset>
          ))}
          <Rows name="personalAuthority" title={say.part.personalAuthority} form={form} words={words} most={MOST_PERSONAL}>
            {(row) => (
              <div class="phase">
                <SelectField
                  {...field}
                  name={`${row}.account`}
                  label={say.form.person}
                  options={[...people.keys()]}
                  text={(account) => people.get(account) ?? account}
                  blank={words.choose}
                />
                <AuthorityFields {...field} of={row} />
              </div>
            )}
          </Rows>
        </Group>
        <Group of="lender" newest={newest} {...field}>
          <SelectField
            {...field}
            name="lender.kind"
            label={say.form.kind}
            hint={say.form.kindHint}
            options={LENDER_KINDS}
            text={(kind) => say.kinds[kind]}
            blank={say.notSaid}
          />
          <TextField {...field} name="lender.registration" label={say.form.registration} optional />
          <TextField {...field} name="lender.address" label={say.form.address} optional />
          <TextField {...field} name="lender.phone" label={say.form.phone} optional />
          <TextField {...field} name="lender.email" label={say.form.email} inputmode="email" optional />
          <ChoiceField
            {...field}
            name="lender.languages"
            label={say.form.languages}
            options={LANGUAGES}
            text={(one) => say.languages[one]}
            many
          />
          <AreaField {...field} name="lender.about" label={say.form.about} most={2000} optional />
        </Group>
        <DateField {...field} name="from" label={say.fromDay} hint={say.fromHint} />
        <Submit>{say.preview}</Submit>
      </form>
    </Layout>
  );
}

/** What is asked for together, and which parts of a policy that is. */
const GROUPS = {
  plan: ['minimumInstalment', 'minimumSharePpm', 'longestTerm', 'termBands', 'waivers', 'pauses', 'upfrontPpm'],
  time: ['answerWithin', 'offerDays', 'longestOffer', 'contactHours', 'retentionYears'],
  after: ['graceDays', 'cureDays', 'moves', 'afterBreach', 'settlementLetterWithin', 'holidayHint'],
  money: ['account', 'automatic', 'discountPpm'],
  authority: ['agentAuthority', 'supervisorAuthority', 'personalAuthority'],
  lender: ['lender'],
} as const satisfies Record<string, readonly (keyof Policy)[]>;

/** Fields of the form that belong together, folded under what is set in them; open where something is wrong with one. */
function Group({ of, form, newest, words, children }: PropsWithChildren<Part & { of: keyof typeof GROUPS; newest: HeldPolicy | null }>) {
  const { policy: say } = words;
  const parts: readonly (keyof Policy)[] = GROUPS[of];
  const isWrong = Object.keys(form.errors).some((name) => parts.some((part) => name.split('.')[0] === part));
  const unset = [say.none, say.notSaid, say.off, say.noLimits, '0%'];
  const told = newest ? parts.map((part) => [say.part[part], partText(part, newest, words)] as const) : [];
  const set = told.filter(([, text]) => !unset.includes(text));
  return (
    <details class="card group" open={isWrong}>
      <summary>
        <h2>{of === 'lender' ? say.part.lender : say.group[of]}</h2>
        <span class="soft small">
          {set
            .map(([name, text]) => (of === 'lender' ? text : `${name}${words.colon}${text}`).replaceAll('\n', words.comma))
            .join(words.semicolon) || say.none}
        </span>
      </summary>
      <div class="stack">{children}</div>
    </details>
  );
}

type Part = { form: Filled; words: Words };

/** What somebody may grant alone. */
function AuthorityFields({ of, ...field }: Part & { of: string }) {
  const { form: say } = field.words.policy;
  return (
    <>
      <PercentField {...field} name={`${of}.principalPpm`} label={say.principalPpm} />
      <PercentField {...field} name={`${of}.chargesPpm`} label={say.chargesPpm} />
      <TextField {...field} name={`${of}.longestTerm`} label={say.authorityTerm} inputmode="numeric" narrow />
      <PercentField {...field} name={`${of}.forgonePpm`} label={say.forgonePpm} optional />
      <PercentField {...field} name={`${of}.unstatedPpm`} label={say.unstatedPpm} optional />
    </>
  );
}

/** Rows of a list: those that are filled in, and two more. */
function Rows({
  name,
  title,
  form,
  words,
  most = 12,
  children,
}: Part & { name: 'termBands' | 'waivers' | 'personalAuthority'; title: string; most?: number; children: (row: string) => unknown }) {
  const rows = new Set([...form.values.keys()].flatMap((key) => (key.startsWith(`${name}.`) ? [key.split('.')[1]] : [])));
  const error = form.errors[name];
  return (
    <fieldset class={error ? 'field stack has-error' : 'field stack'} id={name} tabindex={-1}>
      <legend>{title}</legend>
      <p class="hint">{words.policy.form.bandsHint}</p>
      {error ? <p class="error">{error}</p> : null}
      {Array.from({ length: Math.min(rows.size + 2, most) }, (_, i) => children(`${name}.${i}`))}
    </fieldset>
  );
}

/** Things that are so or are not. */
function Checks({ form, legend, of }: Part & { legend: string; of: Record<string, string> }) {
  return (
    <fieldset class="field choices">
      <legend>{legend}</legend>
      {Object.entries(of).map(([name, text]) => (
        <label class="choice">
          <input type="checkbox" id={name} name={name} value="yes" checked={form.values.has(name)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

type Outside = { id: string; number: string; borrower: string; version: number; beyond: Beyond['what'][] };

/** What a change would come to, before it is sent. */
export function PolicyPreviewPage({
  view,
  lender,
  newest,
  change,
  values,
  outside,
  looked,
  second,
}: {
  view: View;
  lender: Lender;
  newest: HeldPolicy;
  change: PolicyChange;
  values: Filled['values'];
  outside: readonly Outside[];
  /** How many offers were looked at, where there are more. */
  looked: number | null;
  second: boolean;
}) {
  const { words } = view;
  const { policy: say } = words;
  const at = `/desk/${lender.slug}/policy`;
  return (
    <Layout view={view} title={say.previewTitle} typedAt={`${at}/edit`}>
      <WayBack to={at}>{say.title}</WayBack>
      <PageTitle>{say.previewTitle}</PageTitle>
      <section class="stack">
        <h2>{say.changes}</h2>
        <Differences before={newest} after={change.policy} words={words} />
        <p>
          {say.from}
          {words.colon}
          {dateText(words, change.from)}
        </p>
      </section>
      <section class="stack">
        <p>
          <strong>{say.outside(outside.length)}</strong>
        </p>
        {outside.length > 0 ? (
          <>
            <ul class="list">
              {outside.map((one) => (
                <li>
                  <a href={`/cases/${one.id}/proposals/${one.version}`}>
                    <strong>{one.borrower || one.number}</strong>
                    <span class="soft small across">{one.number}</span>
                    <span class="small across">{one.beyond.map((what) => say.beyond[what]).join(words.comma)}</span>
                  </a>
                </li>
              ))}
            </ul>
            <p class="hint">{say.outsideHint}</p>
          </>
        ) : null}
        {looked === null ? null : <p class="hint">{say.outsideMore(looked)}</p>}
      </section>
      <form method="post" action={at} id={TYPED} data-once>
        {[...values].flatMap(([name, all]) =>
          name === 'requestId' || name === 'action' ? [] : all.map((value) => <input type="hidden" name={name} value={value} />),
        )}
        <input type="hidden" name="requestId" value={view.requestId()} />
        <p class="notice">{second ? say.second : say.alone}</p>
        <p class="actions">
          <button type="submit" class="primary">
            {say.submit}
          </button>
          <button type="submit" formaction={`${at}/typed`}>
            {say.back}
          </button>
        </p>
      </form>
    </Layout>
  );
}
