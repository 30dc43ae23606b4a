/** Random programs on the engine and in Unicorn: where they differ. */
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { BareInterpreter } from './bare-interpreter.ts';
import { formatRecorded } from './golden.ts';
import { isKnownDifference } from './known-differences.ts';
import { formatOutcome, sameOutcome } from './outcome.ts';
import { isComparable, makeProgram, type Program } from './program.ts';
import { runInUnicorn } from './unicorn.ts';

/** As many programs as one process of the oracle is given. */
const BATCH = 20_000;
/** Differences of a row that are kept: the others are the same mistake. */
const KEPT = 3;

export interface Difference {
  readonly program: Program;
  /** As `formatOutcome` writes it. */
  readonly expected: string;
  readonly actual: string;
  /** The line that makes a regression of it. */
  readonly line: string;
}
export interface Comparison {
  readonly compared: number;
  /** Programs whose outcome is a fault on both sides. */
  readonly faults: number;
  /** Programs that meet a known difference of Unicorn. */
  readonly known: number;
  /** How many differ. */
  readonly failed: number;
  /** The first few of each row. */
  readonly differences: readonly Difference[];
}

/** Indices of the rows that Unicorn can judge, by encoding class. */
export function comparableClasses(): ReadonlyMap<string, readonly number[]> {
  const classes = new Map<string, number[]>();
  for (const [index, row] of ROWS.entries()) {
    if (!isComparable(row)) continue;
    const rows = classes.get(row.encodingClass);
    if (rows === undefined) classes.set(row.encodingClass, [index]);
    else rows.push(index);
  }
  return classes;
}

const engine = new BareInterpreter();

/**
 * `count` programs of these rows in turn, and as many more as meet a known difference, with seeds from `seed` on. The
 * same arguments, the same programs.
 */
export function compareWithUnicorn(
  rows: readonly number[],
  count: number,
  seed: number,
  step: (done: number) => void = () => {},
): Comparison {
  const keptOf = new Map<number, number>();
  const differences: Difference[] = [];
  const counts = { faults: 0, known: 0, failed: 0 };
  let done = 0;
  while (done - counts.known < count) {
    step(done);
    const length = Math.min(BATCH, count - (done - counts.known));
    const first = done;
    const programs = Array.from({ length }, (_, i) =>
      makeProgram(rows[(first + i) % rows.length]!, seed + first + i),
    );
    done += length;
    const outcomes = runInUnicorn(programs);
    for (const [i, program] of programs.entries()) {
      const outcome = outcomes[i]!;
      const mine = engine.run(program);
      if (outcome.fault) counts.faults++;
      if (sameOutcome(outcome, mine)) continue;
      if (isKnownDifference(program)) {
        counts.known++;
        continue;
      }
      counts.failed++;
      const kept = keptOf.get(program.row) ?? 0;
      keptOf.set(program.row, kept + 1);
      if (kept >= KEPT) continue;
      const [expected, actual] = [outcome, mine].map((one) => formatOutcome(program, one)) as [
        string,
        string,
      ];
      differences.push({ program, expected, actual, line: formatRecorded(program, outcome) });
    }
  }
  return { ...counts, compared: done, differences };
}
