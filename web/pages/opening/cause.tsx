import * as z from 'zod';
import { causeFault, MeansStatement } from '../../../worker/negotiation/means.ts';
import { CauseFields } from '../../parts/means.tsx';
import { faultsOf, type Step, typedOr } from './step.ts';

/** Why it could not be paid. */
export const cause: Step = {
  name: 'cause',
  question: ({ opening: say }) => ({ question: say.causeQuestion }),
  owns: /^means\.cause\./,
  scripts: [],
  faults: (at) =>
    faultsOf(at, {
      schema: z.object({ means: z.object({ cause: MeansStatement.shape.cause }) }),
      refused: ({ means }) => causeFault(means.cause, at.context.today),
    }),
  form: typedOr,
  Fields: ({ at: { view }, shown: { form } }) => <CauseFields form={form} words={view.words} />,
};
