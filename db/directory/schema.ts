import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { POSTS, SCOPES } from '../../worker/negotiation/seats.ts';
import { language, moment } from '../columns/unsealed.ts';

/** The order in which letters leave. */
const URGENCY = { code: 0, account: 1, news: 2, digest: 3 } as const;

/** Why a letter was given up: its address was refused for good, the letter was, there is no way to its address, or two days were over. */
export const FAULTS = ['address', 'letter', 'no-way', 'time'] as const;

/**
 * The directory: people, sessions, lenders and the address of each casebook, staff, seats, invitations. No case content that could be read here: what is begun
 * before there is an account is encrypted by its writer's own token.
 */

const id = () => text().primaryKey();

/** The portal's own mark on a row (`worker/store/relied.ts`): one that does not hold is as if it were not there. */
const seal = () => text();

/** A person. `email` and `phone` are normalised; one of them was confirmed by a one-time code: an account is made by that. */
export const accounts = sqliteTable(
  'accounts',
  {
    id: id(),
    name: text().notNull(),
    email: text(),
    phone: text(),
    /** scrypt, with its parameters and salt: see `worker/password.ts`. */
    password: text().notNull(),
    language: language().notNull(),
    /** Of letters and targets; null where none was chosen. */
    size: text({ enum: ['plain', 'elder'] }),
    createdAt: text().notNull(),
    confirmedAt: text(),
    seal: seal(),
  },
  (table) => [uniqueIndex('accounts_email').on(table.email), uniqueIndex('accounts_phone').on(table.phone)],
);

/** How a person is told of news, where that is not as for everybody. */
export const told = sqliteTable('told', {
  account: text()
    .primaryKey()
    .references(() => accounts.id),
  /** Since when letters to their address are refused for good; null once one has been taken again. */
  refusedAt: text(),
  /** By which kinds of news they are told at once, once a day, or never, as JSON; null where they chose nothing. */
  choices: text(),
});

/** A person's second contact, confirmed by a code: where news go that they choose to have there. It signs nobody in and gives nobody a seat. */
export const secondContacts = sqliteTable('second_contacts', {
  account: text()
    .primaryKey()
    .references(() => accounts.id),
  contact: text().notNull(),
  since: text().notNull(),
  /** Since when letters to it are refused for good: news go to the first one instead. */
  refusedAt: text(),
  seal: seal(),
});

/** `id` is the SHA-256 of the token in the cookie: reading this table opens no session. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: id(),
    account: text()
      .notNull()
      .references(() => accounts.id),
    expiresAt: integer().notNull(),
    createdAt: text().notNull(),
    device: text().notNull(),
    /** When the person last gave their second factor in this session; null where they did not. */
    factorAt: text(),
    seal: seal(),
  },
  (table) => [index('sessions_account').on(table.account)],
);

/**
 * A person's second factor: a secret that an app on their phone has too (TOTP, RFC 6238). `secret` is encrypted under a key of the installation
 * (`worker/factor.ts`). A code is good once: `lastStep` is the number of the newest step whose code was taken; it only grows.
 */
export const factors = sqliteTable('factors', {
  account: text()
    .primaryKey()
    .references(() => accounts.id),
  secret: text().notNull(),
  since: text().notNull(),
  lastStep: integer().notNull(),
  seal: seal(),
});

/** Codes that each stand in for a second factor once. `id` is a keyed digest (HMAC) of the code; one that was used is gone. */
export const spareCodes = sqliteTable(
  'spare_codes',
  {
    id: id(),
    account: text()
      .notNull()
      .references(() => accounts.id),
    since: text().notNull(),
    seal: seal(),
  },
  (table) => [index('spare_codes_account').on(table.account)],
);

/**
 * Keys on a person's devices that stand in for a code of their app (WebAuthn). `id` is the credential's, `publicKey` its SubjectPublicKeyInfo, both in base64url,
 * `algorithm` its number in COSE. `counter` is how often the key said that it was used: it only grows, or stays 0 where a key does not count.
 */
export const passkeys = sqliteTable(
  'passkeys',
  {
    id: id(),
    account: text()
      .notNull()
      .references(() => accounts.id),
    publicKey: text().notNull(),
    algorithm: integer().notNull(),
    /** By which ways a browser reaches it, as JSON. */
    transports: text().notNull(),
    name: text().notNull(),
    since: text().notNull(),
    counter: integer().notNull(),
    usedAt: text(),
    seal: seal(),
  },
  (table) => [index('passkeys_account').on(table.account)],
);

/**
 * What a passkey is to sign: one for each session and purpose, good once and for minutes. One for a new key stands only where its person has just proved
 * who they are.
 */
export const challenges = sqliteTable(
  'challenges',
  {
    session: text().notNull(),
    purpose: text({ enum: ['make', 'use'] }).notNull(),
    challenge: text().notNull(),
    expiresAt: text().notNull(),
    seal: seal(),
  },
  (table) => [primaryKey({ columns: [table.session, table.purpose] }), index('challenges_old').on(table.expiresAt)],
);

/**
 * One-time codes that were asked for, each by itself: `id` is the SHA-256 of the token in the cookie of who asked, so that nobody's asking changes
 * another's. What a code confirms lives with it: the name and password of a sign-up make an account only when the code is typed. `hash` is keyed
 * (HMAC): six digits would be found by trying. `about` is the keyed digest of the contact, by which attempts are counted. `letter` is the
 * mail that brings the code, which goes when the code does.
 */
export const codes = sqliteTable(
  'codes',
  {
    id: id(),
    purpose: text({ enum: ['sign-up', 'sign-in', 'recover', 'join', 'contact'] }).notNull(),
    contact: text().notNull(),
    about: text().notNull(),
    /** Whose: null for a sign-up, and where nobody has this contact. */
    account: text().references(() => accounts.id),
    name: text(),
    password: text(),
    /** The invitation that a code for joining is for. */
    invitation: text(),
    hash: text().notNull(),
    letter: text(),
    createdAt: text().notNull(),
    expiresAt: text().notNull(),
    attempts: integer().notNull().default(0),
    usedAt: text(),
    seal: seal(),
  },
  (table) => [index('codes_about').on(table.about, table.createdAt), index('codes_old').on(table.createdAt)],
);

/**
 * Attempts, counted before what they try is looked at: by account and place or device, in windows of time. Where waiting grows, the next one is
 * not taken before `notBefore`.
 */
export const attempts = sqliteTable(
  'attempts',
  { key: text().primaryKey(), count: integer().notNull(), until: text().notNull(), notBefore: text() },
  (table) => [index('attempts_old').on(table.until)],
);

export const lenders = sqliteTable(
  'lenders',
  {
    id: id(),
    slug: text().notNull(),
    name: text().notNull(),
    /** Address of the casebook; the token that opens it is a setting of the worker. */
    url: text().notNull(),
    createdAt: text().notNull(),
    /** Since when nothing is written in its cases, by the operator's word; null while they go on. */
    pausedAt: text(),
    /** Since when it is gone from here, with all its cases: the row stays, so that its slug is nobody else's. */
    endedAt: text(),
    seal: seal(),
  },
  (table) => [uniqueIndex('lenders_slug').on(table.slug)],
);

export const staff = sqliteTable(
  'staff',
  {
    account: text()
      .notNull()
      .references(() => accounts.id),
    lender: text()
      .notNull()
      .references(() => lenders.id),
    capacity: text({ enum: POSTS }).notNull(),
    since: text().notNull(),
    /** The name of the team that they are of, where it has any. */
    team: text(),
    /**
     * With whose account the chain of invitations begins by which they came; null for whom the operator invited, and once somebody outside of that chain vouched for
     * them. Two people of one chain are not two where something takes two.
     */
    via: text(),
    seal: seal(),
  },
  (table) => [primaryKey({ columns: [table.account, table.lender] })],
);

/**
 * What was changed about a lender's people, in the same transaction as the change; gone once it stands in the lender's own stream, which is in another
 * database. `actor` and `act` are JSON: who did it, and the entry that it becomes.
 */
export const acts = sqliteTable('acts', {
  id: id(),
  lender: text()
    .notNull()
    .references(() => lenders.id),
  at: text().notNull(),
  actor: text().notNull(),
  act: text().notNull(),
  seal: seal(),
});

/**
 * A person's place in a case. A lender's staff need none: their membership opens all cases of their lender. `scope` says how far a representative may
 * go (`worker/negotiation/seats.ts`); from `until` on the seat opens nothing, is told nothing and is listed nowhere.
 */
export const seats = sqliteTable(
  'seats',
  {
    account: text()
      .notNull()
      .references(() => accounts.id),
    case: text().notNull(),
    lender: text()
      .notNull()
      .references(() => lenders.id),
    capacity: text({ enum: ['borrower', 'representative', 'mediator'] }).notNull(),
    scope: text({ enum: SCOPES }),
    /** The contact by which the person was identified for this seat. Triggers see to it that no staff of the lender has it. */
    contact: text(),
    since: text().notNull(),
    until: text(),
    seal: seal(),
  },
  (table) => [primaryKey({ columns: [table.account, table.case] }), index('seats_case').on(table.case)],
);

/** With which lenders a person has begun a case and not sent it, so that their list asks those casebooks for the drafts and no others. */
export const begun = sqliteTable(
  'begun',
  {
    account: text()
      .notNull()
      .references(() => accounts.id),
    lender: text()
      .notNull()
      .references(() => lenders.id),
  },
  (table) => [primaryKey({ columns: [table.account, table.lender] })],
);

/**
 * What somebody has begun before they have an account: a draft a row, for two weeks. `owner` is the SHA-256 of the token in their cookie, and what was typed
 * is encrypted with a key that only that token gives: who reads this table reads nothing of it.
 */
export const beginnings = sqliteTable(
  'beginnings',
  {
    owner: text().notNull(),
    about: text().notNull(),
    /** Null where it is for a lender that is not here. */
    lender: text().references(() => lenders.id),
    content: text().notNull(),
    updatedAt: moment().notNull(),
    expiresAt: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.owner, table.about] }), index('beginnings_old').on(table.expiresAt)],
);

/**
 * Forms that came back, as they were typed, for the page that shows them: for minutes, a few for each who sends them. `owner` is the SHA-256 of the token of
 * their session, or of a cookie of who has none; `about` is the address of the page, and what was typed is encrypted with a key that only the token gives.
 */
export const returned = sqliteTable(
  'returned',
  {
    owner: text().notNull(),
    about: text().notNull(),
    content: text().notNull(),
    at: moment().notNull(),
    expiresAt: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.owner, table.about] }), index('returned_old').on(table.expiresAt)],
);

/** Lenders that people looked for and did not find, as they wrote them, for the operator: how often, and when last. Nothing tells who asked. */
export const wanted = sqliteTable('wanted', {
  name: text().primaryKey(),
  count: integer().notNull(),
  firstAt: text().notNull(),
  lastAt: text().notNull(),
});

/** A link that can be used once. `id` is the SHA-256 of its 128 random bits. `case` and `contact`, to which it was sent, are set for a borrower, and for who is to act beside one or to mediate. */
export const invitations = sqliteTable('invitations', {
  id: id(),
  lender: text()
    .notNull()
    .references(() => lenders.id),
  case: text(),
  contact: text(),
  capacity: text({ enum: ['borrower', 'representative', 'mediator', ...POSTS] }).notNull(),
  /** The same of whoever is invited to work for the lender. */
  via: text(),
  createdAt: text().notNull(),
  expiresAt: text().notNull(),
  usedAt: text(),
  usedBy: text(),
  seal: seal(),
});

/**
 * Letters to people, by mail or as short messages: codes, and notices that say that there is news without saying what. A letter is composed once and stands
 * here until it has left; sent again after a crash it is the same letter with the same id, which is its Message-ID.
 */
export const mail = sqliteTable(
  'mail',
  {
    id: id(),
    recipient: text().notNull(),
    subject: text().notNull(),
    body: text().notNull(),
    createdAt: text().notNull(),
    sentAt: text(),
    /** How often it was taken to be sent. Who takes it marks it as long as this is what they made it. */
    attempts: integer().notNull().default(0),
    /** When a letter with a code is of no more use, and goes. */
    expiresAt: text(),
    language: language().notNull().default('zh'),
    /** What it is, by which services for short messages know their own text; its places stand in `params`, as JSON. */
    template: text().notNull().default('news'),
    params: text().notNull().default('{}'),
    /** What is sent first: codes, then what concerns an account or an invitation, then news. */
    urgency: integer().notNull().default(URGENCY.news),
    /** Whose it is, where it is somebody's; and the lender whose people see to it where it cannot be delivered. */
    account: text(),
    lender: text(),
    /** The case that news are of: what is of one leaves as one letter. */
    about: text(),
    /** The address for answers, with its token; and the token by which letters of this kind are stopped. */
    replyTo: text(),
    unsubscribe: text(),
    /** From when on it may be taken. Who takes it puts this ahead: should they come to nothing, it can be taken again from then on. */
    nextAt: text().notNull().default(''),
    /** When it was given up, and why. */
    deadAt: text(),
    fault: text({ enum: FAULTS }),
  },
  (table) => [
    // What waits, in the order in which it leaves; the page of a development machine takes the newest.
    index('mail_waiting').on(table.urgency, table.createdAt).where(sql`sent_at IS NULL AND dead_at IS NULL`),
    index('mail_dead').on(table.lender, table.deadAt).where(sql`dead_at IS NOT NULL`),
    index('mail_sent').on(table.sentAt),
    index('mail_about').on(table.account, table.about, table.sentAt),
    index('mail_created').on(table.createdAt),
    index('mail_old').on(table.expiresAt),
  ],
);

/**
 * The anchors of each lender as they are published, each signed by itself: `anchor` is its canonical JSON, `proof` the consistency proof from the one before as a
 * JSON list, `timestamp` an RFC 3161 token in base64 once there is one.
 */
export const anchors = sqliteTable(
  'anchors',
  {
    lender: text()
      .notNull()
      .references(() => lenders.id),
    n: integer().notNull(),
    anchor: text().notNull(),
    proof: text().notNull(),
    timestamp: text(),
  },
  (table) => [
    primaryKey({ columns: [table.lender, table.n] }),
    // What waits for a time stamp, few of many.
    index('anchors_unstamped').on(table.lender, table.n).where(sql`timestamp IS NULL`),
  ],
);

/**
 * How far the schedule is with each lender. Hints of the portal's own, of no seal: whatever stands here, cases are as their records are, and nobody has a lender for longer
 * than a lease (`worker/store/sweeps.ts`).
 */
export const sweeps = sqliteTable('sweeps', {
  lender: text()
    .primaryKey()
    .references(() => lenders.id),
  /** Who has the lender's piece, and until when: a token of each piece's own, null where nobody does. */
  holder: text(),
  until: text().notNull(),
  /** Up to where a round has come that is being made, as JSON, and when it began; null between rounds. */
  place: text(),
  begunAt: text(),
  /** When a round last came to its end with all done. */
  sweptAt: text(),
  /** Pieces that failed one after the other, the last of them when and by what. */
  failures: integer().notNull().default(0),
  failedAt: text(),
  fault: text(),
});

/**
 * What the operator has ordered where storage is out of the command's reach: that records of a lender, which were set back on purpose, are taken as they stand. The schedule
 * carries it out and lets go of it. `after` is the newest anchor as it was ordered, by which it is known to have been carried out.
 */
export const restorations = sqliteTable('restorations', {
  lender: text()
    .primaryKey()
    .references(() => lenders.id),
  reason: text().notNull(),
  at: text().notNull(),
  after: integer().notNull(),
  seal: seal(),
});
