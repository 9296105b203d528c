import { BY, type By, type Choices, CONTACTS, NEWS, WAYS } from '../../worker/negotiation/news.ts';
import { LANGUAGES, type Language } from '../../worker/plan/languages.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { ChoiceField, ErrorSummary, PasswordField, SelectField, Submit, TextField } from '../parts/fields.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { type Filled, filled, KEPT, KEPT_AT, TYPED, typedIn, type View, viewAt } from '../parts/view.ts';
import { momentText, type Words, wordsOf } from '../words/index.ts';

/** Sign up, sign in, confirm by code, recover, and the account. */

type Page = { view: View; form: Filled };

export const NextField = ({ form }: { form: Filled }) =>
  typedIn(form, 'next') ? <input type="hidden" name="next" value={typedIn(form, 'next')} /> : null;
const nextQuery = (form: Filled) =>
  typedIn(form, 'next') && typedIn(form, 'next') !== '/' ? `?next=${encodeURIComponent(typedIn(form, 'next'))}` : '';

/** What was typed when the session had ended: it waits in the page itself, and comes back after signing in. */
export const KeptFields = ({ form }: { form: Filled }) => (
  <>
    {[...form.values]
      .filter(([name]) => name.startsWith(KEPT))
      .flatMap(([name, all]) => all.map((value) => <input type="hidden" name={name} value={value} />))}
  </>
);

export function SignUpPage({ view, form }: Page) {
  const { words } = view;
  const { account: say } = words;
  return (
    <Layout view={view} title={say.signUp} description={words.home.description} typedAt="/sign-up/typed">
      <PageTitle>{say.signUp}</PageTitle>
      <form method="post" action="/sign-up" id={TYPED}>
        <ErrorSummary form={form} words={words} />
        <NextField form={form} />
        <TextField form={form} words={words} name="name" label={say.name} hint={say.nameHint} autocomplete="name" />
        <TextField
          form={form}
          words={words}
          name="contact"
          label={view.reachesPhones ? say.contact : say.contactMail}
          hint={view.reachesPhones ? say.contactHint : say.contactMailHint}
          autocomplete="username"
        />
        <PasswordField form={form} words={words} name="password" label={say.password} hint={say.passwordHint} autocomplete="new-password" />
        <Submit>{say.signUp}</Submit>
      </form>
      <p>
        {say.haveAccount} <a href={`/sign-in${nextQuery(form)}`}>{say.signIn}</a>
      </p>
    </Layout>
  );
}

export function SignInPage({ view, form }: Page) {
  const { words } = view;
  const { account: say } = words;
  return (
    <Layout view={view} title={say.signIn} description={words.home.description} typedAt="/sign-in/typed">
      <PageTitle>{say.signIn}</PageTitle>
      {form.values.has(KEPT_AT) ? (
        <p class="notice" role="status">
          {words.kept.signIn}
        </p>
      ) : null}
      <form method="post" action="/sign-in" id={TYPED}>
        <ErrorSummary form={form} words={words} />
        <NextField form={form} />
        <KeptFields form={form} />
        <TextField form={form} words={words} name="contact" label={say.contact} autocomplete="username" />
        <PasswordField form={form} words={words} name="password" label={say.password} autocomplete="current-password" />
        <p>
          <label class="choice">
            <input type="checkbox" name="others" value="end" checked={typedIn(form, 'others') !== ''} />
            <span>{say.others}</span>
          </label>
        </p>
        <Submit>{say.signIn}</Submit>
      </form>
      <p>
        <a href={`/recover${nextQuery(form)}`}>{say.forgot}</a>
      </p>
      <p>
        {say.noAccount} <a href={`/sign-up${nextQuery(form)}`}>{say.signUp}</a>
      </p>
    </Layout>
  );
}

export function ConfirmPage({
  view,
  form,
  way,
  to,
  notice,
}: Page & { way: 'sign-up' | 'sign-in' | 'recover' | 'account/contact'; to: string; notice?: string | undefined }) {
  const { words } = view;
  const { account: say } = words;
  const title = way === 'recover' ? say.recoverTitle : say.confirmTitle;
  // From the last page of a draft: what was looked over there is sent with the code.
  const sends = way === 'sign-up' && /^\/open\/[^?]+\/check$/.test(typedIn(form, 'next'));
  const lead = way === 'sign-in' ? say.confirmDevice(to) : way === 'recover' ? say.recoverSent(to) : say.confirmText(to);
  return (
    <Layout view={viewAt(view, `/${way}/confirm${nextQuery(form)}`)} title={title}>
      <PageTitle lead={lead}>{title}</PageTitle>
      {sends ? <p class="notice">{say.confirmSends}</p> : null}
      {notice ? (
        <p class="notice" role="status">
          {notice}
        </p>
      ) : null}
      {view.development ? (
        <p class="notice warn">
          <a href="/dev/outbox">{words.nav.outbox}</a>
        </p>
      ) : null}
      <form method="post" action={`/${way}/confirm`}>
        <ErrorSummary form={form} words={words} />
        <NextField form={form} />
        <TextField form={form} words={words} name="code" label={say.code} autocomplete="one-time-code" inputmode="numeric" narrow />
        {way === 'recover' ? (
          <PasswordField
            form={form}
            words={words}
            name="newPassword"
            label={say.newPassword}
            hint={say.passwordHint}
            autocomplete="new-password"
          />
        ) : null}
        <Submit>{way === 'recover' ? say.recoverSet : sends ? say.confirmAndSend : say.confirm}</Submit>
      </form>
      {way === 'sign-in' ? null : (
        <form method="post" action={`/${way}/resend`}>
          <NextField form={form} />
          <p>
            <button type="submit" class="quiet">
              {say.resend}
            </button>
          </p>
        </form>
      )}
    </Layout>
  );
}

export function RecoverPage({ view, form }: Page) {
  const { words } = view;
  const { account: say } = words;
  return (
    <Layout view={view} title={say.recoverTitle} description={say.recoverText} typedAt="/recover/typed">
      <PageTitle lead={say.recoverText}>{say.recoverTitle}</PageTitle>
      <form method="post" action="/recover" id={TYPED}>
        <ErrorSummary form={form} words={words} />
        <NextField form={form} />
        <TextField form={form} words={words} name="contact" label={say.contact} autocomplete="username" />
        <Submit>{say.recoverSend}</Submit>
      </form>
    </Layout>
  );
}

type Choice<Value extends string> = {
  name: string;
  title: string;
  hint?: string;
  value: Value;
  options: readonly Value[];
  text: (value: Value) => string;
};

/** One thing of the account to choose, with a form of its own. */
function ChoiceCard<Value extends string>({ words, name, title, value, ...choice }: Choice<Value> & { words: Words }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      <form method="post" action={`/account/${name}`}>
        <ChoiceField
          form={filled({ [name]: value })}
          words={words}
          name={name}
          label={<span class="visually-hidden">{title}</span>}
          {...choice}
        />
        <p class="actions">
          <button type="submit">{words.save}</button>
        </p>
      </form>
    </section>
  );
}

type AccountProps = Page & {
  account: { name: string; contact: string; language: Language };
  /** Where letters go, with their middles hidden; and of which kind a second contact can be, where letters reach it. */
  contacts: { first: string; second: { to: string; isRefused: boolean } | null; wanted: 'email' | 'phone' | null };
  choices: Choices;
  sessions: { id: string; device: string; createdAt: string }[];
  current: string;
  /** The second factor: whether it is set up, whether it has to be, and how many codes on paper are left. */
  factor: { isSetUp: boolean; owed: boolean; left: number };
  /** The person's passkeys, and whether this site and browser can have one more. */
  passkeys: { all: readonly { id: string; name: string; since: string; usedAt: string | null }[]; possible: boolean };
  notice?: string | undefined;
};

/** What the account has of the second factor, and what can be done about it. */
function FactorCard({ view, form, factor, passkeys }: Pick<AccountProps, 'view' | 'form' | 'factor' | 'passkeys'>) {
  const { words } = view;
  const { factor: say } = words;
  const forms = { codes: { ...form, scope: 'codes' }, off: { ...form, scope: 'off' } };
  const refused = (name: keyof typeof forms) => typedIn(form, 'about') === name;
  const none = filled({});
  return (
    <section class="card" id="second-factor">
      <h2>{say.title}</h2>
      {factor.isSetUp ? (
        <>
          <p>{say.on({ left: factor.left })}</p>
          {(factor.owed ? (['codes'] as const) : (['codes', 'off'] as const)).map((name) => (
            <details open={refused(name)}>
              <summary>{say[name]}</summary>
              <form method="post" action={`/second-factor/${name}`} data-once>
                {refused(name) ? <ErrorSummary form={forms[name]} words={words} /> : null}
                <input type="hidden" name="about" value={name} />
                <ProofFields
                  form={refused(name) ? forms[name] : { ...none, scope: name }}
                  view={view}
                  label={words.account.currentPassword}
                />
                <p class="actions">
                  <button type="submit">{say[name]}</button>
                </p>
              </form>
            </details>
          ))}
          {passkeys.possible || passkeys.all.length > 0 ? <Passkeys view={view} form={form} passkeys={passkeys} /> : null}
        </>
      ) : (
        <>
          <p>{say.none}</p>
          <p class="actions">
            <a class="button" href="/second-factor/set-up?next=/account">
              {say.setUp}
            </a>
          </p>
        </>
      )}
    </section>
  );
}

/** The passkeys that there are, each with the form that removes it, and the form for one more, which shows where a script finds that the browser can. */
function Passkeys({ view, form, passkeys: { all, possible } }: Pick<AccountProps, 'view' | 'form' | 'passkeys'>) {
  const { words } = view;
  const { factor: say, account } = words;
  const about = typedIn(form, 'about');
  const of = (scope: string, refused: boolean): Filled => ({ ...(refused ? form : filled({})), scope });
  return (
    <>
      <h3>{say.passkeys}</h3>
      <p>{say.passkeysText}</p>
      {all.length === 0 ? null : (
        <ul class="plain-list">
          {all.map(({ id, name, since, usedAt }, i) => {
            const refused = about === 'passkey-remove' && typedIn(form, 'which') === id;
            const own = of(`passkey-${i}`, refused);
            return (
              <li>
                {name}
                <br />
                <span class="soft small">
                  {say.passkeySince({ at: momentText(words, since) })}
                  {usedAt === null ? '' : ` · ${say.passkeyUsed({ at: momentText(words, usedAt) })}`}
                </span>
                <details open={refused}>
                  <summary aria-label={say.passkeyRemoveOf({ name })}>{say.passkeyRemove}</summary>
                  <form method="post" action="/second-factor/passkeys/remove" data-once>
                    {refused ? <ErrorSummary form={own} words={words} /> : null}
                    <input type="hidden" name="about" value="passkey-remove" />
                    <input type="hidden" name="which" value={id} />
                    <ProofFields form={own} view={view} label={account.currentPassword} />
                    <p class="actions">
                      <button type="submit" aria-label={say.passkeyRemoveOf({ name })}>
                        {say.passkeyRemove}
                      </button>
                    </p>
                  </form>
                </details>
              </li>
            );
          })}
        </ul>
      )}
      {possible ? (
        <details open={about === 'passkey'} data-passkey="add" hidden={about !== 'passkey'}>
          <summary>{say.passkeyAdd}</summary>
          <form method="post" action="/second-factor/passkeys/new">
            {about === 'passkey' ? <ErrorSummary form={of('passkey', true)} words={words} /> : null}
            <input type="hidden" name="about" value="passkey" />
            <TextField
              form={of('passkey', about === 'passkey')}
              words={words}
              name="name"
              label={say.passkeyName}
              hint={say.passkeyNameHint}
            />
            <ProofFields form={of('passkey', about === 'passkey')} view={view} label={account.currentPassword} />
            <p class="actions">
              <button type="submit">{say.passkeyAdd}</button>
            </p>
          </form>
        </details>
      ) : null}
    </>
  );
}

/** The second contact, where there is or can be one. */
function SecondContact({ view, form, contacts: { second, wanted } }: Pick<AccountProps, 'view' | 'form' | 'contacts'>) {
  const { words } = view;
  const { account: say } = words;
  if (!second && !wanted) return null;
  const isRefused = typedIn(form, 'about') === 'contact';
  const own: Filled = { ...(isRefused ? form : filled({})), scope: 'second' };
  const add = wanted && (
    <form method="post" action="/account/contact">
      {isRefused ? <ErrorSummary form={own} words={words} /> : null}
      <input type="hidden" name="about" value="contact" />
      <TextField
        form={own}
        words={words}
        name="contact"
        label={say.secondKind[wanted]}
        autocomplete={wanted === 'phone' ? 'tel' : 'email'}
      />
      <ProofFields form={own} view={view} label={say.currentPassword} />
      <p class="actions">
        <button type="submit">{say.recoverSend}</button>
      </p>
    </form>
  );
  return (
    <section class="card">
      <h2>{say.second}</h2>
      {second ? (
        <>
          <p>{second.isRefused ? say.secondRefused(second) : say.secondIs(second)}</p>
          {add ? (
            <details open={isRefused}>
              <summary>{say.secondChange}</summary>
              {add}
            </details>
          ) : null}
          <form method="post" action="/account/contact/remove">
            <p class="actions">
              <button type="submit" class="quiet">
                {say.secondRemove}
              </button>
            </p>
          </form>
        </>
      ) : (
        <>
          <p class="hint">{wanted ? say.secondHint[wanted] : null}</p>
          <details open={isRefused}>
            <summary>{wanted ? say.secondKind[wanted] : null}</summary>
            {add}
          </details>
        </>
      )}
    </section>
  );
}

/** To which of two contacts each kind of news goes. */
function NewsBy({ words, choices, contacts: { first, second } }: Pick<AccountProps, 'choices' | 'contacts'> & { words: Words }) {
  const { account: say } = words;
  if (!second) return null;
  const name = (one: By) => (one === 'always' ? say.newsByAlways : say.newsOf[one]);
  return (
    <>
      <h3>{say.newsBy}</h3>
      <div class="together">
        {BY.map((one) => (
          <SelectField
            form={filled({ [`by.${one}`]: choices.by?.[one] ?? 'first' })}
            words={words}
            name={`by.${one}`}
            label={name(one)}
            options={CONTACTS}
            text={(to) => (to === 'first' ? first : second.to)}
          />
        ))}
      </div>
    </>
  );
}

export function AccountPage({ view, contacts, choices, form: sent, account, sessions, current, factor, passkeys, notice }: AccountProps) {
  const { words } = view;
  const form = typedIn(sent, 'about') ? filled({}) : sent;
  const { account: say } = words;
  return (
    <Layout view={viewAt(view, '/account')} title={say.title} scripts={passkeys.possible ? ['passkey'] : []}>
      <PageTitle lead={account.contact}>{account.name}</PageTitle>
      {notice ? (
        <p class="notice good" role="status">
          {notice}
        </p>
      ) : null}
      <section class="card">
        <h2>{say.changePassword}</h2>
        <form method="post" action="/account/password">
          <ErrorSummary form={form} words={words} />
          <ProofFields form={form} view={view} label={say.currentPassword} />
          <PasswordField
            form={form}
            words={words}
            name="newPassword"
            label={say.newPassword}
            hint={say.passwordHint}
            autocomplete="new-password"
          />
          <p class="actions">
            <button type="submit">{say.changePassword}</button>
          </p>
        </form>
      </section>
      <FactorCard view={view} form={sent} factor={factor} passkeys={passkeys} />
      <ChoiceCard
        words={words}
        name="language"
        title={say.language}
        hint={say.languageHint}
        value={account.language}
        options={LANGUAGES}
        text={(language) => wordsOf(language).language.name}
      />
      <section class="card">
        <h2>{say.news}</h2>
        <p class="hint">{say.newsHint}</p>
        <form method="post" action="/account/news">
          <div class="together">
            {NEWS.map((one) => (
              <SelectField
                form={filled({ [one]: choices[one] })}
                words={words}
                name={one}
                label={say.newsOf[one]}
                options={WAYS}
                text={(way) => say.newsWay[way]}
              />
            ))}
          </div>
          <NewsBy words={words} choices={choices} contacts={contacts} />
          <p class="actions">
            <button type="submit">{words.save}</button>
          </p>
        </form>
      </section>
      <SecondContact view={view} form={sent} contacts={contacts} />
      <ChoiceCard
        words={words}
        name="size"
        title={say.size}
        hint={say.sizeHint}
        value={view.elder ? 'elder' : 'plain'}
        options={['plain', 'elder']}
        text={(size) => words.nav[size]}
      />
      <section class="card">
        <h2>{say.sessions}</h2>
        <p class="hint">{say.sessionsHint}</p>
        <ul class="plain-list">
          {sessions.map(({ id, device, createdAt }) => (
            <li class="row between">
              <span>
                {/Mobile|Android|iPhone/.test(device) ? say.phone : say.computer}
                {id === current ? ` · ${say.thisDevice}` : ''}
                <br />
                <span class="soft small">
                  {say.since} {momentText(words, createdAt)}
                </span>
              </span>
              <form method="post" action={`/account/sessions/${id}/end`} class="inline">
                <button type="submit" class="quiet" aria-label={say.end + words.aside(momentText(words, createdAt))}>
                  {say.end}
                </button>
              </form>
            </li>
          ))}
        </ul>
      </section>
      <form method="post" action="/sign-out">
        <p>
          <button type="submit">{words.nav.signOut}</button>
        </p>
      </form>
    </Layout>
  );
}
