import type { Employed } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { RecipientField, recipients } from '../parts/assignee.tsx';
import { WayBack } from '../parts/crumb.tsx';
import { ErrorSummary, SelectField, Submit } from '../parts/fields.tsx';
import { type Filled, TYPED, typedIn, type View } from '../parts/view.ts';
import type { Words } from '../words/index.ts';

/** Somebody who holds cases: one who is here, one who has left or works on cases no more, or a team whose cases are nobody's. */
export type Holder = { key: string; name: string; count: number; is: 'here' | 'gone' | 'team' };

/** What a step came to: cases given so far, those of this step that were not, and how many in all; where there are more, after which one. */
type Told = {
  given: number;
  refused: readonly { id: string; number: string; why: string }[];
  left: number;
  after: string | null;
  requestId: string;
};

type Props = {
  view: View;
  lender: { slug: string; name: string };
  holders: readonly Holder[];
  people: readonly Employed[];
  teams: readonly string[];
  form: Filled;
  told?: Told | undefined;
};

/** All cases of one person or team go to another. */
export function HandOverPage({ view, lender, holders, people, teams, form, told }: Props) {
  const { words } = view;
  const { handOver: say } = words;
  const at = `/desk/${lender.slug}/hand-over`;
  const held = new Map(holders.map((one) => [one.key, say.holder[one.is]({ name: one.name, count: one.count })]));
  return (
    <Layout view={view} title={say.title} typedAt={told ? undefined : `${at}/typed`}>
      <WayBack to={`/desk/${lender.slug}/staff`}>{words.staff.title}</WayBack>
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      {told ? <Report told={told} at={at} form={form} words={words} /> : null}
      {told?.after ? null : holders.length === 0 ? (
        <p class="soft">{say.none}</p>
      ) : (
        <form method="post" action={at} class="card" id={TYPED} data-once>
          <ErrorSummary form={form} words={words} />
          <input type="hidden" name="requestId" value={view.requestId()} />
          <SelectField
            form={form}
            words={words}
            name="from"
            label={say.from}
            blank={words.choose}
            options={[...held.keys()]}
            text={(key) => held.get(key) ?? key}
          />
          <RecipientField form={form} names={recipients({ people, teams, nobody: true }, words)} blank={words.choose} words={words} />
          <Submit>{say.give}</Submit>
        </form>
      )}
    </Layout>
  );
}

/** What became of it, and the way on where there are more. */
function Report({ told, at, form, words }: { told: Told; at: string; form: Filled; words: Words }) {
  const { handOver: say } = words;
  const { given, refused, left, after, requestId } = told;
  return (
    <section class="stack" aria-label={say.report}>
      <p class={`notice ${left > 0 ? 'warn' : 'good'}`} role="status">
        {after === null ? say.done({ given, left }) : say.goesOn({ given, left })}
      </p>
      {refused.length > 0 ? (
        <ul class="list">
          {refused.map(({ id, number, why }) => (
            <li>
              <a href={`/cases/${id}`}>
                <strong>{number}</strong>
                <span class="small across">{why}</span>
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      {after === null ? null : (
        <form method="post" action={at} data-once>
          {Object.entries({
            from: typedIn(form, 'from'),
            to: typedIn(form, 'to'),
            requestId,
            after,
            given: String(given),
            left: String(left),
          }).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <p class="actions">
            <button type="submit" class="primary">
              {say.next}
            </button>
          </p>
        </form>
      )}
    </section>
  );
}
