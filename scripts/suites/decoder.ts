/** Which words are instructions: the decoder against GNU objdump and as, for the feature sets of the profiles. */
import {
  binutilsAreInstalled,
  compareDecoding,
  FEATURE_SETS,
  randomWords,
} from '../../test/oracle/disassemble.ts';
import { xorshift } from '../../test/oracle/random.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

const WORDS = 1_000_000;
const BATCH = 250_000;
const SEEDS = 1_000_000_000;
const SHOWN = 20;

function run({ count = WORDS, seed = Date.now() % SEEDS, progress }: SuiteOptions): SuiteResult {
  const result = { passed: 0, failed: 0, skipped: 0 };
  for (const set of FEATURE_SETS) {
    const rng = xorshift(seed);
    const known = new Map<string, number>();
    let instructions = 0;
    for (let done = 0; done < count; done += BATCH) {
      progress.step(set.name, done, count);
      const decoding = compareDecoding(randomWords(rng, Math.min(BATCH, count - done)), set);
      result.passed += decoding.agreed;
      instructions += decoding.instructions;
      for (const [reason, times] of decoding.known) known.set(reason, (known.get(reason) ?? 0) + times);
      for (const { word, text, row } of decoding.differences) {
        if (++result.failed > SHOWN) continue;
        const hex = word.toString(16).padStart(8, '0');
        progress.line(`${hex}: binutils ${text}; decoder ${row || 'nothing'}`);
      }
    }
    for (const [reason, times] of known) {
      result.skipped += times;
      progress.line(`  ${times} × ${reason}`);
    }
    progress.line(`${set.name}: ${count} words, ${instructions} of them instructions, seed ${seed}`);
  }
  return result;
}

export const DECODER: Suite = {
  name: 'decoder',
  quick: 500_000,
  summary: 'which words are instructions, against GNU binutils (--count words for each feature set, --seed)',
  missing: () =>
    binutilsAreInstalled
      ? undefined
      : 'no aarch64-linux-gnu-objdump (Debian package binutils-aarch64-linux-gnu)',
  run,
};
