import { changedParts } from '../../worker/negotiation/lender/policies.ts';
import { type Authority, Policy } from '../../worker/negotiation/policy.ts';
import { formatPercent } from '../../worker/plan/amount.ts';
import { lawOf } from '../../worker/plan/law/index.ts';
import { languageOf, money, type Words } from '../words/index.ts';
import { type Line, named } from './telling.ts';

/** A lender's policy in words: part by part, for whoever edits it, reads the stream of the lender, or compares two versions. */

const percent = (ppm: number) => `${formatPercent(ppm)}%`;

/** A minute of the day as clocks show it. */
export const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

type Teller = { readonly [Part in keyof Required<Policy>]: (value: Policy[Part], words: Words) => string };

/** How each part is told. Does not compile where one is missing. */
const TELLERS: Teller = {
  minimumInstalment: (fen) => money(fen),
  minimumSharePpm: (ppm, { policy: say }) => (ppm === null ? say.none : say.ofDisposable(percent(ppm))),
  longestTerm: (months, { policy: say }) => say.months(months),
  termBands: (bands, words) =>
    listed(
      bands.map(({ upTo, months }) => words.policy.termBand({ upTo: money(upTo), months })),
      words,
    ),
  waivers: (bands, words) => {
    const { component } = words;
    return listed(
      bands.map(({ fromDaysOverdue, principalPpm, interestPpm, penaltyPpm, feesPpm }) =>
        words.policy.waiverBand({
          days: fromDaysOverdue,
          shares: [
            `${component.principal} ${percent(principalPpm)}`,
            `${component.interest} ${percent(interestPpm)}`,
            `${component.penalty} ${percent(penaltyPpm)}`,
            `${component.fees} ${percent(feesPpm)}`,
          ].join(words.comma),
        }),
      ),
      words,
    );
  },
  pauses: ({ most, interestWaived }, { policy: say }) => say.pausesText({ most, interestWaived }),
  upfrontPpm: (ppm) => percent(ppm),
  answerWithin: (days, { policy: say }) => say.workingDays(days),
  offerDays: (days, { policy: say }) => say.days(days),
  longestOffer: (days, { policy: say }) => say.days(days),
  graceDays: (days, { policy: say }) => say.days(days),
  cureDays: (days, { policy: say }) => say.days(days),
  moves: (moves, { policy: say }) => say.movesText(moves),
  afterBreach: ({ waiversLapse, restDue }, words) => {
    const { policy: say } = words;
    return [...(waiversLapse ? [say.waiversLapse] : []), ...(restDue ? [say.restDue] : [])].join(words.comma) || say.none;
  },
  settlementLetterWithin: (days, { policy: say }) => say.workingDays(days),
  holidayHint: (on, { policy: say }) => (on ? say.holidayHint : say.off),
  contactHours: (hours, { policy: say }) => (hours === null ? say.asLaw : `${clockText(hours.from)}–${clockText(hours.until)}`),
  retentionYears: (years, { policy: say }) => say.years(years),
  automatic: ({ accept, counter }, words) => {
    const { policy: say } = words;
    return [...(accept ? [say.accept] : []), ...(counter ? [say.counter] : [])].join(words.comma) || say.off;
  },
  account: (account, words) => (account === null ? words.policy.notSaid : [account.name, account.bank, account.number].join(words.comma)),
  discountPpm: (ppm) => percent(ppm),
  jurisdiction: (code, words) => lawOf({ jurisdiction: code }).name[languageOf(words)],
  agentAuthority: (authority, words) => authorityText(authority, words),
  supervisorAuthority: (authority, words) => (authority === null ? words.policy.noLimits : authorityText(authority, words)),
  personalAuthority: (all, words) =>
    listed(
      all.map((one) => `${one.name ?? one.account}${words.colon}${authorityText(one, words)}`),
      words,
    ),
  lender: (entry, words) => lenderTexts(entry, words).join(words.comma) || words.policy.notSaid,
};

function listed(texts: readonly string[], { policy: say }: Words): string {
  return texts.length === 0 ? say.none : texts.join('\n');
}

function authorityText({ principalPpm, chargesPpm, longestTerm, forgonePpm, unstatedPpm }: Authority, words: Words): string {
  return words.policy.authorityText({
    principal: percent(principalPpm),
    charges: percent(chargesPpm),
    months: longestTerm,
    forgone: percent(forgonePpm ?? chargesPpm),
    unstated: percent(unstatedPpm),
  });
}

/** What a lender says of itself, as far as it does. */
function lenderTexts({ kind, registration, address, phone, email, languages, logo, about }: Policy['lender'], words: Words): string[] {
  const { policy: say } = words;
  return [
    kind === null ? '' : say.kinds[kind],
    registration,
    address,
    phone,
    email,
    languages.map((one) => say.languages[one]).join(words.comma),
    logo ? words.logo.told({ ...logo, digest: logo.sha256.slice(0, 12) }) : '',
    about,
  ].filter((text) => text !== '');
}

/** One part of a policy in words. */
export function partText<Part extends keyof Policy>(part: Part, policy: Pick<Policy, Part>, words: Words): string {
  return TELLERS[part](policy[part], words);
}

/** The parts in which two versions differ, each before and after. */
export function differences(
  before: Policy,
  after: Policy,
  words: Words,
): { part: keyof Policy; name: string; before: string; after: string }[] {
  return changedParts(before, after).map((part) => ({
    part,
    name: words.policy.part[part],
    before: partText(part, before, words),
    after: partText(part, after, words),
  }));
}

/** All of a policy, part by part. */
export function policyLines(policy: Policy, words: Words): Line[] {
  return Policy.keyof().options.map((part) => named(words.policy.part[part], partText(part, policy, words), { close: true }));
}
