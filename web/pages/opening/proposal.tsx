import * as z from 'zod';
import { readForm } from '../../../worker/negotiation/form.ts';
import type { MeansStatement } from '../../../worker/negotiation/means.ts';
import { ProposalInput, tryProposal } from '../../../worker/negotiation/proposal.ts';
import { isRefused } from '../../../worker/negotiation/refusal.ts';
import { fitting } from '../../../worker/plan/fitting.ts';
import { schedule } from '../../../worker/plan/schedule.ts';
import { firstPlan, type Own, TEMPLATES, template } from '../../../worker/plan/templates.ts';
import { Terms } from '../../../worker/plan/terms.ts';
import { LimitationNote } from '../../parts/law.tsx';
import type { Ground } from '../../parts/plan.tsx';
import type { Worked } from '../../parts/plan-drawing.ts';
import { EnterWorksOut, filledFromTerms, stagesOf, stagesWithOneMore, TermsForm } from '../../parts/terms-form.tsx';
import type { Filled } from '../../parts/view.ts';
import { faultsOf, groundOf, type Shown, type Standing, type Step, typedOr } from './step.ts';

const AT = 'proposal.';

/** What of a proposal a person says in their own words: no template takes its place. */
const SAID = /^proposal\.(?:words|expiresInDays|reasons\..*)$/;

/** How the person wants to repay. */
export const proposal: Step = {
  name: 'proposal',
  question: ({ opening: say }) => ({ question: say.proposalQuestion }),
  owns: /^proposal\./,
  scripts: ['plan', 'amounts', 'wording'],
  faults: (at) =>
    faultsOf(at, {
      schema: ProposalInput,
      under: AT,
      refused(input) {
        const ground = groundOf(at);
        const tried = ground ? tryProposal(ground.debt, input, at.context) : null;
        return tried && isRefused(tried) ? tried : null;
      },
    }),
  form: (at) => (at.values.has(`${AT}terms.firstDue`) ? typedOr(at) : drawn(at, firstPlan)),
  act(action, at, sent) {
    if (action === 'add-stage') return { form: typedOr(at), stages: stagesWithOneMore(sent, AT) };
    if (action === 'work-out') return workedOut(at);
    if (action === 'fit') return fitted(at);
    const kind = TEMPLATES.find((one) => action === `template:${one}`);
    return kind ? { form: drawn(at, (own) => template(kind, own)), fills: 'work-out' } : null;
  },
  enter: 'work-out',
  waits: (at) => groundOf(at) === null,
  Before: ({ at: { view } }) => <EnterWorksOut words={view.words} />,
  Fields({ at, shown: { form, stages = stagesOf(form, AT), worked, acted } }) {
    const ground = groundOf(at);
    if (!ground) return null;
    const props = { view: at.view, form, prefix: AT, ground, stages, worked: worked ?? workedFrom(form, ground) };
    return (
      <>
        <LimitationNote policy={at.context.policy} on={at.context.today} words={at.view.words} />
        <TermsForm {...props} behind={acted || Object.keys(form.errors).length > 0 ? 'open' : 'shut'} />
      </>
    );
  },
};

/** The schedule of the terms as the form has them, where it can be worked out. */
function workedFrom(form: Filled, { debt }: Ground): Worked | null {
  const read = readForm(z.object({ proposal: z.object({ terms: Terms }) }), form.values);
  return read.ok ? { ...schedule(debt, read.input.proposal.terms), terms: read.input.proposal.terms } : null;
}

/** The proposal's fields from terms drawn up from the person's own figures, at no new interest unless they ask for it; what was said stays. */
function drawn(at: Standing, draw: (own: Own, means: MeansStatement | null) => Terms): Filled {
  const ground = groundOf(at);
  if (!ground) return typedOr(at);
  const { debt, affordable, means, minimum, longestTerm } = ground;
  return filledFrom(at, draw({ debt, affordable, minimum, longestTerm, rate: null, today: at.context.today }, means));
}

function filledFrom(at: Standing, terms: Terms): Filled {
  const { policy } = at.context;
  const filled = filledFromTerms(terms, AT, { expiresInDays: policy.offerDays, words: at.view.words.opening.willing });
  const own = [...at.values].filter(([name, all]) => SAID.test(name) && all.some((value) => value !== ''));
  return { ...filled, values: new Map([...filled.values, ...own]) };
}

/** What would fit in the place of the plan as it is. */
function fitted(at: Standing): Shown {
  const shown = workedOut(at);
  const ground = groundOf(at);
  const { worked } = shown;
  const fit = ground?.means && worked && 'terms' in worked ? fitting(ground.debt, worked.terms, ground.means) : null;
  return fit ? { form: filledFrom(at, fit.terms), worked: { ...fit.schedule, terms: fit.terms }, fills: 'work-out' } : shown;
}

/** "Work it out": the form again, with the schedule. */
function workedOut(at: Standing): Shown {
  const form = proposal.form(at);
  const ground = groundOf(at);
  if (!ground) return { form };
  const read = at.read(z.object({ proposal: z.object({ terms: Terms }) }));
  if ('faults' in read) return { form: { ...form, errors: read.faults }, status: 422 };
  const { terms } = read.input.proposal;
  return { form, worked: { ...schedule(ground.debt, terms), terms } };
}
