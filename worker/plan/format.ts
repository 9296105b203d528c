/** Bounds and parts of plan format 1, apart from the schemas of `terms.ts`, which the browser's preview need not load. Rule 7: */
export const MAX_AMOUNT = 1_000_000_000_000;
export const MAX_INSTALMENTS = 600;

/** Payments under one plan. */
export const MAX_PAYMENTS = 5_000;

/** Pauses are no instalments; as many periods of them are more than any plan needs, and keep each due date in its four-digit year. */
export const MAX_PAUSED = 600;

/** 10^9 ppm a period (1,000 × the debt): far beyond any lawful rate, and small enough to keep every product exact. */
export const MAX_PPM = 1_000_000_000;

/** The four parts of a debt, in the order in which waivers are checked. */
export const COMPONENTS = ['principal', 'interest', 'penalty', 'fees'] as const;
export type Component = (typeof COMPONENTS)[number];
