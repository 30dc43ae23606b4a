/**
 * Random programs with loops, calls and branches in both tiers, step by step. Those of even seeds run in Unicorn too; those of odd seeds
 * meet exceptions, changes of translation and a host that interferes.
 */
import {
  checkAlone,
  checkTiers,
  compareWithJudge,
  lengthOf,
  nextPair,
} from '../../test/oracle/sequences/check.ts';
import { makeSequence } from '../../test/oracle/sequences/generate.ts';
import { initialState } from '../../test/oracle/sequences/initial.ts';
import type { Final } from '../../test/oracle/sequences/machine.ts';
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
  const sequence = makeSequence(seed, seed % 2 === 1);
  return { sequence, initial: initialState(sequence), count: lengthOf(seed) };
}
function judgeOf(sequence: Sequence, count: number) {
  return runSequencesInUnicorn([{ sequence, initial: initialState(sequence), count }])[0];
}

/** Where Unicorn says that the programs end that are not rough ones. */
function judgesOf(jobs: readonly Job[]): ReadonlyMap<Job, Final | string> {
  const plain = unicornIsInstalled ? jobs.filter(({ sequence }) => !sequence.rough) : [];
  if (plain.length === 0) return new Map();
  const finals = runSequencesInUnicorn(plain);
  return new Map(plain.map((job, n) => [job, finals[n]!]));
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
    const judges = judgesOf(jobs);
    for (const job of jobs) {
      const pair = nextPair(job.sequence);
      const parted = checkTiers(pair, job.sequence, job.initial, job.count);
      const judge = judges.get(job);
      const wrong = parted ?? (judge === undefined ? undefined : compareWithJudge(pair.interpreter, judge));
      instructions += job.count;
      if (wrong === undefined) result.passed++;
      else if (++result.failed <= SHRUNK) report(progress, job, wrong, parted === undefined);
    }
  }
  progress.line(`${instructions} instructions in each tier`);
  return result;
}

export const SEQUENCES: Suite = {
  name: 'sequences',
  summary: 'random programs in both tiers in lockstep, and in Unicorn (--count programs, --seed)',
  quick: 200,
  missing: () => undefined,
  run,
};
