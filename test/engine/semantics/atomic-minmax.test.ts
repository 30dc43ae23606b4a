import { describe, expect, it } from 'vitest';
import { BareInterpreter } from '../../oracle/bare-interpreter.ts';
import { BLOCK } from '../../oracle/outcome.ts';
import { MEMORY, patternAt, programOf } from '../../oracle/program.ts';

/**
 * What Unicorn gets wrong (test/oracle/known-differences.ts), from the Arm ARM instead: MemAtomic compares
 * memory and the low bits of Rs as numbers of the access size, signed for LDSMAX and LDSMIN.
 */
const engine = new BareInterpreter();
/** Addresses whose byte and halfword are both negative, both positive. */
const ADDRESSES = [1, 0].map((sign) => {
  for (let at: number = MEMORY.data; ; at += 2) {
    if (patternAt(at) >> 7 === sign && patternAt(at + 1) >> 7 === sign) return at;
  }
});
/** Seed whose state is replaced where the instruction looks. */
const SEED = 1;

/** The low byte or halfword of memory after `op w1, w2, [x0]`, and W2. */
function run(
  word: number,
  size: 1 | 2,
  operand: bigint,
  address: number,
): { stored: bigint; loaded: bigint; old: bigint } {
  const base = programOf(word, SEED);
  const x = base.x.with(0, BigInt(address)).with(1, operand);
  const outcome = engine.run({ ...base, x });
  expect(outcome.fault).toBe(false);
  const byte = (i: number): bigint => BigInt(outcome.memory.get(address + i) ?? patternAt(address + i));
  const value = (read: (i: number) => bigint): bigint => (size === 1 ? read(0) : read(0) | (read(1) << 8n));
  return {
    stored: value(byte),
    loaded: Buffer.from(outcome.registers).readBigUInt64LE(BLOCK.X + 2 * 8),
    old: value((i) => BigInt(patternAt(address + i))),
  };
}

const INSTRUCTIONS = [
  { name: 'LDSMAXB', word: 0x3821_4002, size: 1, signed: true, max: true },
  { name: 'LDSMINB', word: 0x3821_5002, size: 1, signed: true, max: false },
  { name: 'LDUMAXB', word: 0x3821_6002, size: 1, signed: false, max: true },
  { name: 'LDUMINB', word: 0x3821_7002, size: 1, signed: false, max: false },
  { name: 'LDSMAXH', word: 0x7821_4002, size: 2, signed: true, max: true },
  { name: 'LDSMINH', word: 0x7821_5002, size: 2, signed: true, max: false },
  { name: 'LDUMAXH', word: 0x7821_6002, size: 2, signed: false, max: true },
  { name: 'LDUMINH', word: 0x7821_7002, size: 2, signed: false, max: false },
] as const;
const OPERANDS = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0xffff_ffff_0000_0001n, -1n];

describe.each(INSTRUCTIONS)('$name', ({ word, size, signed, max }) => {
  it.each(OPERANDS)('with 0x%s', (value) => {
    const operand = BigInt.asUintN(64, value);
    const number = (v: bigint): bigint => (signed ? BigInt.asIntN : BigInt.asUintN)(size * 8, v);
    for (const address of ADDRESSES) {
      const { stored, loaded, old } = run(word, size, operand, address);
      const operandWins = max ? number(operand) > number(old) : number(operand) < number(old);
      expect(stored).toBe(operandWins ? BigInt.asUintN(size * 8, operand) : old);
      expect(loaded).toBe(old);
    }
  });
});
