import { and, eq, type Placeholder, sql } from 'drizzle-orm';
import {
  accounts,
  begun,
  factors,
  invitations,
  lenders,
  passkeys,
  seats,
  secondContacts,
  sessions,
  staff,
  told,
} from '../../db/directory/schema.ts';
import { contactIn, contactText } from '../contact.ts';
import { type Account, accountsIn } from './accounts.ts';
import { admitOwn, admitSeated, type CaseAdmission, type Visit } from './admission.ts';
import { anchorsIn } from './anchors.ts';
import { type Counted, countAttempt } from './attempts.ts';
import type { Database } from './connect.ts';
import { endingIn } from './ending.ts';
import { factorsIn } from './factors.ts';
import { type Lender, lendersIn } from './lenders.ts';
import { lettersIn } from './letters.ts';
import { ask, prepared } from './prepared.ts';
import { rowSeals, takeRows, unheldRows } from './relied.ts';
import type { RowFault, Seals } from './seals.ts';
import { type Invited, seatsIn, stands } from './seats.ts';
import { staffIn } from './staff.ts';
import { sweepsIn } from './sweeps.ts';

/** The shared database: who people are and which doors are theirs. Knows nothing of what is said in a case. */

/** What every request asks of the directory, written once. */

const personOf = prepared(['session'], (db, at) =>
  db
    .select({
      session: sessions,
      account: accounts,
      factor: factors,
      refusedAt: told.refusedAt,
      second: secondContacts,
      passkeys: sql<number>`(SELECT count(*) FROM ${passkeys} WHERE ${passkeys.account} = ${accounts.id})`,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.account))
    .leftJoin(factors, eq(factors.account, accounts.id))
    .leftJoin(told, eq(told.account, accounts.id))
    .leftJoin(secondContacts, eq(secondContacts.account, accounts.id))
    .where(eq(sessions.id, at.session)),
);
const mine = (session: Placeholder) => sql`(SELECT ${sessions.account} FROM ${sessions} WHERE ${sessions.id} = ${session})`;
const seatOf = prepared(['session', 'case', 'now'], (db, at) =>
  db
    .select({ seat: seats, lender: lenders })
    .from(seats)
    .innerJoin(lenders, eq(lenders.id, seats.lender))
    .where(and(eq(seats.account, mine(at.session)), eq(seats.case, at.case), stands(at.now))),
);
const membershipsOf = prepared(['session'], (db, at) =>
  db
    .select({ member: staff, lender: lenders })
    .from(staff)
    .innerJoin(lenders, eq(lenders.id, staff.lender))
    .where(eq(staff.account, mine(at.session))),
);
const countedProof = prepared(['key', 'until', 'now'], (db, at) => countAttempt(db, { key: sql`${at.key}`, until: at.until }, at.now));

/** Who has an address, and what is theirs. */
const writerOf = prepared(['email'], (db, at) =>
  db
    .select({ account: accounts, factor: factors })
    .from(accounts)
    .leftJoin(factors, eq(factors.account, accounts.id))
    .where(eq(accounts.email, at.email)),
);
const theirs = (email: Placeholder) => sql`(SELECT ${accounts.id} FROM ${accounts} WHERE ${accounts.email} = ${email})`;
const writersSeat = prepared(['email', 'case', 'now'], (db, at) =>
  db
    .select({ seat: seats, lender: lenders })
    .from(seats)
    .innerJoin(lenders, eq(lenders.id, seats.lender))
    .where(and(eq(seats.account, theirs(at.email)), eq(seats.case, at.case), stands(at.now))),
);
const writersMemberships = prepared(['email'], (db, at) =>
  db
    .select({ member: staff, lender: lenders })
    .from(staff)
    .innerJoin(lenders, eq(lenders.id, staff.lender))
    .where(eq(staff.account, theirs(at.email))),
);

export function directory(db: Database, seals: Seals) {
  const rows = rowSeals(seals);
  const { held } = rows;
  const { noted, ...inStaff } = staffIn(db, rows);
  const inSeats = seatsIn(db, rows, noted);

  /** Whether a lender is here: its row holds, and it has not ended. */
  const isHere = (lender: typeof lenders.$inferSelect) => held('lender', lender)?.endedAt === null;

  /** A person's seat in a case, and for whom they work, as far as the rows hold. */
  function doorsOf(
    seated: readonly { seat: typeof seats.$inferSelect; lender: typeof lenders.$inferSelect }[],
    membered: readonly { member: typeof staff.$inferSelect; lender: typeof lenders.$inferSelect }[],
  ): Pick<Visit, 'seat' | 'memberships'> {
    const [seat] = seated.flatMap(({ seat, lender }) => (held('seat', seat) && isHere(lender) ? [{ ...seat, lender }] : []));
    const memberships = membered.flatMap(({ member, lender }) =>
      held('staff', member) && isHere(lender) ? [{ lender, capacity: member.capacity }] : [],
    );
    return { seat: seat ?? null, memberships };
  }

  return {
    ...accountsIn(db, rows),
    ...lendersIn(db, rows),
    ...anchorsIn(db, rows),
    ...lettersIn(db),
    ...sweepsIn(db),
    ...inSeats,
    ...factorsIn(db, rows),
    ...endingIn(db, rows),
    ...inStaff,

    /**
     * One round trip: everything a request needs to know of its sender. `caseId` is '' where no case is asked for. Where the request brings a proof
     * of who sends it, the attempt is counted here, before anything is looked at.
     */
    async visit(sessionId: string, caseId: string, now: string, proof: Counted | null = null): Promise<Visit | null> {
      const at = { session: sessionId, case: caseId, now };
      const [found, seated, membered, counted] = await (proof
        ? ask(db.send, personOf(at), seatOf(at), membershipsOf(at), countedProof({ ...proof, now }))
        : ask(db.send, personOf(at), seatOf(at), membershipsOf(at)).then((read) => [...read, null] as const));
      const session = held('session', found[0]?.session);
      const account = session && held('account', found[0]?.account);
      if (!account) return null;
      const { seat, memberships } = doorsOf(seated, membered);
      const kept = found[0]?.factor ?? null;
      return {
        session,
        account,
        factor: kept && { secret: held('factor', kept)?.secret ?? null },
        seat,
        memberships,
        hasPasskeys: (found[0]?.passkeys ?? 0) > 0,
        refusedAt: found[0]?.refusedAt ?? null,
        second: held('secondContact', found[0]?.second ?? undefined),
        proofs: counted?.[0]?.count ?? 0,
      };
    },

    /**
     * One round trip: who has an address, with their seat in a case and for whom they work; null where nobody has it who has confirmed it, or whoever has it works
     * for a lender and has not set up their second factor.
     */
    async writer(email: string, caseId: string, now: string): Promise<Pick<Visit, 'account' | 'seat' | 'memberships'> | null> {
      const at = { email, case: caseId, now };
      const [found, seated, membered] = await ask(db.send, writerOf(at), writersSeat(at), writersMemberships(at));
      const account = held('account', found[0]?.account);
      if (!account?.confirmedAt) return null;
      const { seat, memberships } = doorsOf(seated, membered);
      return memberships.length > 0 && !held('factor', found[0]?.factor ?? undefined) ? null : { account, seat, memberships };
    },

    /**
     * Uses an invitation up and gives the borrower's seat of its case to the account, in one round trip, all or nothing: leave to that case, or null where
     * somebody else was first; `isNew` unless the account had that seat before. @throws {@link isBothSides}
     */
    async takeSeat(
      { invitation, lender }: Invited,
      account: { id: string; name: string },
      now: string,
    ): Promise<{ admission: CaseAdmission; isNew: boolean } | null> {
      if (invitation.case === null) return null;
      const taken = await inSeats.useInvitation({ ...invitation, case: invitation.case }, account.id, now);
      return taken && { admission: admitSeated(invitation.case, account, lender), isNew: taken === 'taken' };
    },

    /** The same for who has shown by its contract that the case is theirs. @throws {@link isBothSides} */
    async claimCase(
      caseId: string,
      account: Pick<Account, 'id' | 'name' | 'email' | 'phone'>,
      lender: Lender,
      now: string,
    ): Promise<{ admission: CaseAdmission; isNew: boolean } | null> {
      const taken = await inSeats.claimSeat(caseId, lender.id, { id: account.id, contact: contactText(contactIn(account)) }, now);
      return taken && { admission: admitSeated(caseId, account, lender), isNew: taken === 'taken' };
    },

    /** Whether a person has to give a second factor after their password: who has set one up, and all who work for a lender. */
    async owesFactor(account: string): Promise<boolean> {
      const [setUp, employed] = await db.batch([
        db.select({ account: factors.account }).from(factors).where(eq(factors.account, account)),
        db.select().from(staff).where(eq(staff.account, account)),
      ]);
      return setUp.length > 0 || employed.some((member) => held('staff', member));
    },

    /** Which cases seats and invitations point to, and with which lender, for an audit. */
    async places(): Promise<{ case: string; lender: string }[]> {
      const [seated, invited] = await db.batch([
        db.select({ case: seats.case, lender: seats.lender }).from(seats),
        db.select({ case: invitations.case, lender: invitations.lender }).from(invitations),
      ]);
      return [...seated, ...invited].flatMap((place) => (place.case === null ? [] : [{ ...place, case: place.case }]));
    },

    /** One round trip: the seats of a person and the lenders with whom they have begun a case; and leave to what they have with each of these lenders. */
    async ownOf(account: string, now: string) {
      const [mine, begunWith] = await db.batch([
        db
          .select({ seat: seats, lender: lenders })
          .from(seats)
          .innerJoin(lenders, eq(lenders.id, seats.lender))
          .where(and(eq(seats.account, account), stands(now))),
        db.select({ lender: lenders }).from(begun).innerJoin(lenders, eq(lenders.id, begun.lender)).where(eq(begun.account, account)),
      ]);
      const seated = mine.flatMap(({ seat, lender }) => (held('seat', seat) && isHere(lender) ? [{ ...seat, lender }] : []));
      const started = begunWith.flatMap(({ lender }) => (isHere(lender) ? [lender] : []));
      const where = new Map([...seated.map(({ lender }) => lender), ...started].map((lender) => [lender.id, lender]));
      const admissions = [...where.values()].map((lender) => {
        const cases = seated.filter((seat) => seat.lender.id === lender.id).map((seat) => seat.case);
        return admitOwn({ id: account }, lender, cases);
      });
      return { seats: seated, begun: started, admissions };
    },

    /** For the operator: the rows that are not the portal's own, and which of them are taken as they stand. */
    unheld: () => unheldRows(db, seals),
    take: (faults: readonly RowFault[]) => takeRows(db, seals, faults),
  };
}

export type Directory = ReturnType<typeof directory>;
