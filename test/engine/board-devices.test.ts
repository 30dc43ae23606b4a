/** A machine with a virt board: devices on the bus, interrupts at the exact instruction, time while everybody waits. */
import { describe, expect, it } from 'vitest';
import { sysregKey } from '../../src/abi/arm/sysreg-key.ts';
import type { MachineHardware, Tier } from '../../src/engine/hardware.ts';
import { createMachine } from '../../src/engine/machine.ts';
import { bytesOf, CODE, MODEL, machineWith, RAM_BASE, RAM_SIZE, SYSREG } from './machine-fixture.ts';

const SPSR_EL1 = sysregKey(3, 0, 4, 0, 0);
const UART = 0x0900_0000n;
const GICD = 0x0800_0000n;
const GICR_SGI = 0x080b_0000n;
/** IRQ from the current EL with SP_ELx. */
const VECTORS = CODE + 0x1000;
const IRQ_VECTOR = VECTORS + 0x280;

// Words as GNU as has them.
const MSR_CNTV_CVAL_X0 = 0xd51be340;
const MSR_CNTV_CTL_X1 = 0xd51be321;
const DAIFCLR_I = 0xd50342ff;
const ADD_X2_1 = 0x91000442;
const B_BACK_1 = 0x17ffffff;
const MRS_X3_IAR1 = 0xd538cc03;
const MSR_PMR_X0 = 0xd5184600;
const MSR_IGRPEN1_X1 = 0xd518cce1;
const STR_W1_X10 = 0xb9000141;
const LDR_W4_X10_24 = 0xb9401944;
const STRB_W1_X10 = 0x39000141;
const LDP_W4_W5_X10_24 = 0x29431544;
const WFI = 0xd503207f;
const MRS_X5_CNTVCT = 0xd53be045;
const NOP = 0xd503201f;

function board(words: readonly number[], gic: 2 | 3 = 3, vcpus = 1, tier: Tier = 'auto'): MachineHardware {
  const machine = createMachine({
    ramBase: RAM_BASE,
    ramSize: RAM_SIZE,
    tier,
    models: Array.from({ length: vcpus }, () => MODEL),
    devices: {
      gic,
      mpidrs: Array.from({ length: vcpus }, (_, n) => BigInt(n)),
      console: { output: 64, input: 64 },
      epoch: 0,
      disks: [],
    },
  });
  machine.writePhysical(CODE, bytesOf(words));
  for (const vcpu of machine.vcpus) {
    vcpu.pc = BigInt(CODE);
    vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(VECTORS));
    vcpu.setX(10, UART);
  }
  return machine;
}

/** Let vcpu 0 execute a store of `value` to a device. */
function poke(machine: MachineHardware, address: bigint, value: bigint): void {
  const [vcpu] = machine.vcpus;
  const saved = [vcpu!.pc, vcpu!.getX(1), vcpu!.getX(10)] as const;
  machine.writePhysical(CODE + 0x8000, bytesOf([STR_W1_X10]));
  vcpu!.pc = BigInt(CODE + 0x8000);
  vcpu!.setX(1, value);
  vcpu!.setX(10, address);
  expect(vcpu!.run(1).kind).toBe('budget');
  vcpu!.pc = saved[0];
  vcpu!.setX(1, saved[1]);
  vcpu!.setX(10, saved[2]);
}

/** The virtual timer's interrupt and the console's reach vcpu 0; the CPU interface is open. */
function openGic(machine: MachineHardware): void {
  poke(machine, GICD, 2n);
  poke(machine, GICR_SGI + 0x80n, 0xffff_ffffn);
  poke(machine, GICR_SGI + 0x100n, 1n << 27n);
  poke(machine, GICD + 0x84n, 0xffff_ffffn);
  poke(machine, GICD + 0x104n, 2n);
  const [vcpu] = machine.vcpus;
  machine.writePhysical(CODE + 0x8000, bytesOf([MSR_PMR_X0, MSR_IGRPEN1_X1]));
  vcpu!.pc = BigInt(CODE + 0x8000);
  vcpu!.setX(0, 0xffn);
  vcpu!.setX(1, 1n);
  vcpu!.run(2);
  vcpu!.pc = BigInt(CODE);
}

const LOOP = [MSR_CNTV_CVAL_X0, MSR_CNTV_CTL_X1, DAIFCLR_I, ADD_X2_1, B_BACK_1];

describe('a virt board', () => {
  it.each(['interpreter', 'jit'] as const)(
    'takes the timer interrupt after the instruction that makes the count reach CVAL, in tier %s',
    (tier) => {
      for (const ahead of [20, 21, 1000, 100_001]) {
        const machine = board(LOOP, 3, 1, tier);
        openGic(machine);
        const [vcpu] = machine.vcpus;
        const due = machine.vcpus[0]!.ticks + ahead;
        vcpu!.setX(0, BigInt(due));
        vcpu!.setX(1, 1n);
        machine.writePhysical(IRQ_VECTOR, bytesOf([MRS_X5_CNTVCT, MRS_X3_IAR1, WFI, WFI]));
        vcpu!.controls.twi = true;
        expect(vcpu!.run(150_000)).toEqual({ kind: 'wfi' });
        expect(vcpu!.getX(5)).toBe(BigInt(due));
        expect(vcpu!.getX(3)).toBe(27n);
        // Three instructions before the loop of two.
        const inLoop = ahead - 3;
        expect(vcpu!.getX(2)).toBe(BigInt(Math.ceil(inLoop / 2)));
        expect(vcpu!.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 12 + (inLoop % 2) * 4));
      }
    },
  );

  it('has the console output of a store in the middle of a run, each byte once', () => {
    const machine = board([STRB_W1_X10, STRB_W1_X10, NOP, LDR_W4_X10_24, NOP]);
    machine.vcpus[0]!.setX(1, 0x41n);
    expect(machine.vcpus[0]!.run(5).kind).toBe('budget');
    expect(machine.vcpus[0]!.instructionCount).toBe(5);
    expect([...machine.devices!.drainConsole().bytes]).toEqual([0x41, 0x41]);
    // UARTFR: transmit FIFO empty, receive FIFO empty.
    expect(machine.vcpus[0]!.getX(4)).toBe(0x90n);
  });

  it('answers a pair register by register', () => {
    const machine = board([LDP_W4_W5_X10_24, NOP]);
    expect(machine.vcpus[0]!.run(1).kind).toBe('budget');
    expect(machine.vcpus[0]!.getX(4)).toBe(0x90n);
    expect(machine.vcpus[0]!.getX(5)).toBe(0n);
  });

  it('interrupts right after the store that raises the line', () => {
    // UARTIMSC at 0x38 unmasks a transmit interrupt that is raw already.
    const machine = board([STRB_W1_X10, 0xb9003941, ADD_X2_1, ADD_X2_1]);
    openGic(machine);
    const [vcpu] = machine.vcpus;
    vcpu!.setX(1, 0x20n);
    vcpu!.setX(2, 0n);
    vcpu!.pstate = 0x5n;
    machine.writePhysical(IRQ_VECTOR, bytesOf([MRS_X3_IAR1]));
    vcpu!.run(3);
    expect(vcpu!.getX(3)).toBe(33n);
    expect(vcpu!.getX(2)).toBe(0n);
    expect(vcpu!.getSysreg(SYSREG.ELR_EL1)).toBe(BigInt(CODE + 8));
    expect(vcpu!.getSysreg(SPSR_EL1)).toBe(0x5n);
  });

  it('lets time jump to the deadline while everybody waits, and counts no instructions for it', () => {
    const machine = board([MSR_CNTV_CVAL_X0, MSR_CNTV_CTL_X1, WFI, MRS_X5_CNTVCT]);
    openGic(machine);
    const [vcpu] = machine.vcpus;
    vcpu!.controls.twi = true;
    vcpu!.setX(0, 1_000_000n);
    vcpu!.setX(1, 1n);
    expect(vcpu!.run(100)).toEqual({ kind: 'wfi' });
    const before = vcpu!.instructionCount;
    expect(vcpu!.interruptPending()).toBe(false);
    expect(machine.devices!.skipToDeadline()).toBe(true);
    expect([vcpu!.ticks, vcpu!.instructionCount]).toEqual([1_000_000, before]);
    expect(vcpu!.interruptPending()).toBe(true);
    expect(machine.devices!.skipToDeadline()).toBe(false);
    vcpu!.run(1);
    expect(vcpu!.getX(5)).toBe(1_000_000n);
  });

  it('sends an SGI from one vcpu to another', () => {
    const machine = board([0xd518cba0, NOP], 3, 2);
    poke(machine, GICD, 2n);
    poke(machine, GICR_SGI + 0x2_0000n + 0x80n, 0xffff_ffffn);
    poke(machine, GICR_SGI + 0x2_0000n + 0x100n, 0xffffn);
    const [first, second] = machine.vcpus;
    machine.writePhysical(CODE + 0x9000, bytesOf([MSR_PMR_X0, MSR_IGRPEN1_X1, NOP]));
    second!.pc = BigInt(CODE + 0x9000);
    second!.setX(0, 0xffn);
    second!.setX(1, 1n);
    second!.run(2);
    expect(second!.interruptPending()).toBe(false);
    // ICC_SGI1R_EL1: INTID 4 to the target list 0b10.
    first!.setX(0, (4n << 24n) | 2n);
    first!.run(1);
    expect([first!.interruptPending(), second!.interruptPending()]).toEqual([false, true]);
  });

  it('has no ICC registers with a GICv2, and none without a board', () => {
    for (const machine of [board([MRS_X3_IAR1], 2), machineWith([MRS_X3_IAR1])]) {
      machine.vcpus[0]!.setSysreg(SYSREG.VBAR_EL1, BigInt(VECTORS));
      machine.vcpus[0]!.run(1);
      expect(machine.vcpus[0]!.getSysreg(SYSREG.ESR_EL1)).toBe(0x0200_0000n);
    }
  });

  it('leaves addresses without a device to the hypervisor', () => {
    const machine = board([STR_W1_X10]);
    machine.vcpus[0]!.setX(10, 0x0c00_0000n);
    expect(machine.vcpus[0]!.run(1)).toMatchObject({ kind: 'stage2-data', ipa: 0x0c00_0000 });
  });
});
