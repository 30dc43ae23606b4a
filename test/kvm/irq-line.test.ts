/** KVM_IRQ_LINE, as kvm_vm_ioctl_irq_line (Linux arch/arm64/kvm/arm.c) takes its numbers. */
import { describe, expect, it } from 'vitest';
import type { Vm } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { CODE, errnoOf, get, set, WFI } from './guest.ts';

const [CPU, SPI, PPI] = [0, 1, 2];
const irq = (type: number, vcpu: number, number: number): number =>
  (((vcpu >> 8) << 28) | (type << 24) | ((vcpu & 0xff) << 16) | number) >>> 0;

function vmOf(gic: 2 | 3 | null, vcpus = 1): Vm {
  const vm = createVm({
    memory: { base: Number(CODE), size: 0x10_0000 },
    vcpus: Array.from({ length: vcpus }, () => ({ profile: profile('neoverse-n1'), features: [] })),
    debugResources: 'per-vcpu',
    ...(gic !== null && { board: { kind: 'virt', gic, entropySeed: 0n } }),
  });
  for (const vcpu of vm.vcpus) vcpu.init(['psci_0_2']);
  return vm;
}

/** Let vcpu 0 store to, or with `value` null load from, a device. */
function device(vm: Vm, address: number, value: number | null): number {
  const word = value === null ? 0xb940_0140 : 0xb900_0140; // ldr w0, [x10]; str w0, [x10]
  vm.hardware.writePhysical(Number(CODE), new Uint8Array(new Uint32Array([word]).buffer));
  set(vm.vcpus[0]!, { pc: CODE, x0: BigInt(value ?? 0), x10: BigInt(address) });
  expect(vm.vcpus[0]!.run(1)).toEqual({ kind: 'preempted' });
  return Number(get(vm.vcpus[0]!, 'x0'));
}
const GICD_ISPENDR = 0x0800_0200;
const GICR_ISPENDR = 0x080b_0200;
const REDISTRIBUTOR = 0x2_0000;

describe('KVM_IRQ_LINE', () => {
  it('drives an SPI of either GIC', () => {
    for (const gic of [2, 3] as const) {
      const vm = vmOf(gic);
      const pending = (): number => device(vm, GICD_ISPENDR + 12, null) & (1 << 16); // INTID 112
      expect(pending()).toBe(0);
      vm.irqLine(irq(SPI, 0, 112), true);
      expect(pending()).toBe(1 << 16);
      vm.irqLine(irq(SPI, 0, 112), false);
      expect(pending()).toBe(0);
    }
  });

  it('drives a PPI of one vcpu', () => {
    const vm = vmOf(3, 2);
    vm.irqLine(irq(PPI, 1, 20), true);
    expect(device(vm, GICR_ISPENDR, null)).toBe(0);
    expect(device(vm, GICR_ISPENDR + REDISTRIBUTOR, null)).toBe(1 << 20);
  });

  it("leaves the timers' PPIs to them", () => {
    const vm = vmOf(3);
    for (const number of [27, 30]) vm.irqLine(irq(PPI, 0, number), true);
    expect(device(vm, GICR_ISPENDR, null)).toBe(0);
  });

  it('ends a wait in WFI', () => {
    const vm = vmOf(3);
    // GICD_CTLR, GICR_IGROUPR0 to GICR_ISENABLER0: all of group 1 and PPI 20 enabled; ICC_PMR_EL1, ICC_IGRPEN1_EL1.
    device(vm, 0x0800_0000, 2);
    device(vm, 0x080b_0080, 0xffff_ffff);
    device(vm, 0x080b_0100, 1 << 20);
    const words = [0xd5184600, 0xd518cce1, WFI, WFI]; // msr icc_pmr_el1, x0; msr icc_igrpen1_el1, x1
    vm.hardware.writePhysical(Number(CODE), new Uint8Array(new Uint32Array(words).buffer));
    set(vm.vcpus[0]!, { pc: CODE, x0: 0xffn, x1: 1n });
    expect(vm.vcpus[0]!.run(10)).toEqual({ kind: 'blocked' });
    expect(vm.vcpus[0]!.run(10)).toEqual({ kind: 'blocked' });
    vm.irqLine(irq(PPI, 0, 20), true);
    // The next WFI finds the interrupt pending and is no wait.
    expect(vm.vcpus[0]!.run(1)).toEqual({ kind: 'preempted' });
    expect(get(vm.vcpus[0]!, 'pc')).toBe(CODE + 16n);
  });

  it('drives IRQ and FIQ of a vcpu without a controller', () => {
    const vm = vmOf(null, 2);
    vm.irqLine(irq(CPU, 1, 0), true);
    expect(vm.hardware.vcpus.map(({ controls }) => [controls.irq, controls.fiq])).toEqual([
      [false, false],
      [true, false],
    ]);
    vm.irqLine(irq(CPU, 1, 0), false);
    vm.irqLine(irq(CPU, 0, 1), true);
    expect(vm.hardware.vcpus.map(({ controls }) => [controls.irq, controls.fiq])).toEqual([
      [false, true],
      [false, false],
    ]);
  });

  it.each([
    ['CPU type with a controller', 3, irq(CPU, 0, 0), 'ENXIO'],
    ['SPI without a controller', null, irq(SPI, 0, 32), 'ENXIO'],
    ['PPI without a controller', null, irq(PPI, 0, 16), 'ENXIO'],
    ['PPI without a controller, of no vcpu', null, irq(PPI, 9, 16), 'ENXIO'],
    ['CPU line 2', null, irq(CPU, 0, 2), 'EINVAL'],
    ['no such vcpu', null, irq(CPU, 1, 0), 'EINVAL'],
    ['no such vcpu, by the higher bits', null, irq(CPU, 256, 0), 'EINVAL'],
    ['PPI of no such vcpu', 3, irq(PPI, 1, 16), 'EINVAL'],
    ['an SGI as PPI', 3, irq(PPI, 0, 15), 'EINVAL'],
    ['an SPI as PPI', 3, irq(PPI, 0, 32), 'EINVAL'],
    ['a PPI as SPI', 2, irq(SPI, 0, 31), 'EINVAL'],
    ['an SPI that the controller does not have', 2, irq(SPI, 0, 288), 'EINVAL'],
    ['type 3', 3, irq(3, 0, 32), 'EINVAL'],
  ] as const)('refuses %s', (_, gic, number, errno) => {
    expect(errnoOf(() => vmOf(gic).irqLine(number, true))).toBe(errno);
  });
});
