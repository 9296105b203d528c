import assets from '../../.heyi/assets.json' with { type: 'json' };
import { inForce, type Jurisdiction, TOPICS } from '../../worker/plan/law/jurisdiction.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Drawing } from '../parts/drawn.tsx';
import { Honest } from '../parts/law.tsx';
import { asOfText, drawRule } from '../parts/plan-drawing.ts';
import type { View } from '../parts/view.ts';
import { momentText } from '../words/index.ts';
import { planSay } from '../words/plan.ts';

/** The page that verifies records, and the outbox of a development machine. */

export function VerifyPage({ view }: { view: View }) {
  const { words } = view;
  const { verify: say } = words;
  return (
    <Layout view={view} title={say.heading} description={say.lead} scripts={['verify']}>
      <PageTitle lead={say.lead}>{say.heading}</PageTitle>
      <noscript>
        <p class="notice warn">{say.needsScript}</p>
      </noscript>
      <div class="card" data-verify={JSON.stringify(say.live)} data-verifier={assets.scripts.verifier}>
        <div class="field">
          <label for="file">{say.choose}</label>
          <input type="file" id="file" accept=".zip,.json,.pdf,application/zip,application/json,application/pdf" />
        </div>
        <div class="field">
          <label for="hash">{say.hash}</label>
          <input type="text" id="hash" autocomplete="off" spellcheck={false} />
        </div>
      </div>
      <div id="report" class="stack" role="status" aria-live="polite" />
      <details>
        <summary>{say.how}</summary>
        <div class="stack tight">
          {say.howText.map((text) => (
            <p>{text}</p>
          ))}
        </div>
      </details>
    </Layout>
  );
}

/** All rules of a table, by what they are about, and what an honest portal tells a borrower. */
export function LawPage({ view, law, on }: { view: View; law: Jurisdiction; on: string }) {
  const { words, language } = view;
  const { law: say } = words;
  const plan = planSay(words, language);
  return (
    <Layout view={view} title={say.title} description={say.lead}>
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <Honest words={words} />
      {TOPICS.map((topic) => (
        <section class="card stack tight" aria-labelledby={topic}>
          <h2 id={topic}>{say.topics[topic]}</h2>
          <ul class="plain-list">
            {inForce(law, on, topic).map((rule) => (
              <li>
                <span class={`tag ${rule.effect === 'warning' ? 'late' : ''}`}>{say.effect[rule.effect]}</span>
                <Drawing of={drawRule(rule, plan)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p class="soft small">{asOfText(law, on, plan)}</p>
    </Layout>
  );
}

type Mail = { recipient: string; subject: string; body: string; createdAt: string };

/** `codes` are what the authenticator apps of this machine's people show now. */
type AppCode = { name: string; contact: string; code: string; seconds: number };

export function OutboxPage({ view, mail, codes }: { view: View; mail: Mail[]; codes: AppCode[] }) {
  const { words } = view;
  const { outbox: say } = words;
  return (
    <Layout view={view} title={say.title}>
      <PageTitle lead={say.hint}>{say.title}</PageTitle>
      {codes.length > 0 ? (
        <section class="card">
          <h2>{words.factor.now}</h2>
          <ul class="plain-list">
            {codes.map(({ name, contact, code, seconds }) => (
              <li class="row between">
                <span>
                  {name} <span class="soft small">{contact}</span>
                </span>
                <span>
                  <code>{code}</code> <span class="soft small">{words.factor.nowText({ seconds })}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {mail.length === 0 ? <p>{say.none}</p> : null}
      {mail.map(({ recipient, subject, body, createdAt }) => (
        <article class="card">
          <h2>{subject}</h2>
          <p class="soft small">
            {say.to} {recipient} · {momentText(words, createdAt)}
          </p>
          <p class="said">{linked(body)}</p>
        </article>
      ))}
    </Layout>
  );
}

/** Text with its web addresses as links. */
function linked(text: string) {
  return text.split(/(https?:\/\/\S+)/).map((part, i) => (i % 2 === 1 ? <a href={part}>{part}</a> : part));
}
