import type { Case } from '../../../worker/negotiation/case.ts';
import type { WorkingDay } from '../../../worker/plan/law/working-days.ts';
import { monthly } from '../../../worker/plan/means.ts';
import { Layout, PageTitle } from '../../layout.tsx';
import { Honest } from '../../parts/law.tsx';
import type { View } from '../../parts/view.ts';
import { figureName } from '../../telling/means.ts';
import { money, workingDayText } from '../../words/index.ts';

/** Figures for which a document is asked: those of the most money, where it counts most. */
const ASKED = 3;

type Props = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  /** Working days within which the lender promises to answer, and the day on which they end. */
  days: number;
  by: WorkingDay;
  /** Where word of the answer goes, masked. */
  hint: string;
};

/** After sending: what happens now, by when the lender should answer, how one hears of it, and what would help. */
export function SentPage({ view, id, number, kase, days, by, hint }: Props) {
  const { words } = view;
  const say = words.opening.sent;
  const lender = kase.lenderName;
  const asked = largest(kase);
  return (
    <Layout view={view} title={say.title({ lender })}>
      <PageTitle lead={say.number({ number })}>{say.title({ lender })}</PageTitle>
      <section class="stack tight">
        <h2>{say.next}</h2>
        <ol class="stack tight">
          <li>{say.answer({ lender, days, date: workingDayText(words, by) })}</li>
          <li>{say.told({ hint })}</li>
          <li>{say.meanwhile}</li>
        </ol>
      </section>
      {asked.length > 0 ? (
        <section class="card">
          <h2>{say.evidence}</h2>
          <p class="hint">{say.evidenceHint}</p>
          <ul>
            {asked.map(({ key, amount }) => (
              <li>
                {figureName(words, key)} <span class="num">{money(amount)}</span>
              </li>
            ))}
          </ul>
          <p class="actions">
            <a class="button primary" href={`/cases/${id}/evidence`}>
              {say.add}
            </a>
          </p>
        </section>
      ) : null}
      <Honest words={words} />
      <p class="actions">
        <a class="button" href={`/cases/${id}`}>
          {say.open}
        </a>
      </p>
    </Layout>
  );
}

/** The largest figures of the month that no document supports yet. */
function largest({ means, evidence }: Case): { key: string; amount: number }[] {
  if (!means) return [];
  const { incomes, expenses, otherDebts } = means.statement;
  const supported = new Set(Object.values(evidence).flatMap(({ figures }) => figures));
  return Object.entries({ incomes, expenses, otherDebts })
    .flatMap(([group, lines]) => lines.map(({ kind, amount, every }) => ({ key: `${group}.${kind}`, amount: monthly(amount, every) })))
    .filter(({ key }) => !supported.has(key))
    .toSorted((a, b) => b.amount - a.amount)
    .slice(0, ASKED);
}
