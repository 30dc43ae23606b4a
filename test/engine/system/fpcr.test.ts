import { describe, expect, it } from 'vitest';
import { HVC, machineWith, MODEL, modelWith } from '../machine-fixture.ts';

/** mov x0, #0x300000; msr cpacr_el1, x0; isb; mov x1, #0x7ff0000; msr fpcr, x1; mrs x2, fpcr; hvc #0 */
const PROGRAM = [0xd2a00600, 0xd5181040, 0xd5033fdf, 0xd2a0ffe1, 0xd51b4401, 0xd53b4402, HVC];

describe('FPCR', () => {
  // Arm ARM, FPCR: bit 19, FZ16, is RES0 without FEAT_FP16.
  it.each([
    ['without', MODEL, 0x07f7_0000n],
    ['with', modelWith('FEAT_FP16'), 0x07ff_0000n],
  ])('%s FEAT_FP16 keeps the bits that the PE has', (_, model, expected) => {
    const vcpu = machineWith(PROGRAM, 1, model).vcpus[0]!;
    expect(vcpu.run(100)).toEqual({ kind: 'hvc', imm: 0 });
    expect(vcpu.getX(2)).toBe(expected);
  });
});
