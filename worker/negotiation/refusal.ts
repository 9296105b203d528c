import type { PlanRefusal } from '../plan/schedule.ts';

/** Why a command does nothing: a code and data, said in both languages in `web/words`. `field` names the form field it stands beside. */
export type Refusal = { readonly code: string; readonly field?: string; readonly [key: string]: unknown };

export type Refused = { refused: Refusal };

export function refuse(code: string, rest: Omit<Refusal, 'code'> = {}): Refused {
  return { refused: { code, ...rest } };
}

/** A plan's refusal as a command's: the plan's own code and data under `plan`. */
export function refusePlan(plan: PlanRefusal, field: string): Refused {
  return refuse('plan.refused', { plan, field });
}

export function isRefused(value: object): value is Refused {
  return 'refused' in value;
}
