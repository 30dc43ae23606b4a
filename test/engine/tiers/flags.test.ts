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
