import * as z from 'zod';
import { LANGUAGES } from '../plan/languages.ts';
import { inForce, type Jurisdiction, LENDER_KINDS } from '../plan/law/jurisdiction.ts';
import { Amount, Ppm } from '../plan/terms.ts';
import { Digest, Line, RecordedName, Text } from './text.ts';

/** What a lender publishes and allows, and what is known of the lender itself. It holds in versions, each from a date on (`lender/policies.ts`). */

/** People for whom a policy can name limits of their own. */
export const MOST_PERSONAL = 200;

/** Whether each is above the one before. */
const ascending = (values: readonly number[]) => values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0));

const Share = Ppm.max(1_000_000);
const Months = z.int().min(1).max(600);
/** Minutes of the day. */
const Minutes = z.int().min(0).max(1440);

/**
 * What somebody may grant alone: the share (ppm) of interest, penalty and fees together, and of principal, that may be given up; the months until all
 * is paid; and the share of the interest that would run at the contract's rate (as for charges where it is not said). Where the lender's books state no
 * rate, what would run at its own (`discountPpm`) may be forgone up to a share of the principal (`unstatedPpm`). `authority.ts` measures it.
 */
const Authority = z.object({
  chargesPpm: Ppm,
  principalPpm: Ppm,
  longestTerm: Months,
  forgonePpm: Ppm.optional(),
  unstatedPpm: Ppm.default(100_000),
});
export type Authority = z.infer<typeof Authority>;

/** Of what is owed up to `upTo` (分), all is paid within so many months. */
const TermBand = z.object({ upTo: Amount, months: Months });

/** The largest shares (ppm of each part) that are given up once so many days are overdue. */
const WaiverBand = z.object({
  fromDaysOverdue: z.int().min(0).max(3650),
  principalPpm: Share,
  interestPpm: Share,
  penaltyPpm: Share,
  feesPpm: Share,
});
export type WaiverBand = z.infer<typeof WaiverBand>;

/** A line that may be left blank: '' then. */
const Blank = <Schema extends z.ZodType<string>>(schema: Schema) =>
  z
    .preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional())
    .transform((text) => text ?? '');

/** What a logo may be: its types, at most so many bytes, at most so wide and high, and no side shorter than `least` pixels. */
export const LOGO = { types: ['image/png', 'image/jpeg', 'image/webp'], bytes: 100 * 1024, width: 1200, height: 600, least: 24 } as const;

/** A picture as intake left it, known by the digest of its bytes; its size in pixels. */
const Logo = z.object({
  sha256: Digest,
  type: z.enum(LOGO.types),
  width: z.int().min(LOGO.least).max(LOGO.width),
  height: z.int().min(LOGO.least).max(LOGO.height),
});
export type Logo = z.infer<typeof Logo>;

/** What a lender is and how it is reached, as it tells borrowers. What it has not said is '' or null: nothing is guessed from that. */
export const LenderEntry = z.object({
  kind: z.enum(LENDER_KINDS).nullable().default(null),
  /** Number of its registration or licence. */
  registration: Blank(Line(60)).default(''),
  address: Blank(Line(200)).default(''),
  phone: Blank(Line(40)).default(''),
  email: Blank(Line(200)).default(''),
  /** Languages in which its people answer. */
  languages: z.array(z.enum(LANGUAGES)).min(1).max(2).default(['zh']),
  /** The picture by which borrowers know it. */
  logo: Logo.optional(),
  /** What it wants borrowers to know, in its own words. */
  about: Blank(Text(2000)).default(''),
});
export type LenderEntry = z.infer<typeof LenderEntry>;

/** Where borrowers pay: the holder, the bank, the number. */
const PayAccount = z.object({ name: Line(100), bank: Line(100), number: Line(40) });
export type PayAccount = z.infer<typeof PayAccount>;

/** What a lender publishes and allows. The published part is shown to every borrower; the authority is the lender's own. */
export const Policy = z.object({
  /** Least instalment a month that the lender publishes, 分; and the share (ppm) of the disposable income that is enough where it is less. */
  minimumInstalment: Amount,
  minimumSharePpm: Share.nullable().default(null),
  /** Longest term that it publishes, in months until all is paid; of smaller amounts a shorter one, where there are bands. */
  longestTerm: Months,
  termBands: z
    .array(TermBand)
    .max(12)
    .refine((bands) => ascending(bands.map(({ upTo }) => upTo)), { error: 'ascending' })
    .default([]),
  /** Largest waivers by days overdue; without a band policy sets no bound of its own. */
  waivers: z
    .array(WaiverBand)
    .max(12)
    .refine((bands) => ascending(bands.map(({ fromDaysOverdue }) => fromDaysOverdue)), { error: 'ascending' })
    .default([]),
  /** Periods without payment in one plan, and whether interest may stand still in them. */
  pauses: z.object({ most: z.int().min(0).max(60), interestWaived: z.boolean() }).default({ most: 6, interestWaived: true }),
  /** Least share (ppm) of what is owed after waivers that is asked for up front. */
  upfrontPpm: Share.default(0),
  /** Working days within which it promises to answer an offer. */
  answerWithin: z.int().min(1).max(60),
  /** Days for which an offer stands unless said otherwise, and at most. */
  offerDays: z.int().min(1).max(60),
  longestOffer: z.int().min(1).max(60).default(60),
  /** Days after a due date before arrears begin, and days from their notice in which they can be made good. */
  graceDays: z.int().min(0).max(60).default(3),
  cureDays: z.int().min(1).max(180).default(14),
  /** Instalments that a borrower may move without asking: how many in an agreement, by how many days, and whether to the end. */
  moves: z
    .object({ most: z.int().min(0).max(60), days: z.int().min(1).max(90), toEnd: z.boolean() })
    .default({ most: 2, days: 15, toEnd: false }),
  /** What follows where an agreement is declared broken. */
  afterBreach: z.object({ waiversLapse: z.boolean(), restDue: z.boolean() }).default({ waiversLapse: false, restDue: false }),
  /** Working days from completion until the settlement letter is there. */
  settlementLetterWithin: z.int().min(1).max(60).default(5),
  /** Whether schedules mark due dates that fall on a day off: a hint only, the dates stay. */
  holidayHint: z.boolean().optional(),
  /** Minutes of the day within which the lender contacts people, where that is stricter than the law. */
  contactHours: z
    .object({ from: Minutes, until: Minutes })
    .refine(({ from, until }) => from < until, { error: 'ascending', path: ['until'] })
    .nullable()
    .default(null),
  /** Years for which a closed case is kept, as law requires. */
  retentionYears: z.int().min(0).max(30),
  /** Whether the portal accepts what is inside policy, and counters what is not with the nearest plan that is. */
  automatic: z.object({ accept: z.boolean(), counter: z.boolean() }).default({ accept: false, counter: false }),
  /** Where borrowers pay; null where the lender has not said so. */
  account: PayAccount.nullable().default(null),
  /** The lender's own yearly rate (ppm) at which it values a plan; never shown to the borrower. */
  discountPpm: Ppm.default(60_000),
  /** Whose law is shown: the code of a table in `plan/law`. */
  jurisdiction: z
    .string()
    .max(11)
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,8})?$/)
    .default('CN'),
  /** What an agent may grant alone; a supervisor, where they have limits at all; and single people, by their account, before their role. */
  agentAuthority: Authority,
  supervisorAuthority: Authority.nullable().default(null),
  personalAuthority: z
    .array(
      Authority.extend({
        account: z
          .string()
          .max(32)
          .regex(/^[0-9a-z]+$/),
        /** As they were called when it was set. */
        name: RecordedName.optional(),
      }),
    )
    .max(MOST_PERSONAL)
    .default([]),
  lender: LenderEntry.default({
    ...{ kind: null, registration: '', address: '', phone: '', email: '', languages: ['zh'], about: '' },
  }),
});
export type Policy = z.infer<typeof Policy>;

/** A policy with the number of the version that it is: what checks are held against, and say. 0 is the one that stands where a lender's own cannot be relied upon. */
export type HeldPolicy = Policy & { readonly version: number };

export const DEFAULT_POLICY: HeldPolicy = {
  ...Policy.parse({
    minimumInstalment: 20_000,
    longestTerm: 60,
    answerWithin: 3,
    offerDays: 7,
    retentionYears: 5,
    agentAuthority: { chargesPpm: 500_000, principalPpm: 0, longestTerm: 36 },
  }),
  version: 0,
};

/** Hours that the borrower wishes for, in minutes of the day; `any`: they consent to be reached at all hours; null: nothing was said. */
export type WishedHours = { from: number; until: number } | 'any' | null;

/**
 * The hours in which a lender contacts people on a day: the law's, narrowed by its own and by those that the borrower wishes for; null where none sets any. The law's do
 * not hold where the borrower consents. What leaves nothing of the others narrows nothing: else nobody would ever be told of anything. Minutes of the day, [from, until).
 */
export function contactHoursOn({ contactHours }: Pick<Policy, 'contactHours'>, law: Jurisdiction, on: string, wished: WishedHours = null) {
  const rules = wished === 'any' ? [] : inForce(law, on, 'contact').flatMap(({ limit }) => (limit?.kind === 'hours' ? [limit] : []));
  return [wished === 'any' ? null : wished, contactHours].reduce((hours: Hours | null, more) => {
    const narrowed = together([...(hours ? [hours] : []), ...(more ? [more] : [])]);
    return narrowed && narrowed.from < narrowed.until ? narrowed : hours;
  }, together(rules));
}

type Hours = { from: number; until: number };

/** The hours that are within all of some. */
function together(all: readonly Hours[]): Hours | null {
  if (all.length === 0) return null;
  return { from: Math.max(...all.map(({ from }) => from)), until: Math.min(...all.map(({ until }) => until)) };
}
