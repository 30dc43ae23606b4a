import { describe, expect, it } from 'vitest';
import type { FlagKind } from '../../../src/engine/semantics/emitter.ts';
import { bytesOf, HVC, machineWith } from '../machine-fixture.ts';

/** Arm ARM, AddWithCarry, on unsigned values of `width` bits. */
function addWithCarry(width: number, x: bigint, y: bigint, carryIn: bigint): number {
  const u = BigInt.asUintN(width, x) + BigInt.asUintN(width, y) + carryIn;
  const s = BigInt.asIntN(width, x) + BigInt.asIntN(width, y) + carryIn;
  const result = BigInt.asUintN(width, u);
  const n = Number(result >> BigInt(width - 1));
  return (
    (n << 3) |
    (Number(result === 0n) << 2) |
    (Number(u !== result) << 1) |
    Number(BigInt.asIntN(width, u) !== s)
  );
}
function expectedFlags(kind: FlagKind, a: bigint, b: bigint): number {
  const width = kind.endsWith('64') ? 64 : 32;
  if (kind.startsWith('add')) return addWithCarry(width, a, b, 0n);
  if (kind.startsWith('sub')) return addWithCarry(width, a, ~b, 1n);
  const result = BigInt.asUintN(width, a & b);
  return (Number(result >> BigInt(width - 1)) << 3) | (Number(result === 0n) << 2);
}
/** Arm ARM, ConditionHolds. */
function conditionHolds(cond: number, nzcv: number): boolean {
  const [n, z, c, v] = [8, 4, 2, 1].map((m) => (nzcv & m) !== 0);
  const results = [z, c, n, v, c && !z, n === v, n === v && !z, true];
  const result = results[cond >> 1]!;
  return (cond & 1) === 1 && cond !== 15 ? !result : result;
}

/** <op> x0, x29, x30, with the 64-bit or 32-bit registers. */
const OPERATIONS: Readonly<Record<FlagKind, number>> = {
  add64: 0xab1e03a0,
  sub64: 0xeb1e03a0,
  logic64: 0xea1e03a0,
  add32: 0x2b1e03a0,
  sub32: 0x6b1e03a0,
  logic32: 0x6a1e03a0,
};
/** cset x1, eq: condition field in bits 15..12 is the inverted one. */
const CSET = 0x9a9f17e1;
const VALUES = [
  0n,
  1n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
  0xdead_beef_1234_5678n,
];
const cset = (rd: number, cond: number): number => ((CSET & 0xffff_0fe0) | ((cond ^ 1) << 12) | rd) >>> 0;

describe.each(Object.entries(OPERATIONS) as [FlagKind, number][])('%s', (kind, word) => {
  const conditions = Array.from({ length: 14 }, (_, c) => c);
  const machine = machineWith([word, ...conditions.map((c) => cset(c + 1, c)), HVC]);
  const vcpu = machine.vcpus[0]!;
  const start = vcpu.pc;

  it('gives the flags and conditions of the manual, kept lazily or packed', () => {
    for (const a of VALUES) {
      for (const b of VALUES) {
        const nzcv = expectedFlags(kind, a, b);
        const wanted = conditions.map((c) => BigInt(conditionHolds(c, nzcv)));
        // In one run the conditions see the lazy form; after a stop in between they see the packed form.
        for (const first of [100, 1]) {
          vcpu.pc = start;
          vcpu.setX(29, a);
          vcpu.setX(30, b);
          vcpu.run(first);
          if (first === 1) vcpu.run(100);
          const seen = conditions.map((c) => vcpu.getX(c + 1));
          expect([a, b, vcpu.pstate >> 28n, ...seen]).toEqual([a, b, BigInt(nzcv), ...wanted]);
        }
      }
    }
  });

  it('branches on them', () => {
    const branching = machineWith([word, 0, 0xd2800021, HVC]); // b.<c> +8; mov x1, #1
    const v = branching.vcpus[0]!;
    for (const c of conditions) {
      branching.writePhysical(Number(start) + 4, bytesOf([0x54000040 | c]));
      for (const [a, b] of [
        [1n, 2n],
        [2n, 1n],
        [1n << 63n, 1n],
        [0n, 0n],
      ] as const) {
        v.pc = start;
        v.setX(1, 0n);
        v.setX(29, a);
        v.setX(30, b);
        v.run(100);
        expect([c, v.getX(1)]).toEqual([c, conditionHolds(c, expectedFlags(kind, a, b)) ? 0n : 1n]);
      }
    }
  });
});

/** ccmp and ccmn of x29, x30 or w29, w30, #0, eq: NZCV when the condition fails is in bits 3..0. */
const CONDITIONAL: Readonly<Record<Exclude<FlagKind, `logic${string}`>, number>> = {
  sub64: 0xfa5e03a0,
  sub32: 0x7a5e03a0,
  add64: 0xba5e03a0,
  add32: 0x3a5e03a0,
};
/** One each with Z and C alone, N and V, all, and nothing. */
const OTHERWISE = [0, 2, 4, 9, 15];
const CONDITIONS = Array.from({ length: 14 }, (_, c) => c);
/** mov x<n>, #0 */
const clear = (n: number): number => 0xd2800000 | n;
/** cset x1, <c>; add x<n>, x1, x<n>, lsl #1, for each condition: condition 0 becomes bit 13, condition 13 bit 0. */
const collect = (n: number): number[] => CONDITIONS.flatMap((c) => [cset(1, c), 0x8b000420 | (n << 16) | n]);
const collected = (nzcv: number): bigint =>
  CONDITIONS.reduce((bits, c) => (bits << 1n) | BigInt(conditionHolds(c, nzcv)), 0n);
/** sub x28, x28, #1; cbnz x28, to `words` instructions back; hvc */
const loop = (words: readonly number[]): number[] => [
  ...words,
  0xd100079c,
  (0xb500001c | ((-(words.length + 1) & 0x7ffff) << 5)) >>> 0,
  HVC,
];
const WARM = 500n;

describe.each(['interpreter', 'jit'] as const)('conditions in a hot loop, tier %s', (tier) => {
  it.each(Object.entries(OPERATIONS) as [FlagKind, number][])('behind %s', (kind, word) => {
    const vcpu = machineWith(loop([clear(2), word, ...collect(2)]), 1, undefined, tier).vcpus[0]!;
    const start = vcpu.pc;
    for (const a of VALUES) {
      for (const b of VALUES) {
        vcpu.pc = start;
        for (const [register, value] of [
          [28, a === 0n && b === 0n ? WARM : 2n],
          [29, a],
          [30, b],
        ] as const) {
          vcpu.setX(register, value);
        }
        expect(vcpu.run(1_000_000).kind).toBe('hvc');
        expect([a, b, vcpu.getX(2)]).toEqual([a, b, collected(expectedFlags(kind, a, b))]);
      }
    }
  });

  it.each(Object.entries(CONDITIONAL) as [FlagKind, number][])('behind conditional %s', (kind, word) => {
    // cmp x27, #0 before each: EQ where X27 is 0.
    const words = OTHERWISE.flatMap((nzcv, i) => [clear(2 + i), 0xf100037f, word | nzcv, ...collect(2 + i)]);
    const vcpu = machineWith(loop(words), 1, undefined, tier).vcpus[0]!;
    const start = vcpu.pc;
    for (const [n, a] of VALUES.entries()) {
      for (const b of VALUES) {
        for (const compares of [true, false]) {
          vcpu.pc = start;
          vcpu.setX(27, compares ? 0n : 1n);
          vcpu.setX(28, n === 0 ? WARM / 10n : 2n);
          vcpu.setX(29, a);
          vcpu.setX(30, b);
          expect(vcpu.run(1_000_000).kind).toBe('hvc');
          const wanted = OTHERWISE.map((nzcv) => collected(compares ? expectedFlags(kind, a, b) : nzcv));
          expect([a, b, ...OTHERWISE.map((_, i) => vcpu.getX(2 + i))]).toEqual([a, b, ...wanted]);
        }
      }
    }
  });

  it.each([
    ['ADCS', 'adc', 0xba1e03a0],
    ['SBCS', 'sbc', 0xfa1e03a0],
    ['32-bit ADCS', 'adc', 0x3a1e03a0],
    ['32-bit SBCS', 'sbc', 0x7a1e03a0],
  ] as const)('%s adds the carry of the instruction before', (_, operation, word) => {
    const width = word >>> 31 === 1 ? 64 : 32;
    // adds xzr, x27, x27, then the instruction twice: the second continues with the carry of the first
    const words = [0xab1b037f, word, word | 3, clear(2), ...collect(2)];
    const vcpu = machineWith(loop(words), 1, undefined, tier).vcpus[0]!;
    const start = vcpu.pc;
    for (const [n, a] of VALUES.entries()) {
      for (const b of VALUES) {
        for (const carry of [0n, 1n]) {
          vcpu.pc = start;
          vcpu.setX(27, carry << 63n);
          vcpu.setX(28, n === 0 ? WARM / 10n : 2n);
          vcpu.setX(29, a);
          vcpu.setX(30, b);
          expect(vcpu.run(1_000_000).kind).toBe('hvc');
          const y = operation === 'sbc' ? ~b : b;
          const [x, z] = [BigInt.asUintN(width, a), BigInt.asUintN(width, y)];
          const first = x + z + carry;
          const second = x + z + BigInt(first >> BigInt(width));
          expect([a, b, vcpu.getX(0), vcpu.getX(3)]).toEqual([
            a,
            b,
            BigInt.asUintN(width, first),
            BigInt.asUintN(width, second),
          ]);
          expect([a, b, vcpu.getX(2)]).toEqual([
            a,
            b,
            collected(addWithCarry(width, a, y, BigInt(first >> BigInt(width)))),
          ]);
        }
      }
    }
  });
});
