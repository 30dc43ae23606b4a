import { describe, expect, it } from 'vitest';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { BareInterpreter } from '../../oracle/bare-interpreter.ts';
import { readGolden } from '../../oracle/golden.ts';
import { isKnownDifference } from '../../oracle/known-differences.ts';
import { formatOutcome } from '../../oracle/outcome.ts';
import { isComparable, makeProgram, type Program } from '../../oracle/program.ts';
import { SEED } from '../../seed.ts';
import { runInUnicorn, unicornIsInstalled } from '../../oracle/unicorn.ts';

const engine = new BareInterpreter();
const PROGRAMS = 3000;

function describeProgram({ row, words, seed, pc }: Program): string {
  const code = words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
  return `${ROWS[row]!.name}: ${code} at ${pc.toString(16)}, seed ${seed}`;
}
const comparable = ROWS.flatMap((row, index) => (isComparable(row) ? [index] : []));

describe('the meaning of instructions', () => {
  const golden = readGolden();

  it('is what Unicorn recorded', () => {
    for (const { program, outcome } of golden) {
      expect(formatOutcome(program, engine.run(program)), describeProgram(program)).toBe(outcome);
    }
  });

  it('is recorded for every row', () => {
    const recorded = new Set(golden.map(({ program }) => program.row));
    expect(comparable.filter((row) => !recorded.has(row)).map((row) => ROWS[row]!.name)).toEqual([]);
  });

  it('is what Unicorn says of random programs', (context) => {
    if (!unicornIsInstalled) context.skip('python3-unicorn is not installed');
    const programs = Array.from({ length: PROGRAMS }, (_, i) =>
      makeProgram(comparable[(SEED + i) % comparable.length]!, SEED + i),
    ).filter((program) => !isKnownDifference(program));
    const outcomes = runInUnicorn(programs);
    for (const [i, program] of programs.entries()) {
      const outcome = formatOutcome(program, engine.run(program));
      expect(outcome, describeProgram(program)).toBe(formatOutcome(program, outcomes[i]!));
    }
  });
});
