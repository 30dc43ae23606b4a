/** The differential fuzzer by encoding class: random instructions on the engine and in Unicorn, all state compared. */
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { comparableClasses, compareWithUnicorn, type Difference } from '../../test/oracle/compare.ts';
import { unicornIsInstalled } from '../../test/oracle/unicorn.ts';
import type { Progress } from './progress.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

/** Programs of each class, each with one instruction of it, unless `--count` says otherwise. */
const PROGRAMS = 10_000;
const SEEDS = 1_000_000_000;

function report(progress: Progress, { program, expected, actual, line }: Difference): void {
  const words = program.words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
  progress.line(`${ROWS[program.row]!.name}: ${words} at 0x${program.pc.toString(16)}, seed ${program.seed}`);
  progress.line(`  Unicorn ${expected}\n  engine  ${actual}`);
  progress.line(`  for test/engine/semantics/regressions.golden: ${line}`);
}

function run({ count = PROGRAMS, seed = Date.now() % SEEDS, progress }: SuiteOptions): SuiteResult {
  const result = { passed: 0, failed: 0, skipped: 0 };
  const classes = comparableClasses();
  let least = count;
  for (const [encodingClass, rows] of classes) {
    const { compared, faults, known, failed, differences } = compareWithUnicorn(rows, count, seed, (done) =>
      progress.step(encodingClass, done, count),
    );
    for (const difference of differences) report(progress, difference);
    const clean = compared - known - failed;
    const asides = [
      faults > 0 ? `, ${faults} of them faults` : '',
      known > 0 ? `, ${known} known differences` : '',
    ];
    progress.line(`${encodingClass}: ${clean} instructions clean${asides.join('')}, ${failed} differ`);
    least = Math.min(least, clean);
    result.passed += clean;
    result.failed += failed;
    result.skipped += known;
  }
  progress.line(`${classes.size} classes, at least ${least} instructions clean in each, seed ${seed}`);
  return result;
}

export const FUZZ: Suite = {
  name: 'fuzz',
  summary: 'random instructions of each class against Unicorn (--count programs of each, --seed)',
  quick: 300,
  missing: () =>
    unicornIsInstalled ? undefined : 'no Python module unicorn (Debian package python3-unicorn)',
  run,
};
