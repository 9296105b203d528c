import type { Child } from 'hono/jsx';
import type { Words } from '../words/index.ts';
import type { View } from './view.ts';

/** The way back to the page that a page belongs to. */
export function WayBack({ to, children }: { to: string; children: Child }) {
  return (
    <p class="crumb">
      <a href={to}>← {children}</a>
    </p>
  );
}

/** That to the case. */
export function Crumb({ view, id, number }: { view: View; id: string; number: string }) {
  return <WayBack to={`/cases/${id}`}>{view.words.case.title(number)}</WayBack>;
}

/** That to the desk of a lender. */
export function DeskCrumb({ lender, words }: { lender: { slug: string }; words: Words }) {
  return <WayBack to={`/desk/${lender.slug}`}>{words.desk.title}</WayBack>;
}

/** The ways in, for whoever is not signed in. @param next where it goes on from there, as a part of an address */
export function WaysIn({ next, words }: { next: string; words: Words }) {
  return (
    <p class="actions">
      <a class="button primary" href={`/sign-up?next=${next}`}>
        {words.account.signUp}
      </a>
      <a class="button" href={`/sign-in?next=${next}`}>
        {words.account.signIn}
      </a>
    </p>
  );
}

/** The way on in a list; none at its end. */
export function NextPage({ next, words }: { next: string | null; words: Words }) {
  return next ? (
    <p>
      <a class="button" href={next}>
        {words.next}
      </a>
    </p>
  ) : null;
}
