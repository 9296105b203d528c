import type { Child, PropsWithChildren } from 'hono/jsx';
import assets from '../.heyi/assets.json' with { type: 'json' };
import { LostForm } from './parts/lost.tsx';
import { TYPED, type View } from './parts/view.ts';

/** The page around every page: head, header, main, footer. Scripts are modules that enhance forms which work without them. */
export function Layout({
  view,
  title,
  wide,
  scripts = [],
  typedAt = view.refused?.at ?? undefined,
  children,
}: PropsWithChildren<{
  view: View;
  title: string;
  wide?: boolean;
  scripts?: (keyof typeof assets.scripts)[];
  /** Where the page's form is posted to be shown again as it stands, where it holds what is lost by leaving. */
  typedAt?: string | undefined;
}>) {
  const { words } = view;
  return (
    <html lang={words.language.code}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · ${words.brand}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="stylesheet" href={assets.styles} />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
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
          {view.unproven ? (
            <div class="notice bad" role="status">
              <p>
                <strong>{words.unproven.title}</strong>
              </p>
              <p>{words.unproven.text}</p>
            </div>
          ) : null}
          {view.refused?.lost ? <LostForm refused={view.refused} lost={view.refused.lost} words={words} /> : null}
          {children}
        </main>
        <footer class="site-footer">
          <nav aria-label={words.nav.more}>
            <a href="/verify">{words.nav.verify}</a>
            <OtherLanguage view={view} typedAt={typedAt} />
            {view.development ? <a href="/dev/outbox">{words.nav.outbox}</a> : null}
          </nav>
        </footer>
      </body>
    </html>
  );
}

/** The way to the other language: a link; or, where the page holds a form, a button that takes along what is typed in it. */
function OtherLanguage({ view: { language, path, words }, typedAt }: { view: View; typedAt: string | undefined }) {
  const other = language === 'zh' ? 'en' : 'zh';
  const lang = other === 'en' ? 'en' : 'zh-CN';
  if (typedAt === undefined) {
    return (
      <a href={`/language/${other}?back=${encodeURIComponent(path)}`} lang={lang}>
        {words.language.other}
      </a>
    );
  }
  return (
    <button
      type="submit"
      form={TYPED}
      formaction={`${typedAt}${typedAt.includes('?') ? '&' : '?'}language=${other}`}
      formnovalidate
      class="link"
      lang={lang}
    >
      {words.language.other}
    </button>
  );
}

function Header({ view: { words, person } }: { view: View }) {
  return (
    <header class="site-header">
      <a class="brand" href="/">
        <Seal />
        <span>{words.brand}</span>
      </a>
      <nav class="site-nav" aria-label={words.nav.main}>
        {person ? (
          <>
            {person.memberships.map(({ slug, name }) => (
              <a href={`/desk/${slug}`}>{person.memberships.length > 1 ? name : words.nav.desk}</a>
            ))}
            {person.memberships.length === 0 ? <a href="/cases">{words.nav.cases}</a> : null}
            <a href="/account">{words.nav.account}</a>
          </>
        ) : (
          <>
            <a href="/sign-in">{words.nav.signIn}</a>
            <a href="/sign-up">{words.nav.signUp}</a>
          </>
        )}
      </nav>
    </header>
  );
}

/** Two strokes that meet: the mark of the portal. */
function Seal() {
  return (
    <svg class="seal" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
      <rect x="1" y="1" width="22" height="22" rx="6" />
      <path d="M6 16c2-6 4-8 6-8s4 2 6 8M8.5 13h7" />
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
