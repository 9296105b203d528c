import * as z from 'zod';
import { ProposalInput, tryProposal } from '../../../worker/negotiation/proposal.ts';
import { isRefused } from '../../../worker/negotiation/refusal.ts';
import { schedule } from '../../../worker/plan/schedule.ts';
import { TEMPLATES, type Template, template } from '../../../worker/plan/templates.ts';
import { Terms } from '../../../worker/plan/terms.ts';
import { filledFromTerms, stagesOf, stagesWithOneMore, Templates, TermsForm } from '../../parts/terms-form.tsx';
import type { Filled } from '../../parts/view.ts';
import { faultsOf, figuresOf, groundOf, type Shown, type Standing, type Step, typedOr } from './step.ts';

const AT = 'proposal.';

/** What of a proposal a person says in their own words: no template takes its place. */
const SAID = /^proposal\.(?:words|expiresInDays|reasons\..*)$/;

/** How the person wants to repay. */
export const proposal: Step = {
  name: 'proposal',
  question: ({ opening: say }) => ({ question: say.proposalQuestion }),
  owns: /^proposal\./,
  scripts: ['plan', 'amounts'],
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
  form: (at) => (at.values.has(`${AT}terms.firstDue`) ? typedOr(at) : fromTemplate('level', at)),
  act(action, at, sent) {
    if (action === 'add-stage') return { form: typedOr(at), stages: stagesWithOneMore(sent, AT) };
    if (action === 'work-out') return workedOut(at);
    const kind = TEMPLATES.find((one) => action === `template:${one}`);
    return kind ? { form: fromTemplate(kind, at) } : null;
  },
  enter: 'work-out',
  waits: (at) => groundOf(at) === null,
  Before: ({ at: { view } }) => <Templates words={view.words} />,
  Fields({ at, shown: { form, stages = stagesOf(form, AT), worked = null } }) {
    const ground = groundOf(at);
    return ground ? <TermsForm view={at.view} form={form} prefix={AT} ground={ground} stages={stages} worked={worked} /> : null;
  },
};

/** The proposal's fields filled from a template; what was said stays. */
function fromTemplate(kind: Template, at: Standing): Filled {
  const ground = groundOf(at);
  if (!ground) return typedOr(at);
  const { today, policy } = at.context;
  const terms = template(kind, {
    debt: ground.debt,
    affordable: ground.affordable,
    minimum: policy.minimumInstalment,
    longestTerm: policy.longestTerm,
    rate: figuresOf(at)?.rate ?? null,
    today,
  });
  const filled = filledFromTerms(terms, AT, { expiresInDays: policy.offerDays });
  const own = [...at.values].filter(([name, all]) => SAID.test(name) && all.some((value) => value !== ''));
  return { ...filled, values: new Map([...filled.values, ...own]) };
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
