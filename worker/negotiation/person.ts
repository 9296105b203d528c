import * as z from 'zod';
import { command } from './command.ts';
import { type ContentsOf, entry } from './entry.ts';
import { onTable } from './proposal.ts';
import { refuse } from './refusal.ts';
import { negotiable } from './stage.ts';
import { nobody, nothingDue, topic } from './topic.ts';

/** A borrower can always ask for a person: from then on nothing in the case is answered automatically. */

export type Persons = { personAsked: number | null };

const entries = {
  'person.asked': entry({
    /** The offer that was on the table then; null where none was. */
    content: z.object({ offer: z.int().nullable() }),
    told: 'others',
    personal: false,
    evolve: (kase, { seq }) => ({ ...kase, personAsked: kase.personAsked ?? seq }),
  }),
};

declare module './entry.ts' {
  interface Case extends Persons {}
  interface Kinds extends ContentsOf<typeof entries> {}
}

const ask = command({
  name: 'person.ask',
  input: z.object({}),
  needs: 'summon',
  doors: ['form', 'api'],
  page: 'case',
  proof: false,
  when: (kase) => negotiable(kase) ?? (kase.personAsked === null ? null : refuse('person.asked-already')),
  decide: (kase, _input, { at }) => [{ kind: 'person.asked', content: { offer: onTable(kase, at)?.version ?? null } }],
  gives: 'nothing',
});

export const commands = { ask };

export const person = topic({ empty: { personAsked: null }, entries, commands, due: nothingDue, awaits: nobody });
