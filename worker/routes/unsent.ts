import { type KeptMessage, UNSENT } from '../../web/parts/unsent.tsx';
import { randomId } from '../chance.ts';
import type { Command } from '../negotiation/command.ts';
import type { Typed } from '../negotiation/form.ts';
import { commands as mediation } from '../negotiation/mediation.ts';
import { commands as talk } from '../negotiation/talk.ts';
import type { Known, Unsent } from '../store/unsent.ts';
import { requestIdOf } from './give.ts';
import type { OpenCase } from './portal.ts';

/** The message that somebody has written on the page of a case and not sent: kept for them on the server, and shown on that page alone. */

/** The command by which a message is sent from a seat. */
export const messageOf = ({ neutral }: Pick<OpenCase, 'neutral'>): Command => (neutral ? mediation.say : talk.message);

/** Where what is written for a command and not sent is kept, and given up; null where nothing is. */
export const keptAt = (opened: Pick<OpenCase, 'id' | 'neutral'>, { name }: Command): string | null =>
  name === messageOf(opened).name ? `/cases/${opened.id}/drafts/${name}` : null;

/** What the reader of a case has not sent there. */
export async function unsentIn({ casefile, unsent }: Pick<OpenCase, 'casefile' | 'unsent'>): Promise<KeptMessage | null> {
  return keptAs(await casefile.openUnsent(unsent));
}

export const keptAs = (found: Unsent | null): KeptMessage | null =>
  found && { version: found.version, at: new Date(found.version).toISOString(), words: found.words, textOf: found.textOf ?? null };

/**
 * What a form knows of the draft that is kept: its version, and its own. Null where it is no form that a draft is kept of. @param over the version whose place a button takes, which its
 * writer has been shown: whatever came of the form before
 */
export function knownIn(values: Typed, over = ''): Known | null {
  const version = over || (values.get(UNSENT)?.[0] ?? '');
  return /^\d{1,15}$/.test(version) ? { version: Number(version), form: over ? randomId() : requestIdOf(values) } : null;
}

/** What goes with a command that sends a message: its draft is gone in the same write, unless it was kept elsewhere since. */
export function sentWith({ name }: Command, values: Typed): { sent?: Known } {
  const known = MESSAGES.has(name) ? knownIn(values) : null;
  return known ? { sent: known } : {};
}

const MESSAGES = new Set([talk.message.name, mediation.say.name]);
