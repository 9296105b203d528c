import { app } from './app.ts';
import { type Bindings, readEnv } from './env.ts';
import { sweep } from './jobs/sweep.ts';

/** The doors of the worker. */
export default {
  fetch: app.fetch,
  scheduled: async (_event: unknown, bindings: Bindings): Promise<void> => sweep(readEnv(bindings)),
};
