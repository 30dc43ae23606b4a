/** What the parts of a vcpu share: the hardware, KVM's own state, and the VM around it. */
import type { SysregKey } from '../abi/arm/sysreg-key.ts';
import type { VcpuHardware } from '../engine/hardware.ts';
import type { MpState } from './contract.ts';
import type { FirmwareState } from './firmware.ts';
import type { DebugVcpuState } from './guest-debug.ts';
import type { KernelBehaviour } from './kernel-behaviour.ts';
import type { PendingMmio } from './mmio.ts';
import type { PsciVcpu } from './psci.ts';
import type { Semihosting } from './semihosting.ts';
import type { WorldSwitch } from './world-switch.ts';

/** VM-wide state that KVM_RUN and the register calls consult. */
export interface VmState {
  readonly psci: readonly PsciVcpu[];
  /** Some vcpu has run: ID registers are fixed from then on. */
  hasRun: boolean;
  /** KVM_CAP_ARM_NISV_TO_USER was enabled. */
  nisvToUser: boolean;
  /** KVM_CAP_ARM_SYSTEM_SUSPEND was enabled. */
  systemSuspend: boolean;
  readonly semihosting: Semihosting | null;
  /** What user space decided about hypervisor calls. */
  readonly firmware: FirmwareState;
  /** Features of the first initialised vcpu, where the kernel wants all to agree. */
  features: string | null;
}

/** Where a vcpu starts after PSCI CPU_ON; applied when it next runs. */
interface PendingReset {
  readonly entry: bigint;
  readonly context: bigint;
}

export interface VcpuState {
  readonly hw: VcpuHardware;
  readonly kernel: KernelBehaviour;
  readonly vm: VmState;
  readonly debug: DebugVcpuState;
  readonly worldSwitch: WorldSwitch;
  /** ID registers as this vcpu shows them; user space may lower some before the first run. */
  readonly idRegisters: Map<SysregKey, bigint>;
  readonly mpidr: bigint;
  initialized: boolean;
  mpState: MpState;
  /** KVM_ARM_VCPU_INIT had the feature `psci_0_2`. */
  psci02: boolean;
  pendingMmio: PendingMmio | null;
  pendingReset: PendingReset | null;
  /** The instruction at PC was emulated: step over it before the next entry to the guest. */
  incrementPc: boolean;
}
