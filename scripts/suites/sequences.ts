/** Random programs with loops, calls and branches: in both tiers step by step, and in Unicorn. */
import {
  checkAlone,
  checkTiers,
  compareWithJudge,
  lengthOf,
  nextPair,
} from '../../test/oracle/sequences/check.ts';
import { makeSequence } from '../../test/oracle/sequences/generate.ts';
import { initialState } from '../../test/oracle/sequences/initial.ts';
import { formatRegression } from '../../test/oracle/sequences/regressions.ts';
import { formatSequence, type Sequence } from '../../test/oracle/sequences/sequence.ts';
import { shrink } from '../../test/oracle/sequences/shrink.ts';
import { type Job, runSequencesInUnicorn } from '../../test/oracle/sequences/unicorn.ts';
import { unicornIsInstalled } from '../../test/oracle/unicorn.ts';
import type { Progress } from './progress.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

const PROGRAMS = 1000;
const SEEDS = 1_000_000_000;
const BATCH = 50;
const ATTEMPTS = 400;
/** Failing programs that are made small; the rest is counted. */
const SHRUNK = 3;

function jobOf(seed: number): Job {
  const sequence = makeSequence(seed);
  return { sequence, initial: initialState(sequence), count: lengthOf(seed) };
}
function judgeOf(sequence: Sequence, count: number) {
  return runSequencesInUnicorn([{ sequence, initial: initialState(sequence), count }])[0];
}

/** Print a failing program, small. What depended on the programs before it does not fail alone. */
function report(progress: Progress, { sequence, count }: Job, what: string, withJudge: boolean): void {
  progress.line(`seed ${sequence.seed}, ${count} instructions: ${what}`);
  const problem = (candidate: Sequence, length: number): string | undefined =>
    checkAlone(candidate, length, withJudge ? judgeOf(candidate, length) : undefined);
  if (problem(sequence, count) === undefined) {
    progress.line('  not by itself: it takes the programs before it on the same machine');
    return;
  }
  const small = shrink({ sequence, count }, (one, length) => problem(one, length) !== undefined, ATTEMPTS);
  progress.line(`  ${problem(small.sequence, small.count)}`);
  progress.line(`${formatSequence(small.sequence)}\n  after ${small.count} instructions`);
  progress.line(`  for test/engine/tiers/sequences.golden: ${formatRegression(small)}`);
}

function run({ count = PROGRAMS, seed = Date.now() % SEEDS, progress }: SuiteOptions): SuiteResult {
  const result = { passed: 0, failed: 0, skipped: 0 };
  let instructions = 0;
  progress.line(`sequences: seed ${seed}${unicornIsInstalled ? '' : ', without Unicorn: tiers only'}`);
  for (let done = 0; done < count; done += BATCH) {
    progress.step('programs', done, count);
    const jobs = Array.from({ length: Math.min(BATCH, count - done) }, (_, n) => jobOf(seed + done + n));
    const judged = unicornIsInstalled ? runSequencesInUnicorn(jobs) : [];
    for (const [n, job] of jobs.entries()) {
      const pair = nextPair();
      const parted = checkTiers(pair, job.sequence, job.initial, job.count);
      const judge = judged[n];
      const wrong = parted ?? (judge === undefined ? undefined : compareWithJudge(pair.interpreter, judge));
      instructions += job.count;
      if (wrong === undefined) result.passed++;
      else if (++result.failed <= SHRUNK) report(progress, job, wrong, parted === undefined);
    }
  }
  progress.line(`${instructions} instructions in each of ${unicornIsInstalled ? 'three' : 'two'}`);
  return result;
}

export const SEQUENCES: Suite = {
  name: 'sequences',
  summary: 'random programs in both tiers in lockstep, and in Unicorn (--count programs, --seed)',
  missing: () => undefined,
  run,
};
