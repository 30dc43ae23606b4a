import { describe, expect, it } from 'vitest';
import { BareInterpreter } from '../../oracle/bare-interpreter.ts';
import { misjudgedWords } from '../../oracle/chains/chain.ts';
import { shrinkChain } from '../../oracle/chains/shrink.ts';
import { makeChain } from '../../oracle/chains/words.ts';
import { comparableClasses } from '../../oracle/compare.ts';
import { formatRecorded, parseRecorded } from '../../oracle/golden.ts';
import { BLOCK, formatOutcome } from '../../oracle/outcome.ts';
import type { Program } from '../../oracle/program.ts';
import { runInUnicorn, unicornIsInstalled } from '../../oracle/unicorn.ts';

const engine = new BareInterpreter();
const classes = [...comparableClasses()];
const chainsOf = (seed: number): Program[] => classes.map(([, rows]) => makeChain(rows, seed).program);

describe('chains of instructions of a class', () => {
  it('are the same for the same seed, and come back from their line', () => {
    for (const [i, program] of chainsOf(3).entries()) {
      expect(makeChain(classes[i]![1], 3).program).toEqual(program);
      const line = formatRecorded(program, engine.run(program));
      expect(parseRecorded(line).program).toEqual(program);
    }
  });

  it('do what Unicorn says', (context) => {
    if (!unicornIsInstalled) context.skip('python3-unicorn is not installed');
    const seed = Date.now() % 1_000_000_000;
    const programs = chainsOf(seed);
    for (const [i, outcome] of runInUnicorn(programs).entries()) {
      const program = programs[i]!;
      expect(formatOutcome(program, engine.run(program)), `${classes[i]![0]}, seed ${seed}`).toBe(
        formatOutcome(program, outcome),
      );
      expect(outcome.retired, classes[i]![0]).toBeGreaterThan(0);
    }
  });

  it('ends where it is told although another program was there before', (context) => {
    if (!unicornIsInstalled) context.skip('python3-unicorn is not installed');
    // ISB ends a translation: the next one begins where the program has ended.
    const isb = 0xd503_3fdf;
    const [, rows] = classes.find(([name]) => name === 'Barriers')!;
    const long = makeChain(rows, 1).program;
    const short = { ...long, words: [isb], steps: 1, counted: 1 };
    const after = { ...long, pc: long.pc + 4, words: long.words.slice(1), steps: long.steps - 1 };
    const pcs = runInUnicorn([after, short]).map((outcome) =>
      Buffer.from(outcome.registers).readBigUInt64LE(BLOCK.PC),
    );
    expect(pcs).toEqual([BigInt(long.pc + 4 * long.words.length), BigInt(long.pc + 4)]);
  });

  it('leave out all that Unicorn is known to get wrong, though operands change with what is left out', () => {
    const [, rows] = classes.find(([name]) => name === 'Advanced SIMD scalar shift by immediate')!;
    // Two of FCVTZS (half precision): without the first, the operand of the second is negative.
    for (const seed of [20463144, 20661384, 20765879, 21065014, 21167112]) {
      const { program, known } = makeChain(rows, seed);
      expect(known).toBeGreaterThan(1);
      expect(misjudgedWords(program)).toEqual([]);
    }
  });

  it('shrink to the instruction that fails and what it needs', () => {
    const [, rows] = classes.find(([name]) => name === 'Logical (shifted register)')!;
    const chain = makeChain(rows, 1).program;
    const [first, last] = [chain.words[2]!, chain.words[9]!];
    const judge = (programs: readonly Program[]): number[] =>
      programs.flatMap(({ words }, i) => (words.includes(first) && words.includes(last) ? [i] : []));
    expect(shrinkChain(chain, judge).words).toEqual([first, last]);
  });
});
