/** VMs with a virt board: what KVM_CREATE_IRQCHIP changes, waiting, and the same run twice. */
import { describe, expect, it } from 'vitest';
import type { Vm } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { KVM_CAP } from '../../src/abi/kvm/capabilities.ts';
import { CODE, debug, exit, get, HVC_0, hsr, STP_X0_X1_X28, set, watchpoint, WFI } from './guest.ts';
import { KVM_GUESTDBG } from '../../src/abi/kvm/guest-debug.ts';

// Words as GNU as has them.
const MSR_CNTV_CVAL_X5 = 0xd51be345;
const MSR_CNTV_CTL_X6 = 0xd51be326;
const MRS_X7_CNTVCT = 0xd53be047;
const STRB_W4_X28 = 0x39000384;
const ADD_X4_1 = 0x91000484;
const B_BACK_2 = 0x17fffffe;
const CPU_ON = 0xc400_0003n;
const UART = 0x0900_0000n;
/** ARM64_SYS_REG(3, 3, 14, 3, 2): Linux arch/arm64/include/uapi/asm/kvm.h. */
const KVM_REG_ARM_TIMER_CNT = 0x6030_0000_0013_df1an;

interface Options {
  readonly gic?: 2 | 3;
  readonly vcpus?: number;
  readonly firmware?: boolean;
}

function board(words: readonly number[], { gic = 3, vcpus = 1, firmware = false }: Options = {}): Vm {
  const host = profile('neoverse-n1');
  const vm = createVm({
    memory: { base: Number(CODE), size: 0x40_0000 },
    vcpus: Array.from({ length: vcpus }, () => ({ profile: host, features: [] })),
    debugResources: 'lowest-common-denominator',
    board: { kind: 'virt', gic, entropySeed: 0n, firmware },
  });
  vm.hardware.writePhysical(Number(CODE), new Uint8Array(new Uint32Array(words).buffer));
  for (const vcpu of vm.vcpus) {
    vcpu.init(vcpu.index === 0 ? ['psci_0_2'] : ['psci_0_2', 'power_off']);
    set(vcpu, { pc: CODE, x28: UART });
  }
  return vm;
}

const SPARE = CODE + 0x8000n;
/** Let vcpu 0 execute one instruction with X0 and X10. */
function execute(vm: Vm, word: number, x0: number, address: number): number {
  vm.hardware.writePhysical(Number(SPARE), new Uint8Array(new Uint32Array([word]).buffer));
  set(vm.vcpus[0]!, { pc: SPARE, x0: BigInt(x0), x10: BigInt(address) });
  expect(vm.vcpus[0]!.run(1)).toEqual({ kind: 'preempted' });
  return Number(get(vm.vcpus[0]!, 'x0'));
}
const store = (vm: Vm, address: number, value: number): void => void execute(vm, 0xb900_0140, value, address);
const load = (vm: Vm, address: number): number => execute(vm, 0xb940_0140, 0, address);

describe('flash', () => {
  const flash = (): Vm => {
    const vm = board([STP_X0_X1_X28, ADD_X4_1], { firmware: true });
    set(vm.vcpus[0]!, { x28: 0x1000n });
    return vm;
  };

  it('is not changed by a store without a syndrome: ENOSYS, or a permission fault that writes to user space', () => {
    const refused = flash().vcpus[0]!.run(10);
    expect(refused).toMatchObject({ kind: 'error', errno: 'ENOSYS' });
    const vm = flash();
    vm.enableCap(KVM_CAP.KVM_CAP_ARM_NISV_TO_USER);
    // DFSC 0xf: permission fault, level 3; WnR.
    expect(exit(vm.vcpus[0]!)).toEqual({
      reason: 'KVM_EXIT_ARM_NISV',
      armNisv: { esrIss: 0x4fn, faultIpa: 0x1000n },
    });
    expect(vm.hardware.readPhysical(0x1000, 16)).toEqual(new Uint8Array(16));
  });

  it('is not changed by a device', () => {
    const vm = flash();
    expect(vm.hardware.rom).toMatchObject({ base: 0, size: 0x800_0000 });
    // virtio-rng alone: transport 0. Driver accepts VERSION_1, one queue of one descriptor that points to flash.
    const poke = (offset: number, value: number): void => store(vm, 0x0a00_0000 + offset, value);
    const ram = Number(CODE) + 0x10_0000;
    const view = new DataView(new ArrayBuffer(16));
    view.setBigUint64(0, 0x1000n, true);
    view.setUint32(8, 8, true);
    view.setUint16(12, 2, true); // VIRTQ_DESC_F_WRITE
    vm.hardware.writePhysical(ram, new Uint8Array(view.buffer));
    vm.hardware.writePhysical(ram + 0x1000, Uint8Array.of(0, 0, 1, 0, 0, 0));
    for (const [offset, value] of [
      [0x70, 1],
      [0x70, 3],
      [0x24, 1],
      [0x20, 1],
      [0x70, 0xb],
      [0x30, 0],
      [0x38, 1],
      [0x80, ram],
      [0x90, ram + 0x1000],
      [0xa0, ram + 0x2000],
      [0x44, 1],
      [0x70, 0xf],
      [0x50, 0],
    ] as const)
      poke(offset, value);
    expect(vm.hardware.readPhysical(0x1000, 8)).toEqual(new Uint8Array(8));
    // Status: DEVICE_NEEDS_RESET.
    expect(load(vm, 0x0a00_0070) & 0x40).toBe(0x40);
  });
});

describe('a VM with an interrupt controller', () => {
  it('takes no KVM_IRQ_LINE of the CPU type: ENXIO', () => {
    expect(() => board([WFI]).vcpus[0]!.irqLine('irq', true)).toThrow(
      expect.objectContaining({ errno: 'ENXIO' }),
    );
  });

  it('shows system registers of the GIC in ID_AA64PFR0_EL1 when it has them', () => {
    const field = (gic: 2 | 3) => (get(board([WFI], { gic }).vcpus[0]!, 'id_aa64pfr0_el1') >> 24n) & 0xfn;
    expect([field(2), field(3)]).toEqual([0n, 1n]);
  });

  it('blocks in WFI until a timer: time jumps there, and instructions are counted as retired', () => {
    const vm = board([MSR_CNTV_CVAL_X5, MSR_CNTV_CTL_X6, WFI, MRS_X7_CNTVCT, WFI]);
    const vcpu = vm.vcpus[0]!;
    set(vcpu, { x5: 5_000_000n, x6: 1n });
    expect(vcpu.run(100)).toEqual({ kind: 'blocked' });
    expect(vm.hardware.devices!.skipToDeadline()).toBe(true);
    expect([vcpu.instructionCount, vm.hardware.vcpus[0]!.ticks]).toEqual([3, 5_000_000]);
    expect(vcpu.getOneReg(KVM_REG_ARM_TIMER_CNT)).toBe(5_000_000n);
  });

  it.each([
    ['LDXR', 0x885f_7f81],
    ['LDAXP', 0xc87f_8b81],
    ['LDADD', 0xb821_0382],
  ])('has no device that takes %s: ENOSYS, or KVM_EXIT_ARM_NISV, also when it is stepped', (_name, word) => {
    // io_mem_abort (Linux arch/arm64/kvm/mmio.c): the syndrome of exclusives and atomics is not valid.
    for (const nisv of [false, true]) {
      for (const budget of [1, 100]) {
        const vm = board([word]);
        if (nisv) vm.enableCap(KVM_CAP.KVM_CAP_ARM_NISV_TO_USER);
        set(vm.vcpus[0]!, { x28: UART + 0x20n });
        const result = vm.vcpus[0]!.run(budget);
        if (nisv) expect(result).toMatchObject({ exit: { reason: 'KVM_EXIT_ARM_NISV' } });
        else expect(result).toMatchObject({ kind: 'error', errno: 'ENOSYS' });
        expect(get(vm.vcpus[0]!, 'pc')).toBe(CODE);
      }
    }
  });

  it('steps over a device access as over any instruction: one exit, one effect', () => {
    const vm = board([STRB_W4_X28, ADD_X4_1, STRB_W4_X28]);
    const vcpu = vm.vcpus[0]!;
    set(vcpu, { x4: 0x41n });
    vcpu.setGuestDebug(debug(KVM_GUESTDBG.KVM_GUESTDBG_ENABLE | KVM_GUESTDBG.KVM_GUESTDBG_SINGLESTEP));
    const steps = [1, 2, 3].map((n) => {
      // Software step from a lower Exception level. Not ISV after an access: the hypervisor has stepped over it.
      expect(hsr(vcpu)).toBe(n === 2 ? 0xcb00_0022 : 0xca00_0022);
      return [n, get(vcpu, 'pc') - CODE, [...vm.hardware.devices!.drainConsole().bytes]];
    });
    expect(steps).toEqual([
      [1, 4n, [0x41]],
      [2, 8n, []],
      [3, 12n, [0x42]],
    ]);
  });

  it('reports a watchpoint on a device register before the access', () => {
    const vm = board([STRB_W4_X28]);
    const vcpu = vm.vcpus[0]!;
    // DBGWCR: enabled, EL1 and EL0, stores, the byte at offset 0.
    vcpu.setGuestDebug(watchpoint(UART, 0x37n));
    expect(exit(vcpu)).toMatchObject({ reason: 'KVM_EXIT_DEBUG', debug: { far: UART } });
    expect(get(vcpu, 'pc')).toBe(CODE);
    expect(vm.hardware.devices!.drainConsole().bytes).toHaveLength(0);
  });

  it('runs the same twice, with a vcpu that CPU_ON started', () => {
    const run = (): readonly unknown[] => {
      // Vcpu 0 starts vcpu 1 at its own loop; both send what they count.
      const vm = board([HVC_0, STRB_W4_X28, ADD_X4_1, B_BACK_2], { vcpus: 2 });
      const [first, second] = vm.vcpus;
      set(first!, { x0: CPU_ON, x1: 1n, x2: CODE + 4n });
      const seen: unknown[] = [];
      for (let turn = 0; turn < 6; turn++) {
        for (const vcpu of vm.vcpus) seen.push(vcpu.run(50).kind, get(vcpu, 'pc'), get(vcpu, 'x4'));
        seen.push([...vm.hardware.devices!.drainConsole().bytes]);
        if (turn === 0) set(second!, { x28: UART, x4: 0x80n });
      }
      return seen;
    };
    const seen = run();
    expect(seen).toEqual(run());
    expect(seen.slice(0, 2)).toEqual(['preempted', CODE + 8n]);
    // Its first store, with X28 as CPU_ON left it, was an exit to user space; the next one has counted on from 0x80.
    expect(seen.flat()).toContain(0x81);
  });
});
