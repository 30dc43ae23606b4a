/** Machines of one thread share the modules of equal regions, and only of those. */
import { afterEach, expect, it, vi } from 'vitest';
import { bytesOf, CODE, HVC, MODEL, machineWith, modelWith } from '../machine-fixture.ts';

/** add x0, x0, #step; subs x1, x1, #1; b.ne */
const loop = (step: number): number[] => [0x91000000 | (step << 10), 0xf1000421, 0x54ffffc1, HVC];

function run(step: number, at = CODE, model = MODEL): { sum: bigint; modules: number } {
  const made = vi.spyOn(WebAssembly, 'Module');
  const machine = machineWith([], 1, model, 'jit');
  machine.writePhysical(at, bytesOf(loop(step)));
  const vcpu = machine.vcpus[0]!;
  vcpu.pc = BigInt(at);
  vcpu.setX(1, 1000n);
  const before = made.mock.calls.length;
  expect(vcpu.run(1_000_000).kind).toBe('hvc');
  return { sum: vcpu.getX(0), modules: made.mock.calls.length - before };
}

afterEach(() => vi.restoreAllMocks());

it('the second of two equal guests compiles nothing', () => {
  expect(run(1)).toEqual({ sum: 1000n, modules: 1 });
  expect(run(1)).toEqual({ sum: 1000n, modules: 0 });
});

it('another instruction or another address is other code', () => {
  expect(run(2)).toEqual({ sum: 2000n, modules: 1 });
  expect(run(3)).toEqual({ sum: 3000n, modules: 1 });
  expect(run(2, CODE + 0x4000)).toEqual({ sum: 2000n, modules: 1 });
  expect(run(2, CODE, modelWith('FEAT_FP16'))).toEqual({ sum: 2000n, modules: 0 });
});
