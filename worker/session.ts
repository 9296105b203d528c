import { parse } from 'hono/utils/cookie';
import { type Adapter, Lucia, type Session, TimeSpan } from 'lucia';
import { DAY, instant, later, MINUTE } from './clock.ts';
import { digestOf } from './record/digest.ts';
import type { Session as NewSession } from './store/accounts.ts';
import type { Visit } from './store/admission.ts';
import type { Directory } from './store/open.ts';

declare module 'lucia' {
  interface Register {
    Lucia: Lucia;
    DatabaseSessionAttributes: { createdAt: string; device: string };
  }
}

/**
 * Sessions, by lucia behind this file alone. The cookie holds a token of 200 random bits; the database holds its SHA-256.
 * A session ends 14 days after it was last extended, and 90 days after it began whatever happens.
 */
const IDLE = new TimeSpan(14, 'd');
const ABSOLUTE = 90 * DAY;

export type Sessions = ReturnType<typeof sessions>;

/** What stores a new session: on its own, or in one round trip with what it begins by. */
type Store = (session: NewSession) => Promise<unknown>;

/** Proofs of who somebody is that a session can try in this time. */
const PROOF_WINDOW = 15 * MINUTE;

/** @param about the case that the request is about, or '' @param proving whether the request brings a proof of who sends it, to be counted */
export function sessions(directory: Directory, secure: boolean, about: string, proving: boolean) {
  let visit: Visit | null = null;
  let store: Store = directory.addSession;
  const name = secure ? '__Host-heyi' : 'heyi';
  const lucia = new Lucia(adapter(), {
    sessionExpiresIn: IDLE,
    sessionCookie: { name, expires: true, attributes: { secure, sameSite: 'lax', path: '/' } },
  });

  /** Lucia asks for session and user together: the same round trip brings all else that the request needs to know of the person. */
  function adapter(): Adapter {
    return {
      async getSessionAndUser(token) {
        const [id, now] = [digestOf(token), instant()];
        visit = await directory.visit(id, about, now, proving ? { key: proofKey(id), until: later(now, PROOF_WINDOW) } : null);
        if (!visit || Date.parse(visit.session.createdAt) + ABSOLUTE < Date.now()) {
          visit = null;
          return [null, null];
        }
        const { session, account } = visit;
        const { createdAt, device } = session;
        return [
          { id: token, userId: account.id, expiresAt: new Date(session.expiresAt), attributes: { createdAt, device } },
          { id: account.id, attributes: {} },
        ];
      },
      getUserSessions: async () => [],
      async setSession({ id, userId, expiresAt, attributes }) {
        await store({ id: digestOf(id), account: userId, expiresAt: expiresAt.getTime(), ...attributes });
      },
      // Asked for of the session that was just read, and of no other.
      async updateSessionExpiration(_token, expiresAt) {
        if (visit) await directory.extendSession(visit.session, expiresAt.getTime());
      },
      deleteSession: async (token) => void (await directory.endSession(digestOf(token))),
      deleteUserSessions: async (account) => void (await directory.endSessions(account)),
      deleteExpiredSessions: async () => void (await directory.endExpired(Date.now())),
    };
  }

  /** The token that a request brings, whoever it is of; null where it brings none that could be one. */
  function tokenOf(cookies: string): string | null {
    const token = parse(cookies, name)[name];
    return token && token.length <= 100 ? token : null;
  }

  return {
    tokenOf,

    /** Who sends the request, or null. `cookie` is set where the session was extended. */
    async identify(cookies: string): Promise<{ visit: Visit; cookie: string | null } | null> {
      const token = tokenOf(cookies);
      if (!token) return null;
      const { session } = await lucia.validateSession(token);
      if (!session || !visit) return null;
      return { visit, cookie: session.fresh ? lucia.createSessionCookie(session.id).serialize() : null };
    },

    /** Begins a session; a new token each time, so that one from before signing in is worth nothing after it. */
    async begin(account: string, device: string, by: Store): Promise<string> {
      store = by;
      const session: Session = await lucia.createSession(account, { createdAt: instant(), device: device.slice(0, 200) });
      return lucia.createSessionCookie(session.id).serialize();
    },

    /** Ends the session of a request and clears its cookie. */
    async end(cookies: string): Promise<string> {
      const token = tokenOf(cookies);
      if (token) await lucia.invalidateSession(token);
      return lucia.createBlankSessionCookie().serialize();
    },
  };
}

/** By what the proofs of a session are counted. */
export const proofKey = (session: string) => `proof:${session}`;
