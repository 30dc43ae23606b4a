/** FEAT_BTI in hot code: typed branches inside regions. Expected values: Arm ARM, PSTATE.BTYPE; words are GNU as output. */
import { describe, expect, it } from 'vitest';
import type { MachineHardware, Tier, VcpuHardware } from '../../../src/engine/hardware.ts';
import {
  bytesOf,
  CODE,
  enableMmu,
  HVC,
  machineWith,
  modelWith,
  RAM_BASE,
  readWord64,
  SYSREG,
  TABLES,
  writeWord64,
} from '../machine-fixture.ts';

const BTI_C = 0xd503245f;
const BTI_J = 0xd503249f;
const NOP = 0xd503201f;
const RET = 0xd65f03c0;
const B_NEXT_PAD = 0x14000000;
const TARGETS = CODE + 0x1000;
const HANDLER = CODE + 0x3000;
const ROUNDS = 2000;
const MODEL = modelWith('FEAT_BTI');
const btype = (pstate: bigint): number => Number((pstate >> 10n) & 3n);

/**
 * X0 counts rounds, X1 calls, X2 jumps; X3 is the page of targets: a function at 0, and pads for jumps 16 bytes apart from 64
 * on, which X0's low bits choose from.
 */
const LOOP = [
  0xd63f0060, // 0: blr x3
  0x92400804, //    and x4, x0, #7
  0x8b041064, //    add x4, x3, x4, lsl #4
  0x91010084, //    add x4, x4, #64
  0x10000065, //    adr x5, 1f
  0xd61f0080, //    br x4
  NOP,
  0xf1000400, // 1: subs x0, x0, #1
  0x54ffff01, //    b.ne 0b
  HVC,
];
/** bti c; add x1, x1, #1; ret, then eight of: bti j; add x2, x2, #1; br x5 by way of ret x5. */
function targets(call: number, jump: number): Uint8Array {
  const pad = [jump, 0x91000442, 0xd65f00a0, NOP];
  const head = [call, 0x91000421, RET, ...Array<number>(13).fill(NOP)];
  return bytesOf([...head, ...Array.from({ length: 8 }, () => pad).flat()]);
}

function start(tier: Tier, { call = BTI_C, jump = BTI_J, guarded = true } = {}) {
  const machine = machineWith(LOOP, 1, MODEL, tier);
  const vcpu = machine.vcpus[0]!;
  machine.writePhysical(TARGETS, targets(call, jump));
  machine.writePhysical(HANDLER + 0x200, bytesOf([HVC, B_NEXT_PAD]));
  enableMmu(machine, vcpu, RAM_BASE, [
    { va: CODE, pa: CODE, guarded: true },
    { va: TARGETS, pa: TARGETS, guarded },
    { va: HANDLER, pa: HANDLER },
  ]);
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(HANDLER));
  begin(vcpu);
  return { machine, vcpu };
}
function begin(vcpu: VcpuHardware): void {
  vcpu.pc = BigInt(CODE);
  vcpu.pstate = 0x3c5n;
  for (const register of [1, 2]) vcpu.setX(register, 0n);
  vcpu.setX(0, BigInt(ROUNDS));
  vcpu.setX(3, BigInt(TARGETS));
}
/** Run the function once, and then the loop with a handler that goes on behind what is refused, and counts in X8. */
function runFromFunction(machine: MachineHardware, vcpu: VcpuHardware): void {
  // adr x30, 0b; b to the function, which has run then
  machine.writePhysical(CODE + 40, bytesOf([0x10fffede, 0x140003f5]));
  // msr elr_el1, x30; mrs x7, spsr_el1; and x7, x7, #~0xc00; msr spsr_el1, x7; add x8, x8, #1; eret
  const handler = [0xd518403e, 0xd5384007, 0x9274f4e7, 0xd5184007, 0x91000508, 0xd69f03e0];
  machine.writePhysical(HANDLER + 0x200, bytesOf(handler));
  vcpu.pc = BigInt(CODE + 40);
  vcpu.setX(8, 0n);
  expect(vcpu.run(10_000_000).kind).toBe('hvc');
}
const counts = (vcpu: VcpuHardware) => [1, 2].map((register) => Number(vcpu.getX(register)));
function guard(machine: MachineHardware, page: number): void {
  const entry = TABLES + 0x2000 + (page - RAM_BASE) / 512;
  writeWord64(machine, entry, readWord64(machine, entry) | (1n << 50n));
}

describe.each(['interpreter', 'jit'] as const)('typed branches in tier %s', (tier) => {
  it.each([
    { name: 'guarded, with pads', setting: {} },
    { name: 'not guarded, without pads', setting: { call: NOP, jump: NOP, guarded: false } },
  ])('go on: $name', ({ setting }) => {
    const { vcpu } = start(tier, setting);
    expect(vcpu.run(10_000_000).kind).toBe('hvc');
    expect([vcpu.pc, ...counts(vcpu)]).toEqual([BigInt(CODE + 40), ROUNDS, ROUNDS]);
    expect(vcpu.instructionCount).toBe(14 * ROUNDS + 1);
  });
  it.each([
    { name: 'a call to a pad for jumps', setting: { call: BTI_J }, type: 2, at: TARGETS },
    { name: 'a jump to a pad for calls', setting: { jump: BTI_C }, type: 3, at: TARGETS + 64 },
  ])('are refused: $name', ({ setting, type, at }) => {
    const { vcpu } = start(tier, setting);
    expect(vcpu.run(10_000_000).kind).toBe('hvc');
    expect(vcpu.pc).toBe(BigInt(HANDLER + 0x204));
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(at));
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(BigInt(0x3600_0000 + type));
  });
  it.each([
    { name: 'when another guest with this code may take them', before: [false] },
    { name: 'whatever is known of where they go', before: [] },
  ])('are refused again and again, $name', ({ before }) => {
    for (const guarded of before) {
      const other = start(tier, { call: BTI_J, guarded });
      runFromFunction(other.machine, other.vcpu);
      expect([...counts(other.vcpu), Number(other.vcpu.getX(8))]).toEqual([ROUNDS + 1, ROUNDS, 0]);
    }
    const { machine, vcpu } = start(tier, { call: BTI_J });
    runFromFunction(machine, vcpu);
    expect([...counts(vcpu), Number(vcpu.getX(8))]).toEqual([1, ROUNDS, ROUNDS]);
  });
  it('are refused from when the page is guarded', () => {
    const { machine, vcpu } = start(tier, { call: NOP, jump: NOP, guarded: false });
    expect(vcpu.run(10_000_000).kind).toBe('hvc');
    guard(machine, TARGETS);
    // tlbi vmalle1; adr x30, 0b; b to the RET of the function, so that the page has been executed from since.
    machine.writePhysical(CODE + 40, bytesOf([0xd508871f, 0x10fffebe, 0x140003f6]));
    begin(vcpu);
    vcpu.pc = BigInt(CODE + 40);
    expect(vcpu.run(10_000_000).kind).toBe('hvc');
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(TARGETS));
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)).toBe(0x3600_0002n);
    expect(counts(vcpu)).toEqual([0, 0]);
  });
  it('leave the type standing for one instruction, wherever the run is cut', () => {
    const { vcpu } = start(tier);
    vcpu.setX(0, 1_000_000n);
    const types = new Map<bigint, number>([
      [BigInt(TARGETS), 2],
      ...Array.from({ length: 8 }, (_, n) => [BigInt(TARGETS + 64 + 16 * n), 3] as const),
    ]);
    let seen = 0;
    for (let n = 0; n < 3000; n++) {
      if (vcpu.run(289).kind !== 'budget') break;
      expect(btype(vcpu.pstate)).toBe(types.get(vcpu.pc) ?? 0);
      if (types.has(vcpu.pc)) seen++;
    }
    expect(seen).toBeGreaterThan(200);
  });
});
