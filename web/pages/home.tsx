import { HOME } from '../../worker/plan/law/place.ts';
import { plainTerms } from '../../worker/plan/plain-terms.ts';
import { type Schedule, schedule } from '../../worker/plan/schedule.ts';
import { type Debt, outstanding, type Terms } from '../../worker/plan/terms.ts';
import { Layout, Mark } from '../layout.tsx';
import { InstalmentChart } from '../parts/chart.tsx';
import type { View } from '../parts/view.ts';
import { dateText, money, type Words } from '../words/index.ts';

/** The front page shows the thing itself: a plan that the engine has worked out, what people write to each other, what is promised, and who is there. */

type Home = { view: View; lenders: { name: string }[]; today: string; begun: boolean };

/** `begun`: something was begun in this browser, and waits to be gone on with. */
export function HomePage({ view, lenders, today, begun }: Home) {
  const { words } = view;
  const { home: say } = words;
  return (
    <Layout view={view} title={words.tagline} description={say.description} wide>
      <section class="hero" aria-labelledby="tagline">
        <div class="stack">
          <h1 id="tagline">{words.tagline}</h1>
          <p class="lead">{say.lead}</p>
          <p class="actions">
            <a class="button primary large" href="/open">
              {begun ? say.goOn : say.start}
            </a>
            {view.person ? null : (
              <a class="button large" href="/sign-in">
                {words.account.signIn}
              </a>
            )}
          </p>
          <ul class="plain-list soft small">
            <li>{say.startHint}</li>
            <li>{say.haveInvitation}</li>
          </ul>
        </div>
        <SamplePlan today={today} words={words} />
      </section>
      <section class="stack" aria-labelledby="how">
        <h2 id="how" class="section">
          {say.how}
        </h2>
        <ol class="steps">
          {say.steps.map(([title, text]) => (
            <li>
              <h3>{title}</h3>
              <p class="soft">{text}</p>
            </li>
          ))}
        </ol>
      </section>
      <div class="halves even">
        <section class="stack" aria-labelledby="talk">
          <h2 id="talk" class="section">
            {say.talk}
          </h2>
          <p class="soft">{say.talkHint}</p>
          <ol class="thread">
            {say.sample.map(({ side, who, words: said }) => (
              <li class={`entry ${side}`}>
                <p class="who">
                  {who} <span class="soft small">{words.of(side)}</span>
                </p>
                <p class="body">{said}</p>
              </li>
            ))}
          </ol>
        </section>
        <section class="promise" aria-labelledby="promise">
          <Mark size={56} />
          <h2 id="promise" class="section">
            {say.promises}
          </h2>
          <ul class="plain-list">
            {say.promise.map(([title, text]) => (
              <li>
                <strong>{title}</strong>
                <br />
                {text}
              </li>
            ))}
          </ul>
          <p>
            <a href="/verify">{words.verify.heading}</a>
          </p>
        </section>
      </div>
      {lenders.length > 0 ? (
        <section class="stack tight" aria-labelledby="lenders">
          <h2 id="lenders" class="section">
            {say.lenders}
          </h2>
          <ul class="names">
            {lenders.map(({ name }) => (
              <li>{name}</li>
            ))}
          </ul>
          <p class="soft small">{say.lendersHint}</p>
        </section>
      ) : null}
    </Layout>
  );
}

/** Somebody who lost their work and is between jobs: what they can bear a month, in 分, before and from the fifth month on. */
const BEARS = [60_000, 100_000] as const;

/** An agreement as two people might come to it: the penalty waived, one month of rest, less at first, then the rest in equal parts. */
function samplePlan(today: string): { debt: Debt; terms: Terms; worked: Schedule } | null {
  const debt: Debt = { asOf: today, currency: HOME.currency.code, principal: 1_680_000, interest: 62_400, penalty: 38_500, fees: 0 };
  const terms = plainTerms(today, {
    waive: { penalty: 38_500 },
    phases: [
      { kind: 'pause', count: 1, interest: 'waived' },
      { kind: 'fixed', amount: 50_000, count: 4 },
      { kind: 'level', count: 18 },
    ],
  });
  const worked = schedule(debt, terms);
  return 'refused' in worked ? null : { debt, terms, worked };
}

function SamplePlan({ today, words }: { today: string; words: Words }) {
  const sample = samplePlan(today);
  if (!sample) return null;
  const { debt, worked } = sample;
  const { home: say, schedule: named } = words;
  const can = worked.rows.map((_, i) => BEARS[i < 5 ? 0 : 1]);
  const figures: [string, string][] = [
    [words.debt.title, money(outstanding(debt))],
    [named.waived, money(worked.totals.waived)],
    [named.instalments, String(worked.totals.instalments)],
    [named.lastDue, dateText(words, worked.totals.lastDue)],
  ];
  return (
    <figure class="card sample">
      <figcaption class="row between">
        <strong>{say.samplePlan}</strong>
        <span class="tag">{say.isSample}</span>
      </figcaption>
      <dl class="offer-figures">
        <div class="main-figure">
          <dt>{named.highest}</dt>
          <dd>{money(worked.totals.highest)}</dd>
        </div>
        {figures.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <InstalmentChart schedule={worked} line={can} words={words} />
      <p class="notice good small">{named.fits}</p>
    </figure>
  );
}
