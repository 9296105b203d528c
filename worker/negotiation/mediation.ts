import * as z from 'zod';
import { addDays } from '../plan/calendar.ts';
import { COMPONENTS } from '../plan/format.ts';
import { endOfDay } from '../plan/law/zone.ts';
import { Debt, type Debt as DebtFigures, Terms } from '../plan/terms.ts';
import { given } from './agreement.ts';
import { type Context, command, neutral } from './command.ts';
import { type Case, type ContentsOf, entry, sideOf } from './entry.ts';
import { endOf, isOpen, type Mediation, mediating, OVER, standingMediation } from './mediated.ts';
import { debtToOffer, drawnUp, makeProposal, offerable, offerDigest, onTable, PlanTotals, ProposalInput, tryProposal } from './proposal.ts';
import { isRefused, type Refused, refuse } from './refusal.ts';
import { Reached } from './seats.ts';
import { notClosed } from './stage.ts';
import { Digest, Line, PartyName, RecordedName, Seq, Text } from './text.ts';
import { type Due, nobody, topic } from './topic.ts';

/**
 * A neutral between the sides: proposed by one, let in by the other, seated by a link to their contact once they have said that they are neutral. They see the shared
 * record, speak to both and suggest terms, which either side can take up as its own offer in one step. They decide nothing; they leave, or either side has them go.
 */

/** Over the life of a case. */
const MAX_MEDIATIONS = 20;
const MAX_SUGGESTIONS = 100;
const MAX_SAID = 500;

/** How long a suggestion stands, in days. */
const SUGGESTION_DAYS = 14;

/** The version of the words by which a mediator says that they are neutral (`web/words`, `mediation.neutrality`): what was said is told in its own. */
export const NEUTRALITY = 1;

/** `no` counts the suggestions of a case from 1. */
export type Suggestion = {
  no: number;
  seq: number;
  at: string;
  mediation: number;
  debt: DebtFigures;
  terms: Terms;
  digest: string;
  totals: z.infer<typeof PlanTotals>;
  reasons: Partial<Record<(typeof COMPONENTS)[number], string>>;
  words: string;
  expiresAt: string;
};

/** `mediatorSaid` is how often a mediator has written in this case. */
export type MediationPart = { mediations: Mediation[]; suggestions: Suggestion[]; mediatorSaid: number };

/** An organisation of the installation's list, as it was chosen. */
const Organisation = z.object({ name: RecordedName, place: z.string() });

const Suggested = z.object({
  mediation: z.int(),
  no: z.int(),
  debt: Debt,
  terms: Terms,
  digest: z.string(),
  totals: PlanTotals,
  reasons: z.partialRecord(z.enum(COMPONENTS), z.string()),
  words: z.string(),
  expiresAt: z.string(),
});

const Named = z.object({ mediation: z.int() });
const Answered = Named.extend({ words: z.string().optional() });

const entries = {
  'mediation.proposed': entry({
    content: z.object({ name: RecordedName, organisation: Organisation.optional(), to: Reached, words: z.string().optional() }),
    told: 'others',
    personal: false,
    evolve(kase, proposed) {
      const { seq, at, content } = proposed;
      const { name, organisation, to } = content;
      const of = organisation ? { of: organisation.name } : {};
      const one: Mediation = { seq, at, since: at, name, ...of, by: sideOf(proposed), to, account: null, state: 'proposed' };
      return { ...kase, mediations: [...kase.mediations, one] };
    },
  }),
  'mediation.admitted': entry({
    content: Named,
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { mediation } }) => changed(kase, mediation, { state: 'admitted', since: at }),
  }),
  'mediation.declined': entry({
    content: Answered,
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { mediation } }) => changed(kase, mediation, { state: 'declined', since: at }),
  }),
  /** `neutrality` is the version of the words by which the mediator said that they are neutral. */
  'mediation.accepted': entry({
    content: Named.extend({ identified: Reached, neutrality: z.int() }),
    told: 'others',
    personal: false,
    evolve: (kase, { at, author: { account }, content: { mediation } }) =>
      changed(kase, mediation, { account, state: 'acting', since: at }),
  }),
  'mediation.said': entry({
    content: Named.extend({ words: z.string() }),
    told: 'others',
    personal: true,
    evolve: (kase) => ({ ...kase, mediatorSaid: kase.mediatorSaid + 1 }),
  }),
  'mediation.suggested': entry({
    content: Suggested,
    told: 'others',
    personal: false,
    evolve: (kase, { seq, at, content }) => ({ ...kase, suggestions: [...kase.suggestions, { seq, at, ...content }] }),
  }),
  'mediation.left': entry({
    content: Answered,
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { mediation } }) => changed(kase, mediation, { state: 'left', since: at }),
  }),
  'mediation.dismissed': entry({
    content: Answered,
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { mediation } }) => changed(kase, mediation, { state: 'dismissed', since: at }),
  }),
  'mediation.ended': entry({
    content: Named.extend({ why: z.enum(OVER) }),
    told: 'others',
    personal: false,
    evolve: (kase, { at, content: { mediation, why } }) => changed(kase, mediation, { state: why, since: at }),
  }),
};

declare module './entry.ts' {
  interface Case extends MediationPart {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

const changed = (kase: Case, seq: number, to: Partial<Mediation>): Case => ({
  ...kase,
  mediations: kase.mediations.map((one) => (one.seq === seq ? { ...one, ...to } : one)),
});

/** The mediation that stands, where the command names that very one; or why not. */
function named(kase: Case, seq: number, at: string): Mediation | Refused {
  const one = standingMediation(kase, at);
  return one?.seq === seq ? one : refuse('mediation.none');
}

const propose = command({
  name: 'mediation.propose',
  input: z.object({
    name: PartyName,
    organisation: z.object({ name: PartyName, place: Line(200) }).optional(),
    words: Text(1000).optional(),
  }),
  needs: 'negotiate',
  // The contact is the portal's to bring, as the record holds its digest; the organisation is one of its list.
  doors: [],
  page: 'mediation',
  proof: false,
  when: (kase, { at }) =>
    notClosed(kase) ??
    (kase.borrowerName === null ? refuse('case.not-joined') : null) ??
    (standingMediation(kase, at) ? refuse('mediation.one-at-a-time') : null) ??
    (kase.mediations.length >= MAX_MEDIATIONS ? refuse('case.full', { max: MAX_MEDIATIONS }) : null),
  decide(kase, { name, organisation, words }, { reached }) {
    if (!reached) return refuse('contact.unproven');
    const { contact } = reached;
    const isParty = contact === kase.identified?.contact || kase.representatives.some(({ to }) => to.contact === contact);
    if (isParty) return refuse('mediation.party', { field: 'contact' });
    const content = { name, ...(organisation ? { organisation } : {}), to: reached, ...(words ? { words } : {}) };
    return [{ kind: 'mediation.proposed', content }];
  },
  gives: 'nothing',
});

/** A proposal that waits for this side: it comes from the other. */
function waitsFor(kase: Case, { at, seat }: Pick<Context, 'at' | 'seat'>): Refused | null {
  const one = standingMediation(kase, at);
  if (one?.state !== 'proposed') return refuse('mediation.none');
  return one.by === seat.side ? refuse('mediation.own') : null;
}

const admit = command({
  name: 'mediation.admit',
  input: z.object({ mediation: Seq }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'mediation',
  proof: false,
  when: waitsFor,
  decide(kase, { mediation }, { at }) {
    const one = named(kase, mediation, at);
    return isRefused(one) ? one : [{ kind: 'mediation.admitted', content: { mediation } }];
  },
  gives: 'nothing',
});

const decline = command({
  name: 'mediation.decline',
  input: z.object({ mediation: Seq, words: Text(1000).optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'mediation',
  proof: false,
  when: waitsFor,
  decide(kase, { mediation, words }, { at }) {
    const one = named(kase, mediation, at);
    return isRefused(one) ? one : [{ kind: 'mediation.declined', content: { mediation, ...(words ? { words } : {}) } }];
  },
  gives: 'nothing',
});

/** Either side ends it at once; whoever proposed it takes a proposal back by it. */
const dismiss = command({
  name: 'mediation.dismiss',
  input: z.object({ mediation: Seq, words: Text(1000).optional() }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'mediation',
  proof: false,
  when(kase, { at, seat }) {
    const one = standingMediation(kase, at);
    return !one || (one.state === 'proposed' && one.by !== seat.side) ? refuse('mediation.none') : null;
  },
  decide(kase, { mediation, words }, { at }) {
    const one = named(kase, mediation, at);
    return isRefused(one) ? one : [{ kind: 'mediation.dismissed', content: { mediation, ...(words ? { words } : {}) } }];
  },
  gives: 'nothing',
});

/** By whoever has the contact to which the link went: no client can say that. Nobody is neutral who is, or was, of a side. */
const accept = neutral({
  name: 'mediation.accept',
  input: z.object({}),
  needs: 'attend',
  doors: [],
  page: null,
  proof: false,
  decide(kase, _input, { at, seat, reached }) {
    const one = standingMediation(kase, at);
    if (one?.state !== 'admitted' || !reached || one.to.contact !== reached.contact) return refuse('mediation.none');
    const { account } = seat;
    if (account === kase.borrowerAccount || kase.representatives.some((each) => each.account === account)) return refuse('mediation.party');
    return [{ kind: 'mediation.accepted', content: { mediation: one.seq, identified: reached, neutrality: NEUTRALITY } }];
  },
  gives: 'nothing',
});

const say = neutral({
  name: 'mediation.say',
  input: z.object({ words: Text(5000) }),
  needs: 'mediate',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: notClosed,
  decide(kase, { words }, { at }) {
    const one = mediating(kase, at);
    if (!one) return refuse('mediation.none');
    if (kase.mediatorSaid >= MAX_SAID) return refuse('case.full', { max: MAX_SAID });
    return [{ kind: 'mediation.said', content: { mediation: one.seq, words } }];
  },
  gives: 'nothing',
});

/** The same fields as an offer's, but for what it would answer: that is for whoever takes it up. */
const SuggestionInput = ProposalInput.pick({ terms: true, reasons: true, words: true });

const suggest = neutral({
  name: 'mediation.suggest',
  input: SuggestionInput,
  needs: 'mediate',
  doors: ['form', 'api'],
  page: 'new suggestion',
  proof: false,
  when: (kase, { today }) => offerable(kase) ?? (debtToOffer(kase, today) ? null : refuse('debt.none-stated')),
  decide(kase, input, context) {
    const { at, today, zone } = context;
    const one = mediating(kase, at);
    const debt = debtToOffer(kase, today);
    if (!one || !debt) return refuse(one ? 'debt.none-stated' : 'mediation.none');
    if (kase.suggestions.length >= MAX_SUGGESTIONS) return refuse('case.full', { max: MAX_SUGGESTIONS });
    const worked = tryProposal(debt, input, context);
    if (isRefused(worked)) return worked;
    return [
      {
        kind: 'mediation.suggested',
        content: {
          mediation: one.seq,
          no: kase.suggestions.length + 1,
          ...drawnUp(debt, input, worked.totals),
          expiresAt: endOfDay(addDays(today, SUGGESTION_DAYS), zone),
        },
      },
    ];
  },
  gives: 'nothing',
});

/**
 * Why a suggestion cannot be taken up as things are, or null: only the newest of the mediation that goes on, on the figures that count now, until its day, and while its
 * first instalment is still to come.
 */
export function outOfPlace(kase: Case, one: Suggestion, { at, today }: Pick<Context, 'at' | 'today'>): Refused | null {
  const closed = offerable(kase);
  if (closed) return closed;
  if (mediating(kase, at)?.seq !== one.mediation) return refuse('mediation.over');
  if (kase.suggestions.at(-1)?.no !== one.no) return refuse('mediation.newer');
  if (onTable(kase, at)?.suggestion === one.no) return refuse('mediation.taken');
  if (one.expiresAt <= at) return refuse('mediation.suggestion-lapsed');
  const debt = debtToOffer(kase, today);
  if (!debt || offerDigest(debt, one.terms) !== one.digest) return refuse('mediation.figures-changed');
  return one.terms.firstDue <= today ? refuse('offer.first-due-past') : null;
}

/** Takes a suggestion up as one's own offer: what `proposal.make` comes to, and within the same authority. */
const adopt = command({
  name: 'mediation.adopt',
  /** `digest` is what the suggestion is known by that was looked at; `answers` the offer that was on the table then. */
  input: z.object({
    suggestion: z.int().min(1).max(MAX_SUGGESTIONS),
    digest: Digest,
    answers: ProposalInput.shape.answers,
    words: ProposalInput.shape.words,
  }),
  needs: 'negotiate',
  doors: ['form', 'api'],
  page: 'suggestion',
  proof: false,
  when(kase, context) {
    const newest = kase.suggestions.at(-1);
    return newest ? outOfPlace(kase, newest, context) : refuse('mediation.no-suggestion');
  },
  decide(kase, { suggestion, digest, answers, words }, context) {
    const one = kase.suggestions[suggestion - 1];
    if (!one || one.digest !== digest) return refuse('mediation.no-suggestion');
    const stale = outOfPlace(kase, one, context);
    if (stale) return stale;
    const { terms, reasons } = one;
    const made = makeProposal(kase, { answers, terms, reasons, words }, context);
    if (isRefused(made)) return made;
    return made.map((each) => (each.kind === 'proposal.made' ? { ...each, content: { ...each.content, suggestion } } : each));
  },
  gives(kase, { suggestion }) {
    const one = kase.suggestions[suggestion - 1];
    return one ? given(kase, one) : null;
  },
});

/** A mediator lays it down. */
const leave = neutral({
  name: 'mediation.leave',
  input: z.object({ words: Text(1000).optional() }),
  needs: 'attend',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  decide(kase, { words }, { at }) {
    const one = mediating(kase, at);
    if (!one) return refuse('mediation.none');
    return [{ kind: 'mediation.left', content: { mediation: one.seq, ...(words ? { words } : {}) } }];
  },
  gives: 'nothing',
});

/** A proposal that nobody answered, a link that nobody took up, and the end once all is settled or the case closed. */
function dueEnds(kase: Case): Due[] {
  return kase.mediations.filter(isOpen).flatMap((one): Due[] => {
    const end = endOf(kase, one);
    return end ? [{ at: end.at, entry: { kind: 'mediation.ended', content: { mediation: one.seq, why: end.why }, by: 'portal' } }] : [];
  });
}

export const commands = { propose, admit, decline, dismiss, accept, say, suggest, adopt, leave };

export const mediation = topic({
  empty: { mediations: [], suggestions: [], mediatorSaid: 0 },
  entries,
  commands,
  due: dueEnds,
  awaits: nobody,
});
