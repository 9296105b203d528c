import fc from 'fast-check';

/** Property tests run on the same cases everywhere, so that a failure is one that others see too; SEED=random (or a number) looks elsewhere. */
const { SEED = '20261124' } = process.env;
if (SEED !== 'random') fc.configureGlobal({ seed: Number(SEED) });
