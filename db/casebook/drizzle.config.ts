import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  casing: 'snake_case',
  schema: './db/casebook/schema.ts',
  out: './db/casebook/migrations',
});
