/** Random programs on the engine and in Unicorn: where they differ. */
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { BareInterpreter } from './bare-interpreter.ts';
import { shrinkChain } from './chains/shrink.ts';
import { makeChain } from './chains/words.ts';
import { formatRecorded } from './golden.ts';
import { formatOutcome, sameOutcome } from './outcome.ts';
import { isComparable, type Program } from './program.ts';
import { runInUnicorn } from './unicorn.ts';

/** As many programs as one process of the oracle is given. */
const BATCH = 12_000;
/** What a program retires, as long as nothing is known of the rows. */
const USUAL = 16;
/** A few programs more than the average asks for: another process costs more. */
const MARGIN = 1.02;
/** Programs that differ, of one call, that are made small and kept: the others are the same mistake as often as not. */
const KEPT = 3;

export interface Difference {
  /** Row, words, address, seed. */
  readonly title: string;
  /** As `formatOutcome` writes it. */
  readonly expected: string;
  readonly actual: string;
  /** The line that makes a regression of it. */
  readonly line: string;
}
export interface Comparison {
  /** Instructions of the rows' class that have retired, in programs whose outcome is the same. */
  readonly clean: number;
  readonly programs: number;
  /** Programs whose outcome is a fault on both sides; their instructions do not count. */
  readonly faults: number;
  /** Instructions that were left out because they meet a known difference of Unicorn. */
  readonly known: number;
  /** How many programs differ. */
  readonly failed: number;
  /** The first few. */
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

const judge = (programs: readonly Program[]): readonly number[] => {
  const outcomes = runInUnicorn(programs);
  return outcomes.flatMap((outcome, i) => (sameOutcome(outcome, engine.run(programs[i]!)) ? [] : [i]));
};

function describeDifference(found: Program): Difference {
  const program = shrinkChain(found, judge);
  const expected = runInUnicorn([program])[0]!;
  const words = program.words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
  return {
    title: `${ROWS[program.row]!.name}: ${words} at 0x${program.pc.toString(16)}, seed ${program.seed}`,
    expected: formatOutcome(program, expected),
    actual: formatOutcome(program, engine.run(program)),
    line: formatRecorded(program, expected),
  };
}

/**
 * Programs of these rows, which are of one encoding class, with seeds from `seed` on, until `count` instructions of
 * it have retired and been compared. The same arguments, the same programs.
 */
export function compareWithUnicorn(
  rows: readonly number[],
  count: number,
  seed: number,
  step: (done: number) => void = () => {},
): Comparison {
  const differences: Difference[] = [];
  const counts = { clean: 0, programs: 0, faults: 0, known: 0, failed: 0 };
  for (let next = seed, tried = 0; tried < count; ) {
    step(tried);
    const perProgram = tried === 0 ? USUAL : tried / counts.programs;
    const length = Math.min(BATCH, Math.ceil(((count - tried) / perProgram) * MARGIN));
    const made = Array.from({ length }, (_, i) => makeChain(rows, next + i));
    next += length;
    for (const { known } of made) counts.known += known;
    const programs = made.flatMap(({ program }) => program ?? []);
    counts.programs += programs.length;
    const outcomes = runInUnicorn(programs);
    const before = tried;
    for (const [i, program] of programs.entries()) {
      const outcome = outcomes[i]!;
      tried += outcome.retired;
      if (outcome.fault) counts.faults++;
      if (sameOutcome(outcome, engine.run(program))) {
        counts.clean += outcome.retired;
        continue;
      }
      counts.failed++;
      if (differences.length < KEPT) differences.push(describeDifference(program));
    }
    if (tried === before) throw new Error(`no program of ${ROWS[rows[0]!]!.encodingClass} runs to its end`);
  }
  return { ...counts, differences };
}
