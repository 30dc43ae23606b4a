/** Random programs on the engine and in Unicorn: where they differ. */
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { BareInterpreter } from './bare-interpreter.ts';
import { formatRecorded } from './golden.ts';
import { isKnownDifference } from './known-differences.ts';
import { formatOutcome, isComparable, makeProgram, type Program } from './program.ts';
import { runInUnicorn } from './unicorn.ts';

/** As many programs as one process of the oracle is given. */
const BATCH = 5000;
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

/** `count` programs of these rows in turn, with seeds from `seed` on. The same arguments, the same programs. */
export function compareWithUnicorn(
  rows: readonly number[],
  count: number,
  seed: number,
  step: (done: number) => void = () => {},
): Comparison {
  const keptOf = new Map<number, number>();
  const differences: Difference[] = [];
  const counts = { faults: 0, known: 0, failed: 0 };
  for (let done = 0; done < count; done += BATCH) {
    step(done);
    const programs = Array.from({ length: Math.min(BATCH, count - done) }, (_, i) =>
      makeProgram(rows[(done + i) % rows.length]!, seed + done + i),
    );
    const outcomes = runInUnicorn(programs);
    for (const [i, program] of programs.entries()) {
      const outcome = outcomes[i]!;
      const expected = formatOutcome(outcome);
      const actual = formatOutcome(engine.run(program));
      if (expected === 'fault') counts.faults++;
      if (expected === actual) continue;
      if (isKnownDifference(program)) {
        counts.known++;
        continue;
      }
      counts.failed++;
      const kept = keptOf.get(program.row) ?? 0;
      keptOf.set(program.row, kept + 1);
      if (kept < KEPT)
        differences.push({ program, expected, actual, line: formatRecorded(program, outcome) });
    }
  }
  return { ...counts, compared: count, differences };
}
