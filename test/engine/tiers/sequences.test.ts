/** Random programs of many instructions in both tiers; `npm run suites -- sequences` runs as many as one likes. */
import { describe, expect, it } from 'vitest';
import { checkAlone, checkTiers, lengthOf, nextPair } from '../../oracle/sequences/check.ts';
import { makeSequence } from '../../oracle/sequences/generate.ts';
import { initialState } from '../../oracle/sequences/initial.ts';
import { formatRegression, parseRegression, readRegressions } from '../../oracle/sequences/regressions.ts';
import { SEED } from '../../seed.ts';
import { formatSequence } from '../../oracle/sequences/sequence.ts';

const PROGRAMS = 12;

describe('programs of many instructions', () => {
  it('that a tier once got wrong are right', () => {
    for (const { sequence, count } of readRegressions()) {
      expect(checkAlone(sequence, count), formatSequence(sequence)).toBeUndefined();
    }
  });

  it('are the same in both tiers after each step', () => {
    for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
      const sequence = makeSequence(seed, seed % 2 === 1);
      const wrong = checkTiers(nextPair(sequence), sequence, initialState(sequence), lengthOf(seed));
      expect(wrong, `npm run suites -- sequences --count 1 --seed ${seed}`).toBeUndefined();
    }
  });

  it('are written down without loss', () => {
    const failure = { sequence: makeSequence(1), count: 77 };
    expect(parseRegression(formatRegression(failure))).toEqual(failure);
  });
});
