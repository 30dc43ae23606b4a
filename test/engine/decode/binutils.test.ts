/** Which words are instructions; `npm run suites -- decoder` asks about as many as one likes. */
import { expect, it } from 'vitest';
import {
  binutilsAreInstalled,
  compareDecoding,
  FEATURE_SETS,
  randomWords,
} from '../../oracle/disassemble.ts';
import { SEED } from '../../seed.ts';
import { xorshift } from '../../oracle/random.ts';

const WORDS = 20_000;

it.each(FEATURE_SETS)('the words that binutils takes for $name', (set) => {
  if (!binutilsAreInstalled) {
    console.log('decoder: not checked, binutils-aarch64-linux-gnu is not installed');
    return;
  }
  const { differences, instructions } = compareDecoding(randomWords(xorshift(SEED), WORDS), set);
  expect(differences, `seed ${SEED}`).toEqual([]);
  expect(instructions).toBeGreaterThan(WORDS / 4);
});
