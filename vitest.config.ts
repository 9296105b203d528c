import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** What decides how a file is compiled, beside the file: what was compiled by other settings must not be taken from the cache. */
const settings = ['tsconfig.json', 'package.json'].map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')).join();

export default defineConfig({
  plugins: [{ name: 'compiled-by', configureVitest: ({ defineCacheKeyGenerator }) => defineCacheKeyGenerator(() => settings) }],
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/browser/unpacked.ts'],
    setupFiles: ['test/setup.ts'],
    // These end what hangs, and nothing for being slow: a machine that is busy takes ten times as long.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // What comes after an answer is waited for: on a machine that is busy, longer than the second that vitest waits by itself.
    expect: { poll: { timeout: 20_000 } },
    // Two cores: browser and portal tests each start a whole portal, so files run two at a time at the most.
    maxWorkers: 2,
  },
});
