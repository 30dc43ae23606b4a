import { describe, expect, it } from 'vitest';
import type { DebugRegisterFile } from '../../src/engine/hardware.ts';
import {
  CODE,
  DATA,
  enableMmu,
  HVC,
  machineWith,
  RAM_BASE,
  RAM_SIZE,
  SYSREG,
  bytesOf,
} from './machine-fixture.ts';

/** x1 = 1000 + 999 + ... + 1, in 2 + 3 * 1000 instructions; then a hypercall. */
const TRIANGLE = [
  0xd2807d00, // mov x0, #1000
  0xd2800001, // mov x1, #0
  0x8b000021, // add x1, x1, x0
  0xf1000400, // subs x0, x0, #1
  0x54ffffc1, // b.ne 8
  0xd40000e2, // hvc #7
];
const TRIANGLE_COUNT = 3002;
/** HVC is architecturally executed: it counts. */
const WITH_HVC = TRIANGLE_COUNT + 1;

describe('budgets', () => {
  it('runs to a hypercall and counts what retired', () => {
    const machine = machineWith(TRIANGLE);
    const vcpu = machine.vcpus[0]!;
    expect(vcpu.run(1_000_000)).toEqual({ kind: 'hvc', imm: 7 });
    expect(vcpu.getX(1)).toBe(500500n);
    expect(vcpu.pc).toBe(BigInt(CODE + 24));
    expect(vcpu.instructionCount).toBe(WITH_HVC);
    // NZCV of 1 - 1, and EL1h with DAIF masked.
    expect(vcpu.pstate).toBe(0x6000_03c5n);
  });

  it.each([1, 2, 3, 7, 37, 1013])('retires exactly %d at a time, with the same result', (stride) => {
    const machine = machineWith(TRIANGLE);
    const vcpu = machine.vcpus[0]!;
    let retired = 0;
    for (;;) {
      const before = vcpu.instructionCount;
      const stop = vcpu.run(stride);
      retired += vcpu.instructionCount - before;
      if (stop.kind !== 'budget') {
        expect(stop.kind).toBe('hvc');
        break;
      }
      expect(vcpu.instructionCount - before).toBe(stride);
    }
    expect(retired).toBe(WITH_HVC);
    expect(vcpu.getX(1)).toBe(500500n);
  });

  it('stops between any two instructions with the PC and flags of that point', () => {
    const machine = machineWith(TRIANGLE);
    const vcpu = machine.vcpus[0]!;
    const trace = Array.from({ length: 6 }, () => {
      vcpu.run(1);
      return [Number(vcpu.pc) - CODE, Number(vcpu.pstate >> 28n)];
    });
    // After subs of 1000 - 1 only C is set.
    expect(trace).toEqual([
      [4, 0],
      [8, 0],
      [12, 0],
      [16, 2],
      [8, 2],
      [12, 2],
    ]);
  });

  /** nop; svc #1; nop. The handler at EL1: add x0, x0, #1; eret. */
  function withCalls() {
    const machine = machineWith([0xd503201f, 0xd4000021, 0xd503201f, 0xd4000021, HVC]);
    const vcpu = machine.vcpus[0]!;
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
    machine.writePhysical(CODE + 0x800 + 0x200, bytesOf([0x91000400, 0xd69f03e0]));
    return vcpu;
  }
  it('count SVC once, and stop right behind it', () => {
    const vcpu = withCalls();
    expect(vcpu.run(2)).toEqual({ kind: 'budget' });
    expect([vcpu.pc, vcpu.instructionCount]).toEqual([BigInt(CODE + 0xa00), 2]);
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 8));
    expect(vcpu.run(1)).toEqual({ kind: 'budget' });
    expect(vcpu.pc).toBe(BigInt(CODE + 0xa04));
    expect(vcpu.run(1000)).toEqual({ kind: 'hvc', imm: 0 });
    // Two NOPs, two SVCs with two instructions each in the handler, and HVC.
    expect([vcpu.getX(0), vcpu.instructionCount]).toEqual([2n, 9]);
  });
  it.each([1, 2, 3, 4, 5, 8])('retire exactly %d where calls are in the stream', (stride) => {
    const vcpu = withCalls();
    for (let total = stride; total < 9; total += stride) {
      expect(vcpu.run(stride)).toEqual({ kind: 'budget' });
      expect(vcpu.instructionCount).toBe(total);
    }
    expect(vcpu.run(stride)).toEqual({ kind: 'hvc', imm: 0 });
    expect(vcpu.instructionCount).toBe(9);
  });
  it.each([
    ['brk #0', 0xd4200000],
    ['udf #0', 0],
    ['smc #0', 0xd4000003],
    ['ldr x0, [x1] from an address that faults', 0xf9400020],
  ])('do not count %s: it is not executed', (_, word) => {
    const machine = machineWith([word]);
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(1, 0xffff_0000_0000_0000n);
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
    machine.writePhysical(CODE + 0x800 + 0x200, bytesOf([0xd503201f, HVC]));
    expect(vcpu.run(1)).toEqual({ kind: 'budget' });
    expect([vcpu.pc, vcpu.instructionCount]).toEqual([BigInt(CODE + 0xa04), 1]);
  });

  it('gives up its turn when exceptions never let an instruction retire', () => {
    // UDF at the vector of its own exception: VBAR_EL1 + 0x200 is where the program starts.
    const machine = machineWith([0]);
    const vcpu = machine.vcpus[0]!;
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE));
    machine.writePhysical(CODE + 0x200, bytesOf([0]));
    expect(vcpu.run(10)).toEqual({ kind: 'exception-loop', attempts: 65_536 });
    expect(vcpu.instructionCount).toBe(0);
    expect(vcpu.pc).toBe(BigInt(CODE + 0x200));
  });

  it('returns early when asked to', () => {
    const machine = machineWith([0x14000000]); // b .
    machine.stopWord[0] = 1;
    expect(machine.vcpus[0]!.run(1 << 30)).toEqual({ kind: 'yield' });
    expect(machine.vcpus[0]!.instructionCount).toBeLessThan(1 << 22);
  });

  it('skips an instruction that the hypervisor emulated', () => {
    const vcpu = machineWith([HVC]).vcpus[0]!;
    vcpu.pstate = 0x20_0c05n;
    vcpu.skipInstruction();
    expect([vcpu.pc, vcpu.pstate, vcpu.instructionCount]).toEqual([BigInt(CODE + 4), 5n, 1]);
  });
});

describe('fetching', () => {
  it('crosses pages in a straight line and by branches', () => {
    const start = CODE + 4096 - 8;
    const machine = machineWith([]);
    // add x0, x0, #1 on both sides of the page boundary, a far branch back into the first page
    machine.writePhysical(start, bytesOf([0x91000400, 0x91000400, 0x91000400, 0x17fffc03]));
    machine.writePhysical(CODE + 16, bytesOf([HVC]));
    const vcpu = machine.vcpus[0]!;
    vcpu.pc = BigInt(start);
    expect(vcpu.run(100).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(3n);
    expect(vcpu.pc).toBe(BigInt(CODE + 20));
    expect(vcpu.instructionCount).toBe(5);
  });

  it('takes a PC alignment fault at the target of a branch, which has retired', () => {
    const machine = machineWith([0xd61f0020]); // br x1
    const vcpu = machine.vcpus[0]!;
    vcpu.setX(1, BigInt(CODE + 2));
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
    machine.writePhysical(CODE + 0x800 + 0x200, bytesOf([HVC]));
    expect(vcpu.run(1)).toEqual({ kind: 'budget' });
    expect(vcpu.pc).toBe(BigInt(CODE + 2));
    expect(vcpu.run(10).kind).toBe('hvc');
    expect(vcpu.getSysreg(SYSREG.ESR_EL1)! >> 26n).toBe(0x22n);
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 2));
  });

  it('stops at a fetch from where there is no memory', () => {
    const vcpu = machineWith([]).vcpus[0]!;
    vcpu.pc = 0x900_0000n;
    expect(vcpu.run(10)).toEqual({ kind: 'stage2-instruction', ipa: 0x900_0000, far: 0x900_0000n });
    expect(vcpu.pc).toBe(0x900_0000n);
  });

  it('stops at the end of RAM', () => {
    const machine = machineWith([]);
    machine.writePhysical(RAM_BASE + RAM_SIZE - 4, bytesOf([0xd503201f]));
    const vcpu = machine.vcpus[0]!;
    vcpu.pc = BigInt(RAM_BASE + RAM_SIZE - 4);
    expect(vcpu.run(10)).toMatchObject({ kind: 'stage2-instruction', ipa: RAM_BASE + RAM_SIZE });
    expect(vcpu.instructionCount).toBe(1);
  });
});

describe('code that changes', () => {
  /** Runs the instruction at offset 8 twice, storing w3 over it in between. */
  const PATCHING = [
    0x10000044, // adr x4, 8
    0x52800005, // mov w5, #0
    0xd2800020, // mov x0, #1
    0x8b0000c6, // add x6, x6, x0
    0xb9000083, // str w3, [x4]
    0x110004a5, // add w5, w5, #1
    0x710008bf, // cmp w5, #2
    0x54ffff61, // b.ne 8
    HVC,
  ];
  it('sees its own stores at once', () => {
    const vcpu = machineWith(PATCHING).vcpus[0]!;
    vcpu.setX(3, 0xd280_0040n); // mov x0, #2
    expect(vcpu.run(100).kind).toBe('hvc');
    expect(vcpu.getX(6)).toBe(3n);
  });
  it('sees a store over the very next instruction', () => {
    const program = [0x10000044, 0xb9000083, 0xd2800020, HVC]; // adr x4, 8; str w3, [x4]; mov x0, #1
    const vcpu = machineWith(program).vcpus[0]!;
    vcpu.setX(3, 0xd280_0040n);
    // Decode all of it first, then run it again.
    vcpu.run(1);
    vcpu.pc = BigInt(CODE + 8);
    vcpu.run(2);
    vcpu.pc = BigInt(CODE);
    vcpu.run(100);
    expect(vcpu.getX(0)).toBe(2n);
  });
  it('sees what the host writes', () => {
    const machine = machineWith(TRIANGLE);
    const vcpu = machine.vcpus[0]!;
    vcpu.run(20);
    machine.writePhysical(CODE + 8, bytesOf([0x8b000421])); // add x1, x1, x0, lsl #1
    vcpu.pc = BigInt(CODE);
    vcpu.run(1_000_000);
    expect(vcpu.getX(1)).toBe(1001000n);
  });
  it('sees stores through another virtual address', () => {
    const machine = machineWith(PATCHING);
    const vcpu = machine.vcpus[0]!;
    const alias = DATA + 0x4000;
    enableMmu(machine, vcpu, RAM_BASE, [
      { va: CODE, pa: CODE },
      { va: alias, pa: CODE },
    ]);
    vcpu.setX(3, 0xd280_0040n);
    vcpu.run(2);
    vcpu.setX(4, BigInt(alias + 8));
    expect(vcpu.run(100).kind).toBe('hvc');
    expect(vcpu.getX(6)).toBe(3n);
  });
});

describe('breakpoints', () => {
  const file = (): DebugRegisterFile => ({
    bcr: new BigUint64Array(16),
    bvr: new BigUint64Array(16),
    wcr: new BigUint64Array(16),
    wvr: new BigUint64Array(16),
  });
  const MDE = 1n << 15n;
  function armed(address: number) {
    const machine = machineWith(TRIANGLE);
    const vcpu = machine.vcpus[0]!;
    const registers = file();
    registers.bvr[0] = BigInt(address);
    registers.bcr[0] = 0x1e7n;
    vcpu.controls.tde = true;
    return { machine, vcpu, registers };
  }

  it('stop before the instruction, again at each pass, and only while armed', () => {
    const { vcpu, registers } = armed(CODE + 12);
    vcpu.loadDebug(registers, MDE);
    const first = vcpu.run(1000);
    expect(first).toMatchObject({ kind: 'debug', exception: { kind: 'breakpoint', esr: 0xc200_0022 } });
    expect([vcpu.pc, vcpu.getX(1), vcpu.instructionCount]).toEqual([BigInt(CODE + 12), 1000n, 3]);
    expect(vcpu.run(1000).kind).toBe('debug');
    expect(vcpu.instructionCount).toBe(3);
    vcpu.loadDebug(null, 0n);
    expect(vcpu.run(1)).toEqual({ kind: 'budget' });
    vcpu.loadDebug(registers, MDE);
    expect(vcpu.run(1000).kind).toBe('debug');
    expect([vcpu.pc, vcpu.instructionCount]).toEqual([BigInt(CODE + 12), 6]);
    vcpu.loadDebug(null, 0n);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(1)).toBe(500500n);
  });

  it('are found in code that was decoded before and in code that is decoded later', () => {
    const { vcpu, registers } = armed(CODE + 20);
    vcpu.run(100);
    vcpu.loadDebug(registers, MDE);
    expect(vcpu.run(1_000_000).kind).toBe('debug');
    expect(vcpu.instructionCount).toBe(TRIANGLE_COUNT);
  });

  it('do not fire when the match says no: the instruction runs', () => {
    const { vcpu, registers } = armed(CODE + 12);
    registers.bcr[0] = 0x1e5n; // EL0 only
    vcpu.loadDebug(registers, MDE);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect([vcpu.getX(1), vcpu.instructionCount]).toEqual([500500n, WITH_HVC]);
  });

  it('survive a store over their instruction', () => {
    const { machine, vcpu, registers } = armed(CODE + 12);
    vcpu.loadDebug(registers, MDE);
    vcpu.run(1000);
    machine.writePhysical(CODE + 12, bytesOf([0xf1000800])); // subs x0, x0, #2
    expect(vcpu.run(1000).kind).toBe('debug');
    vcpu.loadDebug(null, 0n);
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(1)).toBe(250500n); // 1000 + 998 + ... + 2
  });

  it('come after what the fetch itself causes and before UNDEFINED', () => {
    const { machine, vcpu, registers } = armed(CODE + 12);
    machine.writePhysical(CODE + 12, bytesOf([0]));
    vcpu.loadDebug(registers, MDE);
    expect(vcpu.run(1000)).toMatchObject({ kind: 'debug', exception: { kind: 'breakpoint' } });
  });

  it('match any instruction of a context', () => {
    const { vcpu, registers } = armed(0);
    registers.bcr[5] = (2n << 20n) | 0x1e7n; // unlinked context ID match, CONTEXTIDR_EL1 = 0
    registers.bcr[0] = 0n;
    vcpu.loadDebug(registers, MDE);
    expect(vcpu.run(1000)).toMatchObject({ kind: 'debug', exception: { causes: [{ slot: 5 }] } });
    expect(vcpu.instructionCount).toBe(0);
  });

  it('software step runs one instruction', () => {
    const vcpu = machineWith(TRIANGLE).vcpus[0]!;
    vcpu.controls.tde = true;
    vcpu.loadDebug(null, 1n);
    vcpu.pstate = 0x20_03c5n; // SS
    expect(vcpu.run(1000)).toMatchObject({
      kind: 'debug',
      exception: { kind: 'software-step', esr: 0xcb00_0022 },
    });
    expect([vcpu.pc, vcpu.instructionCount]).toEqual([BigInt(CODE + 4), 1]);
    // Entered pending: nothing was stepped.
    expect(vcpu.run(1000)).toMatchObject({ exception: { kind: 'software-step', esr: 0xca00_0022 } });
  });
  it('software step of a load-exclusive says so', () => {
    const vcpu = machineWith([0xc85f7c01, 0xd503201f]).vcpus[0]!; // ldxr x1, [x0]; nop
    vcpu.setX(0, BigInt(DATA));
    vcpu.controls.tde = true;
    vcpu.loadDebug(null, 1n);
    vcpu.pstate = 0x20_03c5n;
    expect(vcpu.run(1000)).toMatchObject({ exception: { esr: 0xcb00_0062 } });
    vcpu.pstate = 0x20_03c5n;
    expect(vcpu.run(1000)).toMatchObject({ exception: { esr: 0xcb00_0022 } });
  });
});

describe('interrupts', () => {
  it('are taken before the next instruction when unmasked', () => {
    const machine = machineWith(TRIANGLE);
    const vcpu = machine.vcpus[0]!;
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
    machine.writePhysical(CODE + 0x800 + 0x280, bytesOf([HVC]));
    vcpu.controls.irq = true;
    vcpu.run(2);
    expect(vcpu.pc).toBe(BigInt(CODE + 8));
    vcpu.pstate = 5n;
    expect(vcpu.run(10).kind).toBe('hvc');
    expect(vcpu.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 8));
    expect(vcpu.pc).toBe(BigInt(CODE + 0xa84));
  });
});
