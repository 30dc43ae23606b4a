/** Calls that regions follow: each has its own copy of what is called. Compared with the interpreter. Words are GNU as output. */
import { describe, expect, it } from 'vitest';
import type { VcpuHardware } from '../../../src/engine/hardware.ts';
import { DATA, MODEL, machineWith } from '../machine-fixture.ts';

/**
 * A loop, X1 times: a call of a function that calls another, which by bit 7 of X1 returns one instruction further on;
 * an indirect call, by bit 6 of X1 of a function that branches to a third, or of one with a recursion three calls deep.
 */
const CALLS = [
  0x94000009, 0x10000249, 0x1000026a, 0xf27a003f, 0x9a8a0129, 0xd63f0120, 0xf1000421, 0x54ffff21, 0xd4000002,
  0xaa1e03f4, 0x94000004, 0x91000c00, 0xca010000, 0xd65f0280, 0x91000400, 0xf279003f, 0x54000040, 0x910013de,
  0xd65f03c0, 0x91001c00, 0x1400000c, 0xaa1e03f5, 0xd2800065, 0x94000002, 0xd65f02a0, 0xf10004a5, 0x540000a0,
  0xf800847e, 0x97fffffd, 0x91002c00, 0xf85f8c7e, 0xd65f03c0, 0xca010c00, 0xd65f03c0,
];
const STATE = [0, 1, 3, 5, 9, 20, 21, 30];

function state(vcpu: VcpuHardware): unknown[] {
  return [vcpu.instructionCount, vcpu.pc, vcpu.pstate, ...STATE.map((n) => vcpu.getX(n))];
}
function started(tier: 'auto' | 'interpreter'): VcpuHardware {
  const vcpu = machineWith(CALLS, 1, MODEL, tier).vcpus[0]!;
  vcpu.setX(1, 100_000n);
  vcpu.setX(3, BigInt(DATA));
  return vcpu;
}

describe('calls in a hot loop', () => {
  it('stop at the same instruction in the same state as the interpreter', () => {
    const [hot, slow] = [started('auto'), started('interpreter')];
    for (const vcpu of [hot, slow]) expect(vcpu.run(1_500_000)).toEqual({ kind: 'budget' });
    expect(state(hot)).toEqual(state(slow));
    for (let budget = 1; budget < 400; budget++) {
      for (const vcpu of [hot, slow]) expect(vcpu.run(budget)).toEqual({ kind: 'budget' });
      expect(state(hot)).toEqual(state(slow));
    }
  });
  it('have the same result at the end', () => {
    const [hot, slow] = [started('auto'), started('interpreter')];
    for (const vcpu of [hot, slow]) expect(vcpu.run(10_000_000).kind).toBe('hvc');
    expect(state(hot)).toEqual(state(slow));
    expect(hot.getX(1)).toBe(0n);
    expect(hot.getX(3)).toBe(BigInt(DATA));
  });
});
