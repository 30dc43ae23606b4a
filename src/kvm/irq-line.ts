/** KVM_IRQ_LINE with the number as struct kvm_irq_level has it. Source: Linux arch/arm64/kvm/arm.c, kvm_vm_ioctl_irq_line. */
import type { MachineDevices } from '../engine/hardware.ts';
import type { Vcpu } from './contract.ts';
import { KvmError } from './errors.ts';

/** KVM_ARM_IRQ_TYPE_*. */
const TYPE = { CPU: 0, SPI: 1, PPI: 2 } as const;
const CPU_FIQ = 1;
const FIRST_PPI = 16;
const FIRST_SPI = 32;
/** Outputs of the virtual and the physical timer: theirs to drive, the ioctl has no effect. */
const TIMER_PPIS: ReadonlySet<number> = new Set([27, 30]);

/** Bits 31:28 and 23:16 are the vcpu, 27:24 the type, 15:0 the number: an INTID, or 0 for IRQ and 1 for FIQ. */
export function irqLine(
  vcpus: readonly Vcpu[],
  devices: MachineDevices | null,
  irq: number,
  level: boolean,
): void {
  const type = (irq >>> 24) & 0xf;
  const vcpu = ((irq >>> 28) << 8) | ((irq >>> 16) & 0xff);
  const number = irq & 0xffff;
  switch (type) {
    case TYPE.CPU: {
      if (devices !== null)
        throw new KvmError(
          'ENXIO',
          'the interrupt controller of this VM drives IRQ and FIQ: use an SPI or a PPI',
        );
      const target = vcpuOf(vcpus, vcpu);
      if (number > CPU_FIQ) throw new KvmError('EINVAL', `CPU line ${number}: 0 is IRQ, 1 is FIQ`);
      target.irqLine(number === CPU_FIQ ? 'fiq' : 'irq', level);
      return;
    }
    case TYPE.PPI: {
      const controller = withController(devices);
      const { index } = vcpuOf(vcpus, vcpu);
      if (number < FIRST_PPI || number >= FIRST_SPI)
        throw new KvmError('EINVAL', `${number} is no PPI: they are ${FIRST_PPI} to ${FIRST_SPI - 1}`);
      if (!TIMER_PPIS.has(number)) controller.setPpi(index, number, level);
      return;
    }
    case TYPE.SPI: {
      const controller = withController(devices);
      const { interrupts } = controller;
      if (number < FIRST_SPI || number >= interrupts)
        throw new KvmError('EINVAL', `${number} is no SPI: they are ${FIRST_SPI} to ${interrupts - 1}`);
      controller.setSpi(number, level);
      return;
    }
    default:
      throw new KvmError('EINVAL', `interrupt type ${type}: 0 is CPU, 1 is SPI, 2 is PPI`);
  }
}

function withController(devices: MachineDevices | null): MachineDevices {
  if (devices !== null) return devices;
  throw new KvmError(
    'ENXIO',
    'this VM has no interrupt controller: create it with a board, or use the CPU type',
  );
}

function vcpuOf(vcpus: readonly Vcpu[], index: number): Vcpu {
  const vcpu = vcpus[index];
  if (vcpu === undefined) throw new KvmError('EINVAL', `the VM has no vcpu ${index}`);
  return vcpu;
}
