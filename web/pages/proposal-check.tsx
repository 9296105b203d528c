import { MAX_APPROVAL_WORDS } from '../../worker/negotiation/approval.ts';
import type { Case } from '../../worker/negotiation/case.ts';
import type { Typed } from '../../worker/negotiation/form.ts';
import type { Policy } from '../../worker/negotiation/policy.ts';
import type { Offer } from '../../worker/negotiation/proposal.ts';
import { saidIn } from '../../worker/negotiation/said.ts';
import { otherSide, type Side } from '../../worker/negotiation/seats.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb } from '../parts/crumb.tsx';
import { AreaField } from '../parts/fields.tsx';
import { ChangedFrom } from '../parts/offer.tsx';
import { type Ground, Preview, Standards, TermsAmounts } from '../parts/plan.tsx';
import { ToldLines } from '../parts/told.tsx';

import { AS_IT_IS, FOR_APPROVAL, TYPED, type View } from '../parts/view.ts';

import { SaidNotes } from '../parts/wording.tsx';

import { type Made, offerLines } from '../telling/proposal.ts';

/** Fields of the form of an offer that say nothing of it: which button was pressed, and how the page stood. */
const ASIDE = /^(?:action|requestId|digest|stages|shown\[\]|forApproval)$/;

type Props = {
  view: View;
  id: string;
  number: string;
  kase: Case;
  /** The offer as it would stand in the record, under its number. */
  made: Made & Pick<Offer, 'version'>;
  answers: Offer | null;
  ground: Ground;
  /** Whose offer it is. */
  side: Side;
  policy: Pick<Policy, 'jurisdiction'>;
  values: Typed;
  /** It goes beyond the authority of who offers: it can be sent for approval alone. */
  beyond: boolean;
};

/** An offer once more before it is sent: exactly what will be sent, as the record will tell it. It goes along in the form, under the digest of what is shown. */
export function ProposalCheckPage({ view, id, number, kase, made, answers, ground, side, policy, values, beyond }: Props) {
  const { words } = view;
  const { offer: say, terms: of } = words;
  const counter = answers !== null && answers.side !== side;
  const here = `/cases/${id}/proposals`;
  const after = { ...made, debtSaid: kase.debtSaid };
  return (
    <Layout view={view} title={say.check} typedAt={`${here}/check`}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.checkHint({ side: words.of(otherSide(side)) })}>{say.check}</PageTitle>
      <form method="post" action={`/cases/${id}/${beyond ? 'for-approval' : 'do'}/proposal.make`} id={TYPED} class="stack check" data-once>
        <input type="hidden" name="requestId" value={view.requestId()} />
        <input type="hidden" name="digest" value={made.digest} />
        <input type="hidden" name={AS_IT_IS} value="1" />
        {[...values]
          .filter(([name]) => !ASIDE.test(name))
          .flatMap(([name, all]) => all.map((value) => <input type="hidden" name={name} value={value} />))}
        <section class="card">
          <h2>{counter ? say.counter(made.version) : say.proposal(made.version)}</h2>
          {answers ? <ChangedFrom before={answers} after={after} words={words} /> : null}
          <ToldLines lines={offerLines({ ...made, partsUnknown: kase.debtSaid?.totalAlone ?? false }, words)} words={words} capitals />
          <TermsAmounts terms={made.terms} words={words} />
        </section>
        <section class="card">
          <h2>{words.schedule.title}</h2>
          <Standards ground={ground} words={words} />
          <Preview worked={{ ...schedule(made.debt, made.terms), terms: made.terms }} ground={ground} words={words} />
        </section>
        {beyond ? (
          <section class="card own stack tight" aria-labelledby="beyond">
            <h2 id="beyond">{words.approval.beyond}</h2>
            <p>{words.approval.sendHint}</p>
            <AreaField
              form={{ values, errors: {} }}
              words={words}
              name={FOR_APPROVAL}
              label={words.approval.toSupervisor}
              most={MAX_APPROVAL_WORDS}
              rows={2}
              optional
            />
          </section>
        ) : null}
        <SaidNotes
          said={saidIn({ words: made.words, reasons: made.reasons })}
          side={side}
          means={ground.means}
          policy={policy}
          words={words}
        />
        <p class="actions sticky-actions">
          <button type="submit" class="primary" name="action" value="send">
            {beyond ? words.approval.send : counter ? of.counter : of.send}
          </button>
          <button type="submit" name="action" value="change" formaction={`${here}/new`}>
            {words.change}
          </button>
        </p>
      </form>
    </Layout>
  );
}
