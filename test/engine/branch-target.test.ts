/** FEAT_BTI: PSTATE.BTYPE, guarded pages, landing pads. Expected values: Arm ARM, PSTATE.BTYPE and EC 0b001101. */
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  CODE,
  enableMmu,
  HVC,
  machineWith,
  MODEL,
  modelWith,
  RAM_BASE,
  SYSREG,
} from './machine-fixture.ts';

const BTI_MODEL = modelWith('FEAT_BTI');
const SPSR_EL1 = 0xc200;
const NOP = 0xd503201f;
const ERET = 0xd69f03e0;
const TARGET = CODE + 0x1000;
const HANDLER = CODE + 0x3000;

/** A64 words, as the GNU assembler gives them. */
const BRANCH = { 'br x1': 0xd61f0020, 'br x16': 0xd61f0200, 'br x17': 0xd61f0220, 'blr x1': 0xd63f0020 };
const PAD = {
  bti: 0xd503241f,
  'bti c': 0xd503245f,
  'bti j': 0xd503249f,
  'bti jc': 0xd50324df,
  paciasp: 0xd503233f,
  pacibsp: 0xd503237f,
  'brk #0': 0xd4200000,
  nop: NOP,
  'udf #0': 0,
};
type Branch = keyof typeof BRANCH;
type Pad = keyof typeof PAD;
const btype = (pstate: bigint): number => Number((pstate >> 10n) & 3n);

interface Setting {
  readonly from?: boolean;
  readonly to?: boolean;
  readonly sctlr?: bigint;
  readonly model?: typeof MODEL;
}
/** One page with the branch, one with the target; each guarded or not. */
function jumping(words: readonly number[], target: readonly number[], setting: Setting = {}) {
  const { from = true, to = true, sctlr = 0n, model = BTI_MODEL } = setting;
  const machine = machineWith(words, 1, model);
  const vcpu = machine.vcpus[0]!;
  machine.writePhysical(TARGET, bytesOf(target));
  machine.writePhysical(HANDLER + 0x200, bytesOf([HVC]));
  enableMmu(machine, vcpu, RAM_BASE, [
    { va: CODE, pa: CODE, guarded: from },
    { va: TARGET, pa: TARGET, guarded: to },
    { va: HANDLER, pa: HANDLER },
  ]);
  vcpu.setSysreg(SYSREG.SCTLR_EL1, 1n | sctlr);
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(HANDLER));
  for (const register of [1, 16, 17, 30]) vcpu.setX(register, BigInt(TARGET));
  return { machine, vcpu };
}
/** ESR_EL1 when the handler was entered for the target, 0 when the target ran. */
function syndrome({ vcpu }: ReturnType<typeof jumping>): number {
  expect(vcpu.run(100).kind).toBe('hvc');
  if (vcpu.pc !== BigInt(HANDLER + 0x204)) return 0;
  expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(TARGET));
  return Number(vcpu.getSysreg(SYSREG.ESR_EL1));
}
const branchTarget = (type: number): number => 0x3600_0000 + type;

describe('PSTATE.BTYPE', () => {
  it.each([
    ['br x1', true, 3],
    ['br x1', false, 1],
    ['br x16', true, 1],
    ['br x17', true, 1],
    ['blr x1', true, 2],
    ['blr x1', false, 2],
  ] as const)('after %s, guarded %s, is %d, and 0 one instruction later', (branch, from, type) => {
    const { vcpu } = jumping([BRANCH[branch]], [PAD['bti jc'], NOP, HVC], { from });
    vcpu.run(1);
    expect([vcpu.pc, btype(vcpu.pstate)]).toEqual([BigInt(TARGET), type]);
    vcpu.run(1);
    expect([vcpu.pc, btype(vcpu.pstate)]).toEqual([BigInt(TARGET + 4), 0]);
  });
  it('is 0 after RET, and on a PE without the feature', () => {
    const { vcpu } = jumping([0xd65f03c0], [NOP]);
    vcpu.run(1);
    expect(btype(vcpu.pstate)).toBe(0);
    const plain = jumping([BRANCH['br x1']], [NOP, HVC], { model: MODEL });
    plain.vcpu.run(1);
    expect(btype(plain.vcpu.pstate)).toBe(0);
    expect(syndrome(plain)).toBe(0);
  });
  it.each([
    ['svc #0', 0xd4000001, 0],
    ['udf #0', 0, 1],
    ['brk #0', 0xd4200000, 1],
  ])('goes to SPSR_EL1 with the exception of %s', (_, word, type) => {
    const { vcpu } = jumping([BRANCH['br x1']], [word], { from: false, to: false });
    vcpu.run(100);
    expect(btype(vcpu.getSysreg(SPSR_EL1)!)).toBe(type);
    expect(btype(vcpu.pstate)).toBe(0);
  });
  it('comes back with ERET and is checked there', () => {
    const { vcpu } = jumping([ERET], [NOP, HVC]);
    vcpu.setSysreg(SYSREG.ELR_EL1, BigInt(TARGET));
    vcpu.setSysreg(SPSR_EL1, 0x3c5n | (2n << 10n));
    vcpu.run(1);
    expect([vcpu.pc, btype(vcpu.pstate)]).toEqual([BigInt(TARGET), 2]);
    vcpu.run(100);
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(BigInt(branchTarget(2)));
  });
  it('is cleared by an instruction that leaves the slice', () => {
    const { vcpu } = jumping([BRANCH['br x1']], [0xd50348df, NOP, NOP], { to: false }); // msr daifset, #8
    vcpu.run(2);
    expect(btype(vcpu.pstate)).toBe(0);
  });
});

describe('a branch into a guarded page', () => {
  /** Types of the branches that each first instruction accepts. */
  const accepts: Readonly<Record<Pad, readonly number[]>> = {
    bti: [],
    'bti c': [1, 2],
    'bti j': [1, 3],
    'bti jc': [1, 2, 3],
    paciasp: [1, 2, 3],
    pacibsp: [1, 2, 3],
    'brk #0': [1, 2, 3],
    nop: [],
    'udf #0': [],
  };
  const types: readonly (readonly [Branch, number])[] = [
    ['br x16', 1],
    ['blr x1', 2],
    ['br x1', 3],
  ];
  const cases = (Object.keys(PAD) as Pad[]).flatMap((pad) =>
    types.map(([branch, type]) => [branch, pad, type] as const),
  );
  it.each(cases)('%s to %s', (branch, pad, type) => {
    const own = pad === 'brk #0' ? 0xf200_0000 : 0;
    const expected = accepts[pad].includes(type) ? own : branchTarget(type);
    const setting = jumping([BRANCH[branch]], [PAD[pad], HVC]);
    expect(syndrome(setting)).toBe(expected);
    // Again, now that the target is decoded.
    setting.vcpu.pstate = 0x3c5n;
    setting.vcpu.pc = BigInt(CODE);
    expect(syndrome(setting)).toBe(expected);
  });
  it.each(['paciasp', 'pacibsp'] as const)('by a jump to %s faults when SCTLR_EL1.BT1 is set', (pad) => {
    const bt = (bits: bigint) => syndrome(jumping([BRANCH['br x1']], [PAD[pad], HVC], { sctlr: bits }));
    expect([bt(1n << 36n), bt(1n << 35n)]).toEqual([branchTarget(3), 0]);
    expect(syndrome(jumping([BRANCH['blr x1']], [PAD[pad], HVC], { sctlr: 1n << 36n }))).toBe(0);
  });
  it('is not checked in a page that is not guarded, nor after a direct branch or RET', () => {
    expect(syndrome(jumping([BRANCH['br x1']], [NOP, HVC], { to: false }))).toBe(0);
    expect(syndrome(jumping([0x14000400], [NOP, HVC]))).toBe(0); // b TARGET
    expect(syndrome(jumping([0xd65f03c0], [NOP, HVC]))).toBe(0); // ret
  });
  it('saves the type and sees a pad that is stored or taken away', () => {
    const setting = jumping([BRANCH['blr x1']], [PAD['bti c'], HVC]);
    expect(syndrome(setting)).toBe(0);
    setting.machine.writePhysical(TARGET, bytesOf([NOP]));
    setting.vcpu.pc = BigInt(CODE);
    expect(syndrome(setting)).toBe(branchTarget(2));
    expect(btype(setting.vcpu.getSysreg(SPSR_EL1)!)).toBe(2);
  });
  it('counts the branch and not the instruction that was refused', () => {
    const { vcpu } = jumping([BRANCH['br x1']], [NOP]);
    vcpu.run(1);
    expect(vcpu.run(1).kind).toBe('hvc');
    expect(vcpu.instructionCount).toBe(2);
  });
});
