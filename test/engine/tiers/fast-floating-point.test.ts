import { describe, expect, it } from 'vitest';
import { executeFloatingPoint } from '../../../src/engine/floating-point.ts';
import { FpContext } from '../../../src/engine/fp/context.ts';
import { codeOf, type FpOperation, runCode } from '../../../src/engine/fp/operation.ts';
import { STATE } from '../../../src/engine/layout.ts';
import { CpuState } from '../../../src/engine/state.ts';
import { FloatingPointFunctions } from '../../../src/engine/tiers/interpreter/floating-point.ts';
import { ModuleWriter } from '../../../src/engine/wasm/module.ts';
import { randomFloat } from '../../oracle/floating-operands.ts';
import { xorshift } from '../../oracle/random.ts';

type Size = 32 | 64;
type Function = (...operands: readonly bigint[]) => bigint;
const IXC = 0x10;
const FZ = 0x0100_0000;
const ROUNDS = 3000;
const SIZES: readonly Size[] = [32, 64];
const LETTERS = ['n', 'p', 'm', 'z', 'a'] as const;
const SIGNS = ['s', 'u'] as const;

/** Operations with their operands: floating-point numbers, an integer, or no fraction bits. */
type Operand = 'number' | 'i32' | 'i64' | 'zero';
const N = 'number';
const OPERATIONS: readonly [FpOperation, readonly Operand[]][] = [
  ...(['add', 'sub', 'mul', 'mulx', 'div', 'max', 'min', 'maxnm', 'minnm'] as const).map(
    (name): [FpOperation, Operand[]] => [name, [N, N]],
  ),
  ...(['cmp', 'cmpe', 'cmeq', 'cmge', 'cmgt'] as const).map((name): [FpOperation, Operand[]] => [
    name,
    [N, N],
  ]),
  ['madd', [N, N, N]],
  ['sqrt', [N]],
  ['rintx', [N]],
  ['rinti', [N]],
  ...LETTERS.map((letter): [FpOperation, Operand[]] => [`rint${letter}`, [N]]),
  ...SIGNS.flatMap((sign) =>
    SIZES.flatMap((bits) => [
      [`${sign}cvtf${bits}`, [bits === 64 ? 'i64' : 'i32', 'zero']] as [FpOperation, Operand[]],
      ...LETTERS.map((l): [FpOperation, Operand[]] => [`cvt${l}${sign}${bits}`, [N, 'zero']]),
    ]),
  ),
  ['cvt32', [N]],
  ['cvt64', [N]],
];
const exists = (operation: FpOperation, size: Size): boolean => operation !== `cvt${size}`;

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const state = new CpuState(memory.buffer as ArrayBuffer);
let exactCalls = 0;
const functions = ((): Record<string, Function> => {
  const m = new ModuleWriter();
  m.importMemory('host', 'memory', 1, 1);
  const exact = m.importFunction('host', 'exact', ['i32'], ['i32']);
  const written = new FloatingPointFunctions(m, (f) => f.call(exact));
  for (const [operation, operands] of OPERATIONS)
    for (const size of SIZES) {
      if (!exists(operation, size)) continue;
      m.export(`${operation} ${size}`, written.indexOf(operation, size, operands.length));
    }
  const host = {
    memory,
    exact: (code: number): number => {
      exactCalls++;
      executeFloatingPoint(state, code);
      return 0;
    },
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(m.build()), { host });
  return instance.exports as Record<string, Function>;
})();

const context = new FpContext();
function exactly(operation: FpOperation, size: Size, [a = 0n, b = 0n, c = 0n]: readonly bigint[], fpcr = 0) {
  context.fpcr = fpcr;
  context.flags = 0;
  const result = runCode(context, codeOf(operation, size), a, b, c);
  return { result, flags: context.flags };
}
type Rng = () => number;
const random64 = (rng: Rng): bigint => (BigInt(rng()) << 32n) | BigInt(rng());

/** An addend that nearly cancels the product, or that is half a unit in its last place, give or take. */
function criticalAddend(rng: Rng, size: Size, b: bigint, c: bigint): bigint {
  const { result } = exactly('mul', size, [b, c]);
  const fraction = size === 64 ? 52n : 23n;
  const down = rng() % 2 === 0 ? 0n : fraction + BigInt(rng() % 3);
  const exponent = (result >> fraction) & (size === 64 ? 0x7ffn : 0xffn);
  if (down === 0n) return BigInt.asUintN(size, (result ^ (1n << BigInt(size - 1))) + BigInt((rng() % 5) - 2));
  const power = (exponent > down ? exponent - down : 1n) << fraction;
  return BigInt.asUintN(size, power + BigInt((rng() % 3) - 1)) | (BigInt(rng() % 2) << BigInt(size - 1));
}

/** Factors whose product lies half way between two numbers, and an addend that is far below and decides. */
function halfWay(rng: Rng, size: Size): bigint[] {
  const [fraction, bias, format] = size === 64 ? [52, 1023n, 52n] : [23, 127n, 23n];
  const i = 8 + (rng() % (fraction - 14));
  const factor = (place: number): bigint =>
    (bias << format) | (BigInt(2 * (rng() % 8) + 1) << BigInt(fraction - place));
  const tiny = (bias - BigInt(fraction + 2 + (rng() % 70))) << format;
  return [tiny | (BigInt(rng() % 2) << BigInt(size - 1)), factor(i), factor(fraction + 1 - i)];
}

function operandOf(rng: Rng, kind: Operand, size: Size): bigint {
  if (kind === 'number') return randomFloat(rng, size);
  if (kind === 'zero') return 0n;
  const value = random64(rng) >> BigInt(rng() % 64);
  return BigInt.asUintN(kind === 'i32' ? 32 : 64, rng() % 2 === 0 ? value : -value);
}
function operandsOf(rng: Rng, operation: FpOperation, kinds: readonly Operand[], size: Size): bigint[] {
  const operands = kinds.map((kind) => operandOf(rng, kind, size));
  if (operation !== 'madd') return operands;
  const kind = rng() % 4;
  if (kind === 0) return halfWay(rng, size);
  if (kind === 1) operands[0] = criticalAddend(rng, size, operands[1]!, operands[2]!);
  return operands;
}

describe.each(SIZES)('%i bits', (size) => {
  it.each(OPERATIONS.filter(([operation]) => exists(operation, size)))(
    '%s: both paths agree',
    (operation, kinds) => {
      const rng = xorshift(size + operation.length * 7919);
      const run = functions[`${operation} ${size}`]!;
      exactCalls = 0;
      const wrong: string[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        const operands = operandsOf(rng, operation, kinds, size);
        const before = rng() % 2 === 0 ? IXC : 0;
        const fpcr = rng() % 4 === 0 ? FZ : 0;
        state.i32[STATE.FPSR / 4] = before;
        state.i32[STATE.FPCR / 4] = fpcr;
        const result = BigInt.asUintN(64, run(...operands));
        const { result: wanted, flags } = exactly(operation, size, operands, fpcr);
        const fpsr = state.i32[STATE.FPSR / 4];
        if (result === wanted && fpsr === (flags | before)) continue;
        const words = [...operands, result, wanted].map((v) => v.toString(16));
        wrong.push(`${words.join(' ')} FPSR ${before} ${fpsr} ${flags | before}`);
      }
      expect(wrong).toEqual([]);
      // Special values and inexact results without IXC are more than half of these operands.
      expect(exactCalls).toBeLessThan(ROUNDS * 0.95);
    },
  );
});

describe('FPCR', () => {
  it.each([
    ['RMode', 0x0040_0000],
    ['RMode', 0x0080_0000],
  ])('%s other than 0 is for the exact path', (_, fpcr) => {
    state.i32[STATE.FPCR / 4] = fpcr;
    exactCalls = 0;
    functions['add 64']!(0x3ff0_0000_0000_0000n, 0x3ff0_0000_0000_0000n);
    state.i32[STATE.FPCR / 4] = 0;
    expect(exactCalls).toBe(1);
  });
});

describe('FPCR.FZ', () => {
  it.each([
    ['denormal operands', 1n, 1],
    ['other numbers', 0x3ff0_0000_0000_0000n, 0],
  ])('%s', (_, operand, calls) => {
    state.i32[STATE.FPCR / 4] = FZ;
    state.i32[STATE.FPSR / 4] = IXC;
    exactCalls = 0;
    functions['add 64']!(0x3ff0_0000_0000_0000n, operand);
    state.i32[STATE.FPCR / 4] = 0;
    expect(exactCalls).toBe(calls);
  });
});

describe('ordinary numbers', () => {
  const bitsOf = (x: number): bigint => new BigUint64Array(new Float64Array([x]).buffer)[0]!;
  it.each([
    ['add 64', [1.5, 2.25]],
    ['mul 64', [3, 0.1]],
    ['div 64', [1, 3]],
    ['sqrt 64', [2]],
    ['madd 64', [0.1, 0.2, 0.3]],
    ['cmp 64', [1, 2]],
  ] as const)('%s never reaches the host once Inexact is set', (name, operands) => {
    state.i32[STATE.FPCR / 4] = 0;
    state.i32[STATE.FPSR / 4] = IXC;
    exactCalls = 0;
    functions[name]!(...operands.map(bitsOf));
    expect(exactCalls).toBe(0);
  });
  it.each([
    ['add 64', [1.5, 2.25]],
    ['mul 64', [3, 4]],
    ['div 64', [12, 4]],
    ['sqrt 64', [9]],
    ['madd 64', [1, 2, 3]],
  ] as const)('%s with an exact result never does', (name, operands) => {
    state.i32[STATE.FPCR / 4] = 0;
    state.i32[STATE.FPSR / 4] = 0;
    exactCalls = 0;
    functions[name]!(...operands.map(bitsOf));
    expect(exactCalls).toBe(0);
    expect(state.i32[STATE.FPSR / 4]).toBe(0);
  });
});
