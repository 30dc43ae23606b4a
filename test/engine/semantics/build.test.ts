import { describe, expect, it } from 'vitest';
import {
  bin,
  cmp,
  eqz,
  exts,
  extu,
  type Int,
  k32,
  k64,
  konst,
  neg,
  not,
  sel,
  shiftLanes,
  shuffle,
  un,
  wrap,
} from '../../../src/engine/semantics/build.ts';
import type { BinaryOp, CompareOp, Const, I32, I64, V128, Val } from '../../../src/engine/semantics/ir.ts';
import { lower } from '../../../src/engine/tiers/lower.ts';
import { ModuleWriter } from '../../../src/engine/wasm/module.ts';

const BINARY: readonly BinaryOp[] = [
  'add',
  'sub',
  'mul',
  'divs',
  'divu',
  'rems',
  'remu',
  'and',
  'or',
  'xor',
  'shl',
  'shr',
  'sar',
  'rotl',
  'rotr',
];
const COMPARE: readonly CompareOp[] = ['eq', 'ne', 'lts', 'ltu', 'gts', 'gtu', 'les', 'leu', 'ges', 'geu'];
const UNARY = ['clz', 'ctz', 'popcnt', 'ext8', 'ext16'] as const;
const VALUES: Readonly<Record<Int, readonly bigint[]>> = {
  i32: [0n, 1n, 2n, 31n, 32n, 33n, 0x80n, 0x8000n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1234_5678n],
  i64: [
    0n,
    1n,
    63n,
    64n,
    0x80n,
    0x8000_0000n,
    1n << 63n,
    (1n << 63n) - 1n,
    (1n << 64n) - 1n,
    0x0123_4567_89ab_cdefn,
  ],
};

/** A function of two parameters, without constants to fold: what WebAssembly itself computes. */
function compiled(t: Int, make: (a: Val<Int>, b: Val<Int>) => Val): (a: bigint, b: bigint) => bigint | null {
  const m = new ModuleWriter();
  const expression = make({ o: 'local', t, index: 0 }, { o: 'local', t, index: 1 });
  const f = m.function([t, t], [expression.t]);
  lower(f, expression);
  m.export('f', f.index);
  const run = (
    new WebAssembly.Instance(new WebAssembly.Module(m.build()), {}).exports as Record<string, unknown>
  )['f'];
  const argument = (v: bigint) => (t === 'i64' ? v : Number(BigInt.asIntN(32, v)));
  return (a, b) => {
    try {
      const result = (run as (...values: unknown[]) => number | bigint)(argument(a), argument(b));
      return BigInt.asUintN(expression.t === 'i64' ? 64 : 32, BigInt(result));
    } catch {
      return null; // a trap
    }
  };
}
const constant = (v: Val): bigint | null => (v.o === 'const' ? (v as Const).k : null);

describe.each(['i32', 'i64'] as const)('folding %s', (t) => {
  it.each(BINARY)('%s agrees with WebAssembly', (op) => {
    const real = compiled(t, (a, b) => bin(op, a, b));
    for (const a of VALUES[t]) {
      for (const b of VALUES[t]) {
        // What traps is not folded away.
        expect([op, a, b, constant(bin(op, konst(t, a), konst(t, b)))]).toEqual([op, a, b, real(a, b)]);
      }
    }
  });
  it.each(COMPARE)('%s agrees with WebAssembly', (op) => {
    const real = compiled(t, (a, b) => cmp(op, a, b));
    for (const a of VALUES[t]) {
      for (const b of VALUES[t]) expect(constant(cmp(op, konst(t, a), konst(t, b)))).toBe(real(a, b));
    }
  });
  it.each(UNARY)('%s agrees with WebAssembly', (op) => {
    const real = compiled(t, (a) => un(op, a));
    for (const a of VALUES[t]) expect([op, a, constant(un(op, konst(t, a)))]).toEqual([op, a, real(a, 0n)]);
  });
  it('a shift to the left and back extends the sign, whatever the instruction', () => {
    const width = t === 'i64' ? 64 : 32;
    for (let by = 0; by < width; by++) {
      const k = konst(t, BigInt(by));
      const real = compiled(t, (a) => bin('sar', bin('shl', a, k), k));
      for (const a of VALUES[t]) {
        expect([by, a, real(a, 0n)]).toEqual([by, a, BigInt.asUintN(width, BigInt.asIntN(width - by, a))]);
      }
    }
  });
  it('a choice between 0 and 1 is what WebAssembly selects', () => {
    const truths: readonly ((a: Val<Int>, b: Val<Int>) => I32)[] = [
      (a, b) => cmp('ltu', a, b),
      (a) => eqz(a),
      // Any other value than 0 chooses the first.
      (a) => (a.t === 'i64' ? wrap(a as I64) : (a as I32)),
    ];
    for (const truth of truths) {
      for (const [yes, no] of [
        [1n, 0n],
        [0n, 1n],
      ] as const) {
        const chosen = compiled(t, (a, b) => sel(truth(a, b), konst(t, yes), konst(t, no)));
        const condition = compiled(t, truth);
        for (const a of VALUES[t]) {
          for (const b of VALUES[t]) {
            expect([a, b, chosen(a, b)]).toEqual([a, b, condition(a, b) === 0n ? no : yes]);
          }
        }
      }
    }
  });
  it('drops neutral operations and nothing else', () => {
    const x: Val<Int> = { o: 'local', t, index: 0 };
    const zero = konst(t, 0n);
    const ones = konst(t, -1n);
    for (const op of ['add', 'sub', 'or', 'xor', 'shl', 'rotr'] as const) expect(bin(op, x, zero)).toBe(x);
    expect(bin('and', x, ones)).toBe(x);
    expect(bin('add', zero, x)).toBe(x);
    expect(bin('mul', x, konst(t, 1n))).toBe(x);
    expect(constant(bin('and', x, zero))).toBe(0n);
    expect(constant(bin('or', x, ones))).toBe(ones.k);
    expect(bin('sub', zero, x).o).toBe('binary');
    expect(bin('rems', x, konst(t, 1n)).o).toBe('binary');
  });
});

describe('widths', () => {
  it('extend, narrow, negate, invert, select', () => {
    expect(constant(exts(k32(-2)))).toBe((1n << 64n) - 2n);
    expect(constant(extu(k32(-2)))).toBe(0xffff_fffen);
    expect(constant(wrap(k64(0x1_2345_6789n)))).toBe(0x2345_6789n);
    expect(constant(un('ext32', k64(0x8000_0000n)))).toBe(0xffff_ffff_8000_0000n);
    expect(constant(neg(k32(5)))).toBe(0xffff_fffbn);
    expect(constant(not(k64(5)))).toBe(0xffff_ffff_ffff_fffan);
    expect(constant(eqz(k64(0)))).toBe(1n);
    const x: I64 = { o: 'local', t: 'i64', index: 0 };
    const w: I32 = { o: 'local', t: 'i32', index: 0 };
    expect(wrap(extu(w))).toBe(w);
    expect(sel(k32(0), x, k64(1))).toEqual(k64(1));
    expect(sel(k32(7), x, k64(1))).toBe(x);
  });
});

describe('vectors', () => {
  const v: V128 = { o: 'local', t: 'v128', index: 0 };
  it('are not shifted by multiples of the lane width', () => {
    expect(shiftLanes('i8x16', 'shl', v, k32(0))).toBe(v);
    expect(shiftLanes('i8x16', 'shr_s', v, k32(8))).toBe(v);
    expect(shiftLanes('i16x8', 'shr_u', v, k32(8)).o).toBe('vectorShift');
    expect(shiftLanes('i64x2', 'shl', v, k32(32)).o).toBe('vectorShift');
  });
  it('are shuffled by 16 byte numbers', () => {
    expect(() => shuffle([0, 1, 2], v, v)).toThrow('16 bytes');
  });
});
