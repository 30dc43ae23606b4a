/** What is compiled as a guest runs, and when: counted in modules. Words are GNU as output. */
import { afterEach, expect, it, vi } from 'vitest';
import { CODE, HVC, MODEL, machineWith } from '../machine-fixture.ts';

afterEach(() => vi.restoreAllMocks());

/** A guest that is run piece by piece; each piece returns how many modules were made. */
function guest(words: readonly number[]) {
  const made = vi.spyOn(WebAssembly, 'Module');
  const vcpu = machineWith(words, 1, MODEL, 'auto').vcpus[0]!;
  const run = (instructions: number): number => {
    const before = made.mock.calls.length;
    expect(vcpu.run(instructions)).toEqual({ kind: 'budget' });
    return made.mock.calls.length - before;
  };
  return { vcpu, run };
}

it('what a new region covers is not compiled once more because it was about to', () => {
  // 0: bl 4f; 1: subs x1, x1, #1; b.ne 0b; hvc; 4: add x0, x0, #1; ret. Control arrives at 0, at 1 and at 4 equally often.
  const { vcpu, run } = guest([0x94000004, 0xf1000421, 0x54ffffc1, HVC, 0x91000400, 0xd65f03c0]);
  vcpu.setX(1, 1_000_000n);
  expect(run(5 * 40_000)).toBe(1);
  expect(vcpu.getX(0)).toBe(40_000n);
});

it('a way that was rare is made part of regions when it is the usual one', () => {
  // 0: cbnz x2, 3f; add x0, x0, #1; b 6f; 3: add x3, x3, #1; nop; ret; 6: add x1, x1, #1; b 0b
  const { vcpu, run } = guest([
    0xb5000062, 0x91000400, 0x14000004, 0x91000463, 0xd503201f, 0xd65f03c0, 0x91000421, 0x17fffff9,
  ]);
  vcpu.setX(30, BigInt(CODE + 6 * 4));
  expect(run(20_000 * 5)).toBe(1);
  vcpu.setX(2, 1n);
  // What begins there, what begins behind the return, and after some time the latter with both ways.
  expect(run(100_000 * 6)).toBe(3);
  vcpu.setX(2, 0n);
  expect(run(100_000 * 5)).toBe(0);
  vcpu.setX(2, 1n);
  expect(run(100_000 * 6)).toBe(0);
  expect([0, 1, 3].map((n) => vcpu.getX(n))).toEqual([120_000n, 320_000n, 200_000n]);
});

it('a way that is rare where regions start from it is not kept out of them', () => {
  // 0: cbnz x2, 3f; add x0, x0, #1; b 4f; 3: add x3, x3, #1; 4: add x1, x1, #1; b 0b
  const { vcpu, run } = guest([0xb5000062, 0x91000400, 0x14000002, 0x91000463, 0x91000421, 0x17fffffb]);
  expect(run(20_000 * 5)).toBe(1);
  vcpu.setX(2, 1n);
  expect(run(100_000 * 4)).toBe(1);
  vcpu.setX(2, 0n);
  expect(run(100_000 * 5)).toBe(0);
});
