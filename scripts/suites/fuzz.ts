/** The differential fuzzer by encoding class: random instructions on the engine and in Unicorn, all state compared. */
import { type Comparison, comparableClasses, type Difference } from '../../test/oracle/compare.ts';
import { unicornIsInstalled } from '../../test/oracle/unicorn.ts';
import { doParts, type FuzzPart } from './fuzz-parts.ts';
import type { Progress } from './progress.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

/** Instructions of each class, unless `--count` says otherwise. */
const INSTRUCTIONS = 100_000;
/** Instructions of a class in one go: all classes have as many before the first one has more. */
const PART = 100_000;
const SEEDS = 1_000_000_000;

interface Total {
  clean: number;
  programs: number;
  faults: number;
  known: number;
  failed: number;
}

/** Each class once, then each once more. No two parts of a class share a seed: a program has an instruction at least. */
function partsOf(classes: readonly string[], count: number, seed: number): FuzzPart[] {
  const parts: FuzzPart[] = [];
  for (let done = 0; done < count; done += PART) {
    for (const encodingClass of classes) {
      parts.push({ encodingClass, count: Math.min(PART, count - done), seed: seed + done });
    }
  }
  return parts;
}

function report(progress: Progress, { title, expected, actual, line }: Difference): void {
  progress.line(title);
  progress.line(`  Unicorn ${expected}\n  engine  ${actual}`);
  progress.line(`  for test/engine/semantics/regressions.golden: ${line}`);
}

function add(total: Total, { clean, programs, faults, known, failed }: Comparison): void {
  total.clean += clean;
  total.programs += programs;
  total.faults += faults;
  total.known += known;
  total.failed += failed;
}

function totalText({ clean, programs, faults, known, failed }: Total): string {
  const asides = [
    faults > 0 ? `, ${faults} programs fault` : '',
    known > 0 ? `, ${known} known differences left out` : '',
  ];
  return `${clean} instructions clean in ${programs} programs${asides.join('')}, ${failed} programs differ`;
}

async function run({
  count = INSTRUCTIONS,
  seed = Date.now() % SEEDS,
  progress,
}: SuiteOptions): Promise<SuiteResult> {
  const names = [...comparableClasses().keys()];
  const totals = new Map(
    names.map((name) => [name, { clean: 0, programs: 0, faults: 0, known: 0, failed: 0 }]),
  );
  const least = (): number => Math.min(...[...totals.values()].map(({ clean }) => clean));
  const summary = (): string =>
    `${names.length} classes, at least ${least()} instructions clean in each, seed ${seed}`;
  const parts = partsOf(names, count, seed);
  let finished = 0;
  await doParts(parts, ({ encodingClass }, comparison) => {
    for (const difference of comparison.differences) report(progress, difference);
    add(totals.get(encodingClass)!, comparison);
    finished++;
    progress.step(encodingClass, finished, parts.length);
    if (finished % names.length === 0 && finished < parts.length) progress.line(summary());
  });
  const result = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, total] of totals) {
    progress.line(`${name}: ${totalText(total)}`);
    result.passed += total.clean;
    result.failed += total.failed;
    result.skipped += total.known;
  }
  progress.line(summary());
  return result;
}

export const FUZZ: Suite = {
  name: 'fuzz',
  summary: 'random instructions of each class against Unicorn (--count instructions of each, --seed)',
  quick: 500,
  missing: () =>
    unicornIsInstalled ? undefined : 'no Python module unicorn (Debian package python3-unicorn)',
  run,
};
