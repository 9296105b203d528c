import type { HeldPolicy, Policy } from '../../worker/negotiation/policy.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { LenderLogo } from '../parts/logo.tsx';
import type { View } from '../parts/view.ts';
import { partText } from '../telling/policy.ts';
import { dayText, momentText } from '../words/index.ts';

/** What a lender publishes, for borrowers and anybody else; nothing of what its people may grant. */

const PUBLISHED = [
  ...(['minimumInstalment', 'minimumSharePpm', 'longestTerm', 'termBands', 'pauses', 'upfrontPpm'] as const),
  ...(['answerWithin', 'offerDays', 'contactHours', 'graceDays', 'cureDays', 'moves', 'afterBreach'] as const),
  ...(['settlementLetterWithin', 'retentionYears', 'automatic'] as const),
] as const satisfies readonly (keyof Policy)[];

type Props = {
  view: View;
  lender: { slug: string; name: string };
  /** Null where what is stored is not as the portal wrote it: then nothing is published that could be relied upon. */
  policy: HeldPolicy | null;
  since: string | null;
};

export function LenderPage({ view, lender, policy, since }: Props) {
  const { words } = view;
  const { policy: say } = words;
  if (policy === null) {
    return (
      <Layout view={view} title={lender.name}>
        <PageTitle>{lender.name}</PageTitle>
        <p class="notice bad">{say.unproven}</p>
      </Layout>
    );
  }
  const { kind, registration, address, phone, email, languages, logo, about } = policy.lender;
  const facts: [string, string][] = [
    [say.form.kind, kind === null ? say.notSaid : say.kinds[kind]],
    [say.form.registration, registration || say.notSaid],
    [say.form.address, address || say.notSaid],
    [say.form.phone, phone || say.notSaid],
    [say.form.email, email || say.notSaid],
    [say.form.languages, languages.map((one) => say.languages[one]).join(words.comma)],
  ];
  return (
    <Layout view={view} title={lender.name} description={say.publicLead}>
      <LenderLogo of={{ ...lender, logo }} words={words} />
      <PageTitle lead={say.publicLead}>{lender.name}</PageTitle>
      {about ? <p class="said">{about}</p> : null}
      <section class="card stack" aria-labelledby="account">
        <h2 id="account">{say.part.account}</h2>
        <Pairs
          of={
            policy.account
              ? [
                  [say.form.accountName, policy.account.name],
                  [say.form.bank, policy.account.bank],
                  [say.form.number, policy.account.number],
                ]
              : [[say.part.account, say.notSaid]]
          }
        />
        {policy.account ? <p class="notice warn">{say.payOnly}</p> : null}
      </section>
      <section class="card stack" aria-labelledby="terms">
        <h2 id="terms">{say.publicTitle}</h2>
        <Pairs of={PUBLISHED.map((part) => [say.part[part], partText(part, policy, words)])} />
        <p class="soft small">{say.asOf({ version: policy.version, from: since === null ? null : momentText(words, since) })}</p>
      </section>
      <section class="card stack" aria-labelledby="about">
        <h2 id="about">{say.part.lender}</h2>
        <Pairs of={facts} />
      </section>
      <p class="actions">
        <a class="button primary" href={`/open/${lender.slug}/loan`}>
          {say.openCase}
        </a>
        <a class="button" href={`/lenders/${lender.slug}/join`}>
          {words.claim.door}
        </a>
      </p>
    </Layout>
  );
}

function Pairs({ of }: { of: readonly (readonly [string, string])[] }) {
  return (
    <dl class="pairs">
      {of.map(([name, text]) => (
        <>
          <dt>{name}</dt>
          <dd class="said">{text}</dd>
        </>
      ))}
    </dl>
  );
}

/** A lender that is here no more. `stated` is whether there is a statement of what was erased. */
export function EndedPage({
  view,
  lender,
  at,
  stated,
}: {
  view: View;
  lender: { slug: string; name: string };
  at: string;
  stated: boolean;
}) {
  const { words } = view;
  const { ended: say } = words;
  return (
    <Layout view={view} title={say.title({ lender: lender.name })}>
      <PageTitle lead={say.text({ date: dayText(words, at) })}>{say.title({ lender: lender.name })}</PageTitle>
      <p>{say.agreements}</p>
      {stated ? (
        <>
          <p>{say.proof}</p>
          <p>
            <a class="button" href={`/lenders/${lender.slug}/ended.json`}>
              {say.statement}
            </a>
          </p>
        </>
      ) : null}
    </Layout>
  );
}
