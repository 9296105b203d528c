import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** The directory: people, sessions, lenders and the address of each casebook, staff, seats, invitations. No case content. */

const id = () => text().primaryKey();

/** A person. `email` and `phone` are normalised; one of them is confirmed by a one-time code before the account can be used. */
export const accounts = sqliteTable(
  'accounts',
  {
    id: id(),
    name: text().notNull(),
    email: text(),
    phone: text(),
    /** scrypt, with its parameters and salt: see `worker/password.ts`. */
    password: text().notNull(),
    language: text({ enum: ['zh', 'en'] }).notNull(),
    createdAt: text().notNull(),
    confirmedAt: text(),
  },
  (table) => [uniqueIndex('accounts_email').on(table.email), uniqueIndex('accounts_phone').on(table.phone)],
);

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
  },
  (table) => [index('sessions_account').on(table.account)],
);

/** One-time codes, hashed. Attempts are counted here, as the rate-limit binding only approximates. */
export const codes = sqliteTable(
  'codes',
  {
    id: id(),
    account: text()
      .notNull()
      .references(() => accounts.id),
    purpose: text({ enum: ['confirm', 'recover'] }).notNull(),
    hash: text().notNull(),
    expiresAt: text().notNull(),
    attempts: integer().notNull().default(0),
    usedAt: text(),
  },
  (table) => [index('codes_account').on(table.account, table.purpose)],
);

/** Attempts to sign in or to ask for codes, by account and by address, in windows of time. */
export const attempts = sqliteTable('attempts', { key: text().primaryKey(), count: integer().notNull(), until: text().notNull() });

export const lenders = sqliteTable(
  'lenders',
  {
    id: id(),
    slug: text().notNull(),
    name: text().notNull(),
    /** Address of the casebook; the token that opens it is a setting of the worker. */
    url: text().notNull(),
    createdAt: text().notNull(),
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
    capacity: text({ enum: ['agent', 'supervisor', 'administrator'] }).notNull(),
    since: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.lender] })],
);

/** A person's place in a case. A lender's staff need none: their membership opens all cases of their lender. */
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
    capacity: text({ enum: ['borrower', 'representative'] }).notNull(),
    since: text().notNull(),
    until: text(),
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

/** A link that can be used once. `id` is the SHA-256 of its 128 random bits. `case` is set for a borrower, `capacity` for staff. */
export const invitations = sqliteTable('invitations', {
  id: id(),
  lender: text()
    .notNull()
    .references(() => lenders.id),
  case: text(),
  capacity: text({ enum: ['borrower', 'agent', 'supervisor', 'administrator'] }).notNull(),
  createdAt: text().notNull(),
  expiresAt: text().notNull(),
  usedAt: text(),
  usedBy: text(),
});

/** Mail and short messages to people: codes, and notices that say that there is news without saying what. */
export const mail = sqliteTable(
  'mail',
  {
    id: id(),
    recipient: text().notNull(),
    subject: text().notNull(),
    body: text().notNull(),
    createdAt: text().notNull(),
    sentAt: text(),
    attempts: integer().notNull().default(0),
  },
  // The job takes what is unsent, oldest first; the page of a development machine takes the newest.
  (table) => [index('mail_unsent').on(table.sentAt, table.createdAt)],
);
