import { type Case, type Kind, known } from '../../worker/negotiation/case.ts';
import type { Recorded } from '../../worker/negotiation/entry.ts';
import { momentText, type Words } from '../words/index.ts';
import { agreement } from './agreement.ts';
import { arrears } from './arrears.ts';
import { complaint, withDisputes } from './complaint.ts';
import { completion } from './completion.ts';
import { conduct } from './conduct.ts';
import { consent } from './consent.ts';
import { custody } from './custody.ts';
import { debt } from './debt.ts';
import { evidence } from './evidence.ts';
import { impasse } from './impasse.ts';
import { life } from './life.ts';
import { means } from './means.ts';
import { mediation, withMediation } from './mediation.ts';
import { moves } from './moves.ts';
import { performance } from './performance.ts';
import { person } from './person.ts';
import { proposal } from './proposal.ts';
import { referral } from './referral.ts';
import { reminders } from './reminders.ts';
import { representation } from './representation.ts';
import { talk } from './talk.ts';
import type { Line, Teller, Telling, Told } from './telling.ts';

/** How each kind of entry is told. Does not compile where one is missing. */
const TELLERS: { readonly [K in Kind]: Teller<K> } = {
  ...life,
  ...debt,
  ...means,
  ...consent,
  ...evidence,
  ...talk,
  ...proposal,
  ...agreement,
  ...performance,
  ...moves,
  ...arrears,
  ...reminders,
  ...completion,
  ...complaint,
  ...impasse,
  ...referral,
  ...custody,
  ...person,
  ...conduct,
  ...representation,
  ...mediation,
};

/**
 * What an entry tells: what happened, and all that it holds, line by line. `kase` is what the entries that the reader is shown come to: what is withheld from
 * them is told by nothing. An entry that this release does not know says that something was put on record.
 */
export function tell(recorded: Recorded, kase: Case, words: Words): Told {
  const entry = known(recorded);
  if (!entry) return { what: words.entry.other, lines: recorded.content === null ? [absent(recorded.seq, kase, words)] : [] };
  if (entry.content === null) return { what: kindText(entry.kind, words), lines: [absent(entry.seq, kase, words)] };
  const { what, lines } = told(entry, kase, words);
  return { what, lines: [...withMediation(entry, words), ...withDisputes(lines, entry, kase, words)] };
}

function told<K extends Kind>(entry: Telling<K>, kase: Case, words: Words): Told {
  return TELLERS[entry.kind](entry, kase, words);
}

/** What is known of an entry by its kind alone. */
function kindText(kind: Kind, words: Words): string {
  const text = words.entry[kind];
  return typeof text === 'string' ? text : words.entry.other;
}

/** Why a content is not there: erased, by which entry, or not shown in this copy. */
function absent(seq: number, kase: Pick<Case, 'erasures'>, words: Words): Line {
  const erasure = kase.erasures.find(({ entries }) => entries.includes(seq));
  if (!erasure) return { value: words.case.withheld };
  return {
    value: words.case.erased,
    aside: `${words.case.receipt(erasure.seq)}${words.comma}${momentText(words, erasure.at)}`,
    about: { entry: erasure.seq },
  };
}
