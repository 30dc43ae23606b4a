/**
 * What the floors above see of a VM and its vcpus: the ioctls as methods. Every refusal is a `KvmError` with
 * the errno that the ioctl would return; a refused call changes nothing.
 */
import type { Errno } from '../base/errno.ts';
import type { StateTree } from '../base/state-tree.ts';
import type { KvmExit } from '../abi/kvm/exits.ts';
import type { Files, OpenMode } from '../engine/devices/semihosting/host.ts';
import type { DebugCause, DataAccess } from '../engine/stop.ts';
import type { MachineHardware, Tier } from '../engine/hardware.ts';
import type { Translation, TranslationAccess } from '../engine/translation.ts';
import type { VcpuSnapshot } from './snapshot.ts';

export type { DataAccess, DebugCause, Files, OpenMode, Tier, Translation, TranslationAccess };

export type KernelGeneration = '6.1' | '6.12' | '6.18';

/** `struct kvm_guest_debug`: control word and the whole register block (16 entries each). */
export interface GuestDebug {
  readonly control: number;
  readonly bcr: readonly bigint[];
  readonly bvr: readonly bigint[];
  readonly wcr: readonly bigint[];
  readonly wvr: readonly bigint[];
}

/** What the emulator knows beyond `struct kvm_run`; real KVM would not report it. */
export interface ExitDetail {
  readonly causes: readonly DebugCause[];
  readonly access?: DataAccess;
  readonly pc: bigint;
  readonly pstate: bigint;
  /** The instruction at `pc`, when it can be read. Read from memory when asked for: undefined once the vcpu has run on. */
  readonly instruction?: number | undefined;
  readonly instructionCount: number;
  /** Virtual nanoseconds since the VM was created. */
  readonly virtualTimeNs: number;
}

/** A vcpu that retires nothing any more: every instruction it tries ends in an exception to EL1, also at the vectors. */
export interface ExceptionLoop {
  /** How often in a row. */
  readonly attempts: number;
  /** Of the last exception. */
  readonly esr: number;
  readonly elr: bigint;
  readonly far: bigint;
  readonly vbar: bigint;
}

/** How KVM_RUN came back, or did not yet. */
export type RunResult =
  | { readonly kind: 'exit'; readonly exit: KvmExit; readonly detail: ExitDetail }
  /** KVM_RUN returned -1. `exit` is what kvm_run then holds (KVM_EXIT_INTR on the signal path). */
  | {
      readonly kind: 'error';
      readonly errno: Errno;
      readonly exit: KvmExit | null;
      readonly detail: ExitDetail;
    }
  /**
   * The host was preempted inside KVM_RUN, because the budget is spent or the guest takes exceptions only: call `run` again
   * to go on, or `interrupt`.
   */
  | { readonly kind: 'preempted'; readonly exceptionLoop?: ExceptionLoop }
  /**
   * Blocked in WFI, powered off, or in a semihosting call that waits for console input: only an interrupt line, another
   * vcpu, input or `interrupt` ends it.
   */
  | { readonly kind: 'blocked' }
  /**
   * The guest ended its program by semihosting, which is no exit of KVM. The vcpu is out of KVM_RUN, after the HLT; it
   * may run on. `code` is the exit status, 1 for every reason but ApplicationExit; `detail` says the reason.
   */
  | { readonly kind: 'semihosting-exit'; readonly code: number; readonly detail: string };

export type MpState = 'KVM_MP_STATE_RUNNABLE' | 'KVM_MP_STATE_STOPPED' | 'KVM_MP_STATE_SUSPENDED';

/** Breakpoint and watchpoint slots that exist; context-aware breakpoints are the highest-numbered ones. */
export interface DebugResources {
  readonly breakpoints: number;
  readonly watchpoints: number;
  readonly contextAware: number;
}

export interface Vcpu {
  readonly index: number;
  /** This vcpu's own slots; under `lowest-common-denominator` the same for all vcpus of the VM. */
  readonly debugResources: DebugResources;
  readonly profile: string;
  readonly initialized: boolean;
  /** KVM_ARM_VCPU_INIT. Features by kernel name, e.g. `psci_0_2`, `power_off`. ENOENT, EINVAL. */
  init(features: readonly string[]): void;
  /** KVM_SET_GUEST_DEBUG. EINVAL for control bits outside the mask. */
  setGuestDebug(debug: GuestDebug): void;
  /** What the host last set; control 0 when off. There is no such ioctl: the service's own view. */
  getGuestDebug(): GuestDebug;
  /** KVM_GET_ONE_REG; width of the value follows from the id. ENOEXEC, EINVAL, ENOENT. */
  getOneReg(id: bigint): bigint;
  setOneReg(id: bigint, value: bigint): void;
  /** KVM_GET_REG_LIST. ENOEXEC. */
  regList(): readonly bigint[];
  getMpState(): MpState;
  setMpState(state: MpState): void;
  /** KVM_IRQ_LINE of the CPU type. */
  irqLine(line: 'irq' | 'fiq', level: boolean): void;
  /**
   * KVM_RUN, at most `budget` retired instructions of it. Continues a preempted or blocked run. `mmioData` answers a
   * pending MMIO read (default 0), little-endian.
   */
  run(budget: number, options?: { immediateExit?: boolean; mmioData?: bigint }): RunResult;
  /** A signal to the thread in KVM_RUN: the preempted or blocked run ends with EINTR and KVM_EXIT_INTR. */
  interrupt(): RunResult;
  /** Between `run` calls: inside KVM_RUN (preempted or blocked)? */
  readonly inRun: boolean;
  readonly instructionCount: number;
  translate(address: bigint, access: TranslationAccess): Translation;
  /** All state of a vcpu that is outside KVM_RUN, but for memory and devices. */
  snapshot(): VcpuSnapshot;
}

/** The host's side of a VM's console. */
export interface VmConsole {
  /** Bytes that `drain` would give. */
  readonly pending: number;
  /** What the guest has sent since the last call; `lost` counts bytes dropped before these. */
  drain(): { readonly bytes: Uint8Array; readonly lost: number };
  /** Type bytes; returns how many found room. */
  type(bytes: Uint8Array): number;
}

export interface Vm {
  readonly vcpus: readonly Vcpu[];
  /** Null without a board and without semihosting. */
  readonly console: VmConsole | null;
  readonly hardware: MachineHardware;
  /** KVM_CHECK_EXTENSION on the VM fd; unknown numbers are 0. */
  checkExtension(cap: number): number;
  /** KVM_ENABLE_CAP: KVM_CAP_ARM_NISV_TO_USER, KVM_CAP_ARM_SYSTEM_SUSPEND. EINVAL for any other number. */
  enableCap(cap: number): void;
  /** What KVM remembers of the VM as a whole. */
  snapshot(): StateTree;
  /** KVM_IRQ_LINE: type, vcpu and number in `irq`, as in struct kvm_irq_level. ENXIO, EINVAL. */
  irqLine(irq: number, level: boolean): void;
  readonly debugResources: 'per-vcpu' | 'lowest-common-denominator';
}

/** One vcpu to create. Creation leaves it uninitialised; `features` is what its owner passes to `init`. */
export interface VcpuConfig {
  readonly profile: Profile;
  readonly features: readonly string[];
}
/** Devices as QEMU's virt board has them: GIC, PL011, PL031, entropy source, and timers with their interrupts. */
export interface BoardConfig {
  readonly kind: 'virt';
  readonly gic: 2 | 3;
  /** What the entropy source's numbers follow from. */
  readonly entropySeed: bigint;
  /** What the clock shows at the start of virtual time, in seconds since 1970. Default 0. */
  readonly epoch?: number;
  /** Block devices, in the order of their transports. Default none. */
  readonly disks?: readonly DiskConfig[];
  /** Flash at address 0, read-only for the guest, to boot firmware from. Default none. */
  readonly firmware?: boolean;
}
/** A virtio block device over an image that is never changed. */
export interface DiskConfig {
  readonly image: Uint8Array;
  /** Else writes go to an overlay, which holds at most `overlayLimit` bytes. */
  readonly readOnly: boolean;
  readonly overlayLimit: number;
  /** 20 ASCII characters at most. */
  readonly serial: string;
}
/** Answers to HLT #0xf000 at EL1, as a debugger gives them. Source: Arm, Semihosting for AArch32 and AArch64. */
export interface SemihostingConfig {
  /** SYS_GET_CMDLINE. */
  readonly commandLine: string;
  /** SYS_HEAPINFO: RAM that the program may use as it likes. */
  readonly heap: { readonly base: bigint; readonly limit: bigint };
}
/** What a VM reaches outside itself. */
export interface VmPorts {
  /** Files for semihosting; without, the guest finds none. */
  readonly files?: Files | null;
}
export interface VmConfig {
  /** Without: HLT is UNDEFINED. */
  readonly semihosting?: SemihostingConfig;
  /** Without: RAM and vcpus, every other address is user space's. */
  readonly board?: BoardConfig;
  readonly memory: { readonly base: number; readonly size: number };
  readonly vcpus: readonly VcpuConfig[];
  readonly debugResources: 'per-vcpu' | 'lowest-common-denominator';
  /** How the engine executes instructions; nobody can tell but by the clock. */
  readonly tier?: Tier;
}

/** A host that KVM runs on: PE model, kernel generation, id registers by name. */
export interface Profile {
  readonly name: string;
  readonly description: string;
  readonly kernel: KernelGeneration;
  readonly breakpoints: number;
  readonly watchpoints: number;
  readonly contextAware: number;
  readonly idRegisters: Readonly<Record<string, bigint>>;
  readonly features: readonly string[];
}
