import type { Recorded } from '../../worker/negotiation/entry.ts';
import { type Act, type ActKind, knownAct } from '../../worker/negotiation/lender/institution.ts';
import { dateText, momentText, type Words, wordsOf } from '../words/index.ts';
import { shownPlaces } from '../words/places.ts';
import { tellRestored } from './custody.ts';
import { policyLines } from './policy.ts';
import { named, said, type Told } from './telling.ts';

/** What a lender's own stream tells, to its staff alone. */

/** How each kind of entry is told. Does not compile where one is missing. */
const TELLERS: { readonly [K in ActKind]: (entry: Pick<Act<K>, 'content'>, words: Words) => Told } = {
  'policy.began': ({ content: { policy } }, words) => ({ what: words.policy.act.began, lines: policyLines(policy, words) }),
  'policy.proposed': ({ content: { base, from, policy } }, words) => ({
    what: words.policy.act.proposed({ version: base + 1 }),
    lines: [named(words.policy.from, dateText(words, from)), ...policyLines(policy, words)],
  }),
  'policy.withdrawn': ({ content: { proposal } }, words) => ({
    what: words.policy.act.withdrawn,
    lines: [{ value: words.case.receipt(proposal), about: { entry: proposal } }],
  }),
  'policy.set': ({ content: { version, from, policy, proposal } }, words) => ({
    what: proposal === null ? words.policy.act.set({ version }) : words.policy.act.confirmed({ version }),
    lines: [
      named(words.policy.from, momentText(words, from)),
      ...(proposal === null ? [] : [named(words.policy.proposedIn, words.case.receipt(proposal))]),
      ...policyLines(policy, words),
    ],
  }),
  'record.exported': ({ content: { head, digest } }, words) => ({
    what: words.institution.exported,
    lines: [{ value: words.entry.upTo({ seq: head }) }, named(words.case.fileDigest, digest, { close: true })],
  }),
  'cases.exported': ({ content: { cases, digest } }, words) => ({
    what: words.takeMany.taken({ count: cases.length }),
    lines: [
      named(words.cases.number, cases.map(({ number }) => number).join(words.comma)),
      named(words.case.fileDigest, digest, { close: true }),
    ],
  }),
  'table.exported': ({ content: { what, format, choice } }, words) => ({
    what: words.tables.taken({ table: words.tables.of[what] }),
    lines: [
      named(words.tables.format, words.tables.formats[format]),
      ...(choice === '' ? [] : [named(words.inbox.choose, choice, { close: true })]),
    ],
  }),
  'template.written': ({ content: { template, version, use, language, name, text } }, words) => ({
    what: words.templates.act.written({ name, version }),
    lines: [
      { value: words.templates.which({ no: template }) },
      named(words.templates.use, words.templates.uses[use]),
      named(words.templates.language, words.templates.languages[language]),
      ...said(shownPlaces(text, wordsOf(language))),
    ],
  }),
  'template.retired': ({ content: { template } }, words) => ({
    what: words.templates.act.retired,
    lines: [{ value: words.templates.which({ no: template }) }],
  }),
  'custody.restored': ({ content }, words) => tellRestored(content, words),
  'staff.invited': ({ content: { to, capacity, until } }, words) => ({
    what: words.staff.acts.invited({ to, capacity: words.capacity[capacity] }),
    lines: [{ value: words.staff.until({ at: momentText(words, until) }) }],
  }),
  'staff.uninvited': ({ content: { to, capacity } }, words) => ({
    what: words.staff.acts.uninvited({ to, capacity: words.capacity[capacity] }),
    lines: [],
  }),
  'staff.joined': ({ content: { member, capacity } }, words) => ({
    what: words.staff.acts.joined({ name: member.name, capacity: words.capacity[capacity] }),
    lines: [],
  }),
  'staff.changed': ({ content: { member, from, to } }, words) => ({
    what: words.staff.acts.changed({ name: member.name, from: words.capacity[from], to: words.capacity[to] }),
    lines: [],
  }),
  'staff.teamed': ({ content: { member, from, to } }, words) => ({
    what: words.staff.acts.teamed({ name: member.name, from: from ?? words.staff.noTeam, to: to ?? words.staff.noTeam }),
    lines: [],
  }),
  'staff.ended': ({ content: { member, capacity } }, words) => ({
    what: words.staff.acts.ended({ name: member.name, capacity: words.capacity[capacity] }),
    lines: [],
  }),
  'staff.vouched': ({ content: { member } }, words) => ({ what: words.staff.acts.vouched({ name: member.name }), lines: [] }),
  'staff.reset': ({ content: { member } }, words) => ({ what: words.staff.acts.reset({ name: member.name }), lines: [] }),
};

/** What an entry of the lender's own stream tells; of one that this release does not know, that something was put there. */
export function tellAct(recorded: Recorded, words: Words): Told {
  const entry = knownAct(recorded);
  return entry ? told(entry, words) : { what: words.entry.other, lines: [] };
}

function told<K extends ActKind>(entry: Act<K>, words: Words): Told {
  return TELLERS[entry.kind](entry, words);
}
