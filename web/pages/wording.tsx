import type { Typed } from '../../worker/negotiation/form.ts';
import type { Policy } from '../../worker/negotiation/policy.ts';
import { isForbidden, type Marked } from '../../worker/negotiation/said.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Care } from '../parts/care.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AS_IT_IS, TYPED, type View } from '../parts/view.ts';
import { WordingNotes } from '../parts/wording.tsx';

type Props = {
  view: View;
  id: string;
  number: string;
  /** The command that was about to be given, with its form as it was typed. */
  command: string;
  values: Typed;
  marked: readonly Marked[];
  side: Side;
  /** What can be paid a month, in 分, where a promise is held against it. */
  affordable: number | null;
  despair: boolean;
  /** The command asks for a proof, which is typed on its own page: it is sent from there. */
  proves: boolean;
  /** Where its text is kept until it is sent; null where none of this command is. */
  keptAt: string | null;
  policy: Pick<Policy, 'jurisdiction'>;
};

/** Words that may do harm, once more before they are sent: why, a calmer sentence, and three choices alike. It never stops a borrower. */
export function WordingPage({ view, id, number, command, values, marked, side, affordable, despair, proves, keptAt, policy }: Props) {
  const { words } = view;
  const { wording: say } = words;
  const forbidden = marked.some(({ marks }) => marks.some((mark) => isForbidden(side, mark)));
  const fields = [...values]
    .filter(([name]) => name !== AS_IT_IS)
    .flatMap(([name, all]) => all.map((value) => <input type="hidden" name={name} value={value} />));
  // In another language or size the form is come back to: whatever is typed goes along, and nothing is sent by it.
  const typedAt = `/cases/${id}/typed/${command}`;
  return (
    <Layout view={view} title={say.title} typedAt={typedAt}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={forbidden ? say.forbiddenLead : say.lead}>{say.title}</PageTitle>
      {despair ? <Care policy={policy} words={words} /> : null}
      <WordingNotes marked={marked} side={side} affordable={affordable} words={words} heading="h2" />
      <div class="actions">
        <form method="post" action={typedAt} id={TYPED}>
          {fields}
          <button type="submit">{say.change}</button>
        </form>
        {forbidden || proves ? null : (
          <form method="post" action={`/cases/${id}/do/${command}`} data-once>
            {fields}
            <button type="submit" name={AS_IT_IS} value="1">
              {say.send}
            </button>
          </form>
        )}
        {keptAt === null ? (
          <a class="button" href={`/cases/${id}`}>
            {say.discard}
          </a>
        ) : (
          <form method="post" action={keptAt} data-once>
            {fields}
            <button type="submit" name="action" value="discard">
              {say.discard}
            </button>
          </form>
        )}
      </div>
      <p class="soft small">{say.kept}</p>
    </Layout>
  );
}
