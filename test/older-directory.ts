import journal from '../db/directory/migrations/meta/_journal.json' with { type: 'json' };

/** Takes a directory back to how it was before what a migration brought, for tests of data folders that are older. A later migration adds its own lines, above those of the ones before it. */
const LATER = `
  DROP TABLE sweeps;
  DROP TABLE restorations;
  DROP TABLE returned;
  DROP TABLE second_contacts;
  ALTER TABLE staff DROP COLUMN via;
  ALTER TABLE invitations DROP COLUMN via;
  DROP TABLE passkeys;
  DROP TABLE challenges;
  DROP TABLE anchors;
  ALTER TABLE lenders DROP COLUMN paused_at;
  ALTER TABLE lenders DROP COLUMN ended_at;
  DROP TABLE acts;
  ALTER TABLE staff DROP COLUMN team;
  DROP INDEX mail_waiting; DROP INDEX mail_dead; DROP INDEX mail_sent; DROP INDEX mail_created; DROP INDEX mail_about;
  ${['language', 'template', 'params', 'urgency', 'account', 'lender', 'about', 'reply_to', 'unsubscribe', 'next_at', 'dead_at', 'fault']
    .map((name) => `ALTER TABLE mail DROP COLUMN ${name};`)
    .join('')}
  CREATE INDEX mail_unsent ON mail (sent_at, created_at);
  DROP TABLE told;
  DROP TABLE factors;
  DROP TABLE spare_codes;
  ALTER TABLE sessions DROP COLUMN factor_at;
  ALTER TABLE accounts DROP COLUMN size;
  DROP TABLE beginnings;
  DROP TABLE wanted;`;

/** @param first the tag of the first migration that is to be carried out again */
export function withoutSince(first: '0004_letters' | '0005_people'): string {
  const when = journal.entries.find(({ tag }) => tag === first)?.when ?? 0;
  return `${LATER} DELETE FROM __drizzle_migrations WHERE created_at >= ${when};`;
}
