import { describe, expect, it } from 'vitest';
import { BareInterpreter } from '../../oracle/bare-interpreter.ts';
import { misjudgedWords } from '../../oracle/chains/chain.ts';
import { shrinkChain } from '../../oracle/chains/shrink.ts';
import { makeChain } from '../../oracle/chains/words.ts';
import { comparableClasses } from '../../oracle/compare.ts';
import { formatRecorded, parseRecorded } from '../../oracle/golden.ts';
import { BLOCK, formatOutcome } from '../../oracle/outcome.ts';
import type { Program } from '../../oracle/program.ts';
import { SEED } from '../../seed.ts';
import { runInUnicorn, unicornIsInstalled } from '../../oracle/unicorn.ts';

const engine = new BareInterpreter();
const classes = [...comparableClasses()];
/** One of each class, but for those that would be a single instruction that Unicorn gets wrong. */
const chainsOf = (seed: number): { name: string; rows: readonly number[]; program: Program }[] =>
  classes.flatMap(([name, rows]) => {
    const { program } = makeChain(rows, seed);
    return program === undefined ? [] : [{ name, rows, program }];
  });

describe('chains of instructions of a class', () => {
  it('are the same for the same seed, and come back from their line', () => {
    for (const { rows, program } of chainsOf(3)) {
      expect(makeChain(rows, 3).program).toEqual(program);
      const line = formatRecorded(program, engine.run(program));
      expect(parseRecorded(line).program).toEqual(program);
    }
  });

  it('do what Unicorn says', (context) => {
    if (!unicornIsInstalled) context.skip('python3-unicorn is not installed');
    const chains = chainsOf(SEED);
    for (const [i, outcome] of runInUnicorn(chains.map(({ program }) => program)).entries()) {
      const { name, program } = chains[i]!;
      const title = `${name}, seed ${SEED}`;
      expect(formatOutcome(program, engine.run(program)), title).toBe(formatOutcome(program, outcome));
      expect(outcome.retired, title).toBeGreaterThan(0);
    }
  });

  it('ends where it is told although another program was there before', (context) => {
    if (!unicornIsInstalled) context.skip('python3-unicorn is not installed');
    // ISB ends a translation: the next one begins where the program has ended.
    const isb = 0xd503_3fdf;
    const [, rows] = classes.find(([name]) => name === 'Barriers')!;
    const long = makeChain(rows, 1).program!;
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
      expect(misjudgedWords(program!)).toEqual([]);
    }
  });

  it('are none where they would be a single instruction that Unicorn gets wrong', () => {
    const [, rows] = classes.find(([name]) => name === 'Atomic memory operations')!;
    // LDSMAXH of a negative number.
    expect(makeChain(rows, 386817165)).toEqual({ program: undefined, known: 1 });
  });

  it('shrink to the instruction that fails and what it needs', () => {
    const [, rows] = classes.find(([name]) => name === 'Logical (shifted register)')!;
    const chain = makeChain(rows, 1).program!;
    const [first, last] = [chain.words[2]!, chain.words[9]!];
    const judge = (programs: readonly Program[]): number[] =>
      programs.flatMap(({ words }, i) => (words.includes(first) && words.includes(last) ? [i] : []));
    expect(shrinkChain(chain, judge).words).toEqual([first, last]);
  });
});
