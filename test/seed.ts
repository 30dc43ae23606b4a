/**
 * What random tests start from: the same each time, so that a change is judged by what it changes and a failure is there
 * again. `TEST_SEED=7` is another start, `TEST_SEED=$RANDOM` any; the suites of `npm run suites` go far beyond by themselves.
 */
import fc from 'fast-check';

export const SEED = Number(process.env['TEST_SEED'] ?? 1);
if (!Number.isInteger(SEED) || SEED < 0 || SEED >= 2 ** 31)
  throw new Error(`TEST_SEED is a whole number below 2^31, not ${process.env['TEST_SEED']}`);

fc.configureGlobal({ seed: SEED });
export { fc };
