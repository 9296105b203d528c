import type { Child, PropsWithChildren } from 'hono/jsx';
import assets from '../.heyi/assets.json' with { type: 'json' };
import { LANGUAGES } from '../worker/plan/languages.ts';
import { LostForm } from './parts/lost.tsx';
import { TYPED, type View } from './parts/view.ts';
import { wordsOf } from './words/index.ts';

/** The page around every page: head, header, main, footer. Scripts are modules that enhance forms which work without them. */
export function Layout({
  view,
  title,
  description,
  wide,
  scripts = [],
  typedAt = view.refused?.at ?? undefined,
  children,
}: PropsWithChildren<{
  view: View;
  title: string;
  /** What a page that anybody may find is about, in a sentence. */
  description?: string;
  wide?: boolean;
  scripts?: (keyof typeof assets.scripts)[];
  /** Where the page's form is posted to be shown again as it stands, where it holds what is lost by leaving. */
  typedAt?: string | undefined;
}>) {
  const { words } = view;
  return (
    <html lang={words.language.code} class={view.elder ? 'elder' : undefined}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · ${words.brand}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        {description === undefined ? null : <About view={view} title={title} description={description} />}
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbf8f3" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1a1618" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="stylesheet" href={assets.styles} />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="apple-touch-icon" href={assets.touch} />
        {scripts.map((name) => (
          <script type="module" src={assets.scripts[name]} />
        ))}
      </head>
      <body>
        <a class="skip" href="#main">
          {words.skip}
        </a>
        <Header view={view} />
        <main id="main" class={wide ? 'wide' : undefined} tabindex={-1}>
          {view.paused === null ? null : (
            <div class="notice" role="status">
              <p>
                <strong>{words.paused.title({ lender: view.paused })}</strong>
              </p>
              <p>{words.paused.text}</p>
            </div>
          )}
          {view.unproven ? (
            <div class="notice bad" role="status">
              <p>
                <strong>{words.unproven.title}</strong>
              </p>
              <p>{view.unproven === 'set-back' ? words.unproven.setBack : words.unproven.text}</p>
            </div>
          ) : null}
          {view.unreached === null ? null : (
            <div class="notice warn" role="status">
              <p>{words.account.unreached(view.unreached)}</p>
            </div>
          )}
          {view.refused?.lost ? <LostForm refused={view.refused} lost={view.refused.lost} words={words} /> : null}
          {children}
        </main>
        <footer class="site-footer">
          <div class="container">
            <p>{words.footer}</p>
            <nav aria-label={words.nav.more}>
              <a href="/verify">{words.nav.verify}</a>
              <OtherSize view={view} typedAt={typedAt} />
              <OtherLanguage view={view} typedAt={typedAt} />
              {view.development ? <a href="/dev/outbox">{words.nav.outbox}</a> : null}
            </nav>
          </div>
        </footer>
      </body>
    </html>
  );
}

/** The way to the other language. */
function OtherLanguage({ view, typedAt }: { view: View; typedAt: string | undefined }) {
  const other = LANGUAGES[(LANGUAGES.indexOf(view.language) + 1) % LANGUAGES.length] ?? view.language;
  return (
    <Turned view={view} typedAt={typedAt} to={`/language/${other}`} query={`language=${other}`} lang={wordsOf(other).language.code}>
      {view.words.language.other}
    </Turned>
  );
}

/** The way to larger letters and targets, and back. */
function OtherSize({ view, typedAt }: { view: View; typedAt: string | undefined }) {
  const other = view.elder ? 'plain' : 'elder';
  return (
    <Turned view={view} typedAt={typedAt} to={`/size/${other}`} query={`language=${view.language}&size=${other}`}>
      {view.words.nav[other]}
    </Turned>
  );
}

/** The way to the same page in another form: a link; or, where the page holds a form, a button that takes along what is typed in it. */
function Turned({
  view: { path },
  typedAt,
  to,
  query,
  lang,
  children,
}: PropsWithChildren<{ view: View; typedAt: string | undefined; to: string; query: string; lang?: string }>) {
  if (typedAt === undefined) {
    return (
      <a href={`${to}?back=${encodeURIComponent(path)}`} lang={lang}>
        {children}
      </a>
    );
  }
  return (
    <button
      type="submit"
      form={TYPED}
      formaction={`${typedAt}${typedAt.includes('?') ? '&' : '?'}${query}`}
      formnovalidate
      class="link"
      lang={lang}
    >
      {children}
    </button>
  );
}

/** How a page is found and shown elsewhere: what it is about, and the picture beside it. */
function About({ view: { words, origin, path }, title, description }: { view: View; title: string; description: string }) {
  return (
    <>
      <meta name="description" content={description} />
      <link rel="canonical" href={origin + path.replace(/\?.*$/, '')} />
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={words.brand} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      <meta property="og:image" content={origin + assets.picture} />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  );
}

function Header({ view: { words, person, path } }: { view: View }) {
  const link = (href: string, text: string) => (
    <a href={href} aria-current={path.startsWith(href) ? 'page' : undefined}>
      {text}
    </a>
  );
  return (
    <header class="site-header">
      <div class="container">
        <a class="brand" href="/">
          <Mark />
          <span>{words.brand}</span>
        </a>
        <nav class="site-nav" aria-label={words.nav.main}>
          {person ? (
            <>
              {person.memberships.map(({ slug, name }) => link(`/desk/${slug}`, person.memberships.length > 1 ? name : words.nav.desk))}
              {person.memberships.length === 0 ? link('/cases', words.nav.cases) : null}
              {link('/account', words.nav.account)}
            </>
          ) : (
            <>
              {link('/sign-in', words.nav.signIn)}
              {link('/sign-up', words.nav.signUp)}
            </>
          )}
        </nav>
      </div>
    </header>
  );
}

/** The mark: two strokes that meet over what they agree on, as in 合. One is the borrower's, one the lender's, by their colours. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg class="mark" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path class="one" d="M12 3C10.6 7 7.4 10.3 3.2 12" />
      <path class="other" d="M12 3c1.4 4 4.6 7.3 8.8 9" />
      <path d="M9 12h6M7.5 15.8h9v5h-9z" />
    </svg>
  );
}

export function PageTitle({ children, lead }: PropsWithChildren<{ lead?: Child }>) {
  return (
    <div class="page-title">
      <h1>{children}</h1>
      {lead ? <p class="lead">{lead}</p> : null}
    </div>
  );
}
