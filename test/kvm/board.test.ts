/** VMs with a virt board: what KVM_CREATE_IRQCHIP changes, waiting, and the same run twice. */
import { describe, expect, it } from 'vitest';
import type { Vm } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { CODE, debug, exit, get, HVC_0, hsr, set, watchpoint, WFI } from './guest.ts';
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

function board(words: readonly number[], { gic = 3, vcpus = 1 }: { gic?: 2 | 3; vcpus?: number } = {}): Vm {
  const host = profile('neoverse-n1');
  const vm = createVm({
    memory: { base: Number(CODE), size: 0x40_0000 },
    vcpus: Array.from({ length: vcpus }, () => ({ profile: host, features: [] })),
    debugResources: 'lowest-common-denominator',
    board: { kind: 'virt', gic, entropySeed: 0n },
  });
  vm.hardware.writePhysical(Number(CODE), new Uint8Array(new Uint32Array(words).buffer));
  for (const vcpu of vm.vcpus) {
    vcpu.init(vcpu.index === 0 ? ['psci_0_2'] : ['psci_0_2', 'power_off']);
    set(vcpu, { pc: CODE, x28: UART });
  }
  return vm;
}

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
