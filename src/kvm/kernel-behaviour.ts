/**
 * Everything that differs between the kernel generations, as one table. Each entry was seen in the recordings
 * of that kernel, or read in its documentation where the comment says so.
 */
import { PSCI_VERSION } from '../abi/kvm/psci.ts';
import type { KernelGeneration } from './contract.ts';

export interface KernelBehaviour {
  /**
   * `world-switch`: debug state is set up on each entry to the guest, and the guest's own breakpoints stay live while
   * the host debugs without USE_HW. `owner`: ownership is decided once per KVM_RUN, and any guest_debug hides them.
   */
  readonly debugModel: 'world-switch' | 'owner';
  /** Highest ID_AA64DFR0_EL1.DebugVer that a guest sees. */
  readonly maxDebugVer: bigint;
  /** ID_AA64PFR0_EL1.GIC reads as the hardware's although the VM has no interrupt controller. */
  readonly showsGicWithoutVgic: boolean;
  /** A trapped SMC is a hypercall like HVC; before, it returned -1. */
  readonly smcIsHypercall: boolean;
  /** What PSCI_VERSION returns to a vcpu with the `psci_0_2` feature. */
  readonly psciVersion: number;
  /** ESR_EL1 of an injected abort is sign-extended from bit 31 (an int shift in the kernel). */
  readonly signExtendsInjectedAborts: boolean;
  /** User space may lower writable fields of ID_AA64DFR0_EL1 before the first run. */
  readonly writableIdRegisters: boolean;
  /** KVM_ARM_VCPU_INIT features must be the same for all vcpus of the VM. */
  readonly featuresPerVm: boolean;
  /** Capability numbers that this kernel does not know yet. */
  readonly unknownCapabilities: ReadonlySet<number>;
  /**
   * A signed MMIO load completed by user space is sign-extended. No recorded configuration does it, on any kernel: the
   * register receives the bytes zero-extended.
   */
  readonly signExtendsMmioLoads: boolean;
}

export const KERNEL_BEHAVIOUR: Readonly<Record<KernelGeneration, KernelBehaviour>> = {
  '6.1': {
    debugModel: 'world-switch',
    maxDebugVer: 6n,
    showsGicWithoutVgic: true,
    smcIsHypercall: false,
    psciVersion: PSCI_VERSION.V1_1,
    signExtendsInjectedAborts: true,
    writableIdRegisters: false,
    featuresPerVm: false,
    unknownCapabilities: new Set([227, 228, 229, 230, 239, 240]),
    signExtendsMmioLoads: false,
  },
  '6.12': {
    debugModel: 'world-switch',
    maxDebugVer: 0xan,
    showsGicWithoutVgic: false,
    smcIsHypercall: true,
    psciVersion: PSCI_VERSION.V1_1,
    signExtendsInjectedAborts: false,
    writableIdRegisters: true,
    featuresPerVm: true,
    unknownCapabilities: new Set([239, 240]),
    signExtendsMmioLoads: false,
  },
  '6.18': {
    debugModel: 'owner',
    maxDebugVer: 0xan,
    showsGicWithoutVgic: false,
    smcIsHypercall: true,
    psciVersion: PSCI_VERSION.V1_3,
    signExtendsInjectedAborts: false,
    writableIdRegisters: true,
    featuresPerVm: true,
    unknownCapabilities: new Set(),
    signExtendsMmioLoads: false,
  },
};

/** All generations, oldest first. */
export const KERNEL_GENERATIONS = ['6.1', '6.12', '6.18'] as const satisfies readonly KernelGeneration[];
export const DEFAULT_KERNEL: KernelGeneration = '6.18';
