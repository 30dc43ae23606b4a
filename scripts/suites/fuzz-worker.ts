/** A process of the fuzzer: it gets parts, one at a time, and answers with what came of each. */
import { allowRelaxedSimd } from '../../src/relaxed-simd.ts';
import { comparableClasses, compareWithUnicorn } from '../../test/oracle/compare.ts';
import type { FuzzPart } from './fuzz-parts.ts';

allowRelaxedSimd();
const classes = comparableClasses();

process.on('message', ({ encodingClass, count, seed }: FuzzPart) => {
  process.send?.(compareWithUnicorn(classes.get(encodingClass)!, count, seed));
});
