import * as z from 'zod';
import { POSTS } from '../seats.ts';
import { type ActsOf, act, actTopic } from './act.ts';

/** Who works for a lender, and what was changed about it. Who may do what now, the directory says; this is how it came to be. */

const Id = z.string().regex(/^[0-9a-f]{32}$/);
const Post = z.enum(POSTS);
const Team = z.string().min(1).max(60).nullable();
/** Somebody of the staff, as they were called then. */
const Member = z.object({ account: Id, name: z.string().min(1).max(200) });
/** Where an invitation went: the contact with its middle hidden. */
const Hint = z.string().min(1).max(260);

const entries = {
  'staff.invited': act({ content: z.object({ to: Hint, capacity: Post, until: z.iso.datetime() }), evolve: (before) => before }),
  'staff.uninvited': act({ content: z.object({ to: Hint, capacity: Post }), evolve: (before) => before }),
  'staff.joined': act({ content: z.object({ member: Member, capacity: Post }), evolve: (before) => before }),
  'staff.changed': act({ content: z.object({ member: Member, from: Post, to: Post }), evolve: (before) => before }),
  'staff.teamed': act({ content: z.object({ member: Member, from: Team, to: Team }), evolve: (before) => before }),
  'staff.ended': act({ content: z.object({ member: Member, capacity: Post }), evolve: (before) => before }),
  /** Somebody who came by other invitations says that they are a person of their own. */
  'staff.vouched': act({ content: z.object({ member: Member }), evolve: (before) => before }),
  /** Their second factor is gone: they set it up anew when they next sign in. */
  'staff.reset': act({ content: z.object({ member: Member }), evolve: (before) => before }),
};

declare module './act.ts' {
  interface Acts extends ActsOf<typeof entries> {}
}

export const staff = actTopic({ empty: {}, entries });
