import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import { openLocal } from '../../db/installation.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { createTenant, makeLocal } from '../../db/tenant.ts';
import { connect, type Database } from '../../worker/store/connect.ts';
import { type Casebook, casebookUrl, openCasebookForPortal } from '../../worker/store/open.ts';
import { pile } from '../bench/pile.ts';

/** A casebook with 400 cases in all their states, and its database. */
export async function piled(today: string): Promise<{ casebook: Casebook; db: Database; close(): Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), 'heyi-piled-'));
  const { env, server } = await openLocal(data);
  await migrateDatabase('directory', env.directory.url, env.directory.token);
  const lender = await createTenant(env, makeLocal(server), 'acme', '安科消费金融');
  const casebook = openCasebookForPortal(env, lender);
  pile(join(data, 'databases', 'casebook-acme.db'), 400, today);
  return {
    casebook,
    db: connect(casebookUrl(env, lender), env.casebookToken),
    async close() {
      await server.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** How SQLite goes about a statement, a line a step. */
export async function planOf(db: Database, statement: SQL): Promise<string> {
  const steps = await db.all<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${statement}`);
  return steps.map(({ detail }) => detail).join('\n');
}
