/**
 * One vcpu's hardware as the hypervisor floor sees it: registers, the EL2 controls that KVM sets, and `run`.
 * No method may be called while another is on the stack; the engine is single-threaded and never awaits.
 */
import type { SysregKey } from '../abi/arm/sysreg-key.ts';
import type { StateTree } from '../base/state-tree.ts';
import type { Stop } from './stop.ts';
import type { Translation, TranslationAccess } from './translation.ts';

/** A breakpoint and watchpoint register file: 16 of each; slots beyond the PE's count are not implemented. */
export interface DebugRegisterFile {
  readonly bcr: BigUint64Array;
  readonly bvr: BigUint64Array;
  readonly wcr: BigUint64Array;
  readonly wvr: BigUint64Array;
}

/** What EL2 decides about the guest. Set before `run`; fixed while it runs. */
export interface HypervisorControls {
  /** MDCR_EL2.TDE: debug exceptions go to EL2 (a `debug` stop), enabled whatever KDE, PSTATE.D and the guest's OS Lock say. */
  tde: boolean;
  /** MDCR_EL2.TDA: accesses to DBGB*, DBGW*, MDSCR, MDCCINT ... are `sysreg` stops. */
  tda: boolean;
  /** MDCR_EL2.TDOSA and TDRA: OS Lock and ROM registers are `sysreg` stops. */
  tdosa: boolean;
  /** HCR_EL2.TID3 and its neighbours: ID registers of group 3 are `sysreg` stops. */
  tid3: boolean;
  /** HCR_EL2.TLOR: LORegion registers are `sysreg` stops. */
  tlor: boolean;
  /** HCR_EL2.TERR: error-record registers are `sysreg` stops. */
  terr: boolean;
  /** HCR_EL2.TSC: SMC is a stop. When clear, SMC is UNDEFINED (no EL3). */
  tsc: boolean;
  /** HCR_EL2.TWI / TWE. When clear, WFI/WFE are hints that complete. */
  twi: boolean;
  twe: boolean;
  /** HLT #0xf000 at EL1 is a `semihosting` stop. When clear, HLT is UNDEFINED. */
  semihosting: boolean;
  /** HCR_EL2.VI / VF: a virtual IRQ or FIQ is pending. */
  irq: boolean;
  fiq: boolean;
}

/**
 * How instructions are executed: 'auto' compiles what runs often, 'jit' all that runs again, 'interpreter' nothing.
 * What a guest and a debugger see is the same.
 */
export type Tier = 'interpreter' | 'jit' | 'auto';

/** What makes this PE the PE it is. */
export interface PeModel {
  readonly breakpoints: number;
  readonly watchpoints: number;
  /** Context-aware breakpoints: the highest-numbered ones. */
  readonly contextAware: number;
  /** Values of the read-only identification registers as the guest reads them. */
  readonly idRegisters: ReadonlyMap<SysregKey, bigint>;
  readonly features: ReadonlySet<string>;
}

export interface VcpuHardware {
  readonly index: number;
  readonly model: PeModel;
  readonly controls: HypervisorControls;
  /** The register file that the PE's comparators use; `loadDebug` selects it at world switch. */
  loadDebug(file: DebugRegisterFile | null, mdscr: bigint): void;
  /** MDSCR_EL1 in force (a guest that is not trapped writes it directly). */
  readonly mdscr: bigint;

  pc: bigint;
  /** NZCV, DAIF, SS, IL, PAN, UAO, BTYPE, mode: SPSR layout. */
  pstate: bigint;
  /** The same as a number, unsigned: for what happens at each entry to the guest. */
  pstateBits: number;
  getX(n: number): bigint /** 0..30 */;
  setX(n: number, v: bigint): void;
  getV(n: number): bigint /** 128 bits */;
  setV(n: number, v: bigint): void;
  /** SP_EL0 or SP_EL1, whichever PSTATE selects or not. */
  getSp(el: 0 | 1): bigint;
  setSp(el: 0 | 1, v: bigint): void;
  /** Storage of a system register, no access check, no trap; undefined when the PE has no such register. */
  getSysreg(key: SysregKey): bigint | undefined;
  setSysreg(key: SysregKey, v: bigint): void;
  /** All system registers with storage, in key order. */
  sysregKeys(): readonly SysregKey[];

  /** Instructions that all vcpus of the machine have retired. */
  readonly instructionCount: number;
  /** Virtual time in ticks of the system counter: instructions retired and, with devices, ticks skipped while idle. */
  readonly ticks: number;
  /** An interrupt is pending at the PE now, masked or not. */
  interruptPending(): boolean;
  /** Warm reset: registers as the architecture resets them at EL1h. */
  reset(): void;
  /** Forget the local exclusive monitor: any exception return does. */
  clearExclusive(): void;
  /** PC += 4, PSTATE.BTYPE and PSTATE.SS cleared, one instruction counted: an instruction that the hypervisor emulated. */
  skipInstruction(): void;
  /** Take an exception to EL1 at the current PC (Arm ARM, AArch64.TakeException). `esr` is ESR_EL1, `far` is written when given. */
  takeException(vector: 'synchronous' | 'irq' | 'fiq' | 'serror', esr?: bigint, far?: bigint): void;
  /** All of its own state, in one form whatever has run it; its debug registers are the hypervisor's. */
  snapshot(): StateTree;
  /** Retire at most `budget` instructions. `budget` >= 1, at most 2^30. */
  run(budget: number): Stop;
  /** EX bit and ISV of the next software-step syndrome are kept by the engine. */
}

/** The devices of a virt board: what `VirtOptions` says of each. */
export interface BoardDevices {
  readonly gic: 2 | 3;
  /** MPIDR_EL1 of each vcpu, in order. */
  readonly mpidrs: readonly bigint[];
  /** Bytes that wait in the console's buffers. */
  readonly console: { readonly output: number; readonly input: number };
  /** Seconds since 1970 at the start of virtual time. */
  readonly epoch: number;
  readonly disks: readonly {
    readonly image: Uint8Array;
    readonly readOnly: boolean;
    readonly overlayLimit: number;
    readonly serial: string;
  }[];
  /** Seed of the entropy device; without one there is no such device. */
  readonly entropySeed?: bigint;
}

/** A board's devices from the host's side. */
export interface MachineDevices {
  /** True when one device answers all of the bytes. */
  answers(address: number, bytes: number): boolean;
  /** What the guest sent to its console since the last call; `lost` counts bytes dropped before these. */
  drainConsole(): { readonly bytes: Uint8Array; readonly lost: number };
  /** Type bytes; returns how many found room. */
  typeConsole(bytes: Uint8Array): number;
  /** Bytes that `drainConsole` would give. */
  readonly consolePending: number;
  /** The console past its UART, for semihosting: output, and at most `length` bytes of what was typed. */
  sayConsole(bytes: Uint8Array): void;
  takeConsole(length: number): Uint8Array;
  /** INTIDs that the interrupt controller has; those from 32 on are shared. */
  readonly interrupts: number;
  /** Drive the input of a shared interrupt, INTID 32 and up. */
  setSpi(intid: number, level: boolean): void;
  /** Drive the input of a vcpu's private interrupt, INTID 16 to 31. */
  setPpi(vcpu: number, intid: number, level: boolean): void;
  /**
   * Let virtual time jump to the next deadline of a timer, for when every vcpu waits. False when there is none. The
   * ticks are counted as skipped, never as instructions.
   */
  skipToDeadline(): boolean;
  /** State by device, up to the present of virtual time; what the host has not fetched yet is not in it. */
  snapshot(): Readonly<Record<string, StateTree>>;
}

export interface MachineHardware {
  /** Null when the machine is RAM and vcpus only. */
  readonly devices: MachineDevices | null;
  readonly ram: { readonly base: number; readonly size: number };
  /** Memory that the guest and its devices only read; null when there is none. */
  readonly rom: { readonly base: number; readonly size: number } | null;
  readonly vcpus: readonly VcpuHardware[];
  /** Bytes of memory by physical address; null when any byte has no memory behind it. */
  readPhysical(address: number, length: number): Uint8Array | null;
  /** The same without a copy: to be looked at before anything runs on, never written. */
  viewPhysical(address: number, length: number): Uint8Array | null;
  /** Also where the guest only reads. False, with nothing written, when any byte has no memory behind it. Decoded code is invalidated, monitors cleared. */
  writePhysical(address: number, bytes: Uint8Array): boolean;
  /** Translate with a vcpu's current regime, as a debugger would: no access-flag or permission side effects. */
  translate(vcpu: number, address: bigint, access: TranslationAccess): Translation;
  /** The same without the reasons; null when no physical address is there. */
  physicalAddress(vcpu: number, address: bigint): number | null;
  /** Word that the host sets non-zero to ask `run` to return early at the next slice end. */
  readonly stopWord: Int32Array;
}
