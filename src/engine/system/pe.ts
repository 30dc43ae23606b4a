/**
 * The processing element as the system, debug and memory rooms see it: state plus the few things that only
 * the run loop can do. Implemented by `vcpu.ts`; tests implement it with plain objects.
 */
import type { SysregKey } from '../../abi/arm/sysreg-key.ts';
import type { HypervisorControls, PeModel } from '../hardware.ts';
import type { ContextTable } from '../memory/contexts.ts';
import type { TranslationResult } from '../memory/walk.ts';
import type { CpuState } from '../state.ts';
import type { Stop } from '../stop.ts';
import type { DebugState } from './debug-state.ts';

/** Memory by physical address. Addresses are numbers: 48 bits fit a double exactly. */
export interface PhysicalMemory {
  /** Where offset 0 is in the WebAssembly memory. */
  readonly host: number;
  /** Offset of a physical address; -1 when any of `length` bytes has no memory. */
  offset(physical: number, length: number): number;
  /** Stores may change what is at an offset. */
  writable(offset: number): boolean;
}

/** ICC_*_EL1 of a PE whose interrupt controller has system registers. */
export interface CpuInterfaceRegisters {
  /** MRS with its effect; undefined: no such register. */
  read(key: SysregKey): bigint | undefined;
  /** MSR with its effect; false: no such register. */
  write(key: SysregKey, value: bigint): boolean;
}

export interface Pe {
  readonly state: CpuState;
  readonly model: PeModel;
  readonly controls: HypervisorControls;
  readonly debug: DebugState;
  readonly ram: PhysicalMemory;
  /** Context numbers of the software TLB that this PE uses; shared when PEs share the TLB. */
  readonly contexts: ContextTable;
  /** Exact, also in the middle of a slice. */
  readonly instructionCount: number;
  /** Virtual time in ticks of the system counter; exact like `instructionCount`. */
  readonly ticks: number;
  /** Null when no interrupt controller is there. */
  readonly cpuInterface: CpuInterfaceRegisters | null;
  /** A timer's registers changed. True when the run loop has to look at them before the next instruction. */
  timersChanged(): boolean;
  /** Set by whoever decides that the run ends; the run loop returns it. */
  stop: Stop | null;
  /** Event register of WFE/SEV. */
  eventRegister: boolean;
  /** Drop all translations (TLBI, and whatever makes cached ones wrong). */
  flushTlb(): void;
  /** Drop translations of one page. */
  flushTlbPage(vaLo: number, vaHi: number): void;
  /** Keep a translation that an access by the current Exception level would make, PSTATE.PAN included. */
  cacheTranslation(vaLo: number, vaHi: number, translation: TranslationResult): void;
  /** Breakpoints or watchpoints in force changed: re-plant before the next instruction. */
  debugChanged(): void;
  /** Physical bytes were written behind the software TLB's back: drop decoded code and monitors there. */
  physicalWritten(address: number, length: number): void;
}

/** What a system instruction did, for the code that called it. Unless NEXT, bit 0: it has retired. */
export const OUTCOME = {
  /** Retired; go on with the next instruction. */
  NEXT: 0,
  /** Retired; PC is set and the run loop must look again (EL, masks, translation, debug, or `stop`). */
  LEAVE: 1,
  /** Not retired: an exception was taken, to EL1 (PC is set) or to EL2 (`stop` is set). */
  FAULT: 2,
  /** SVC or HVC: retired, and took the exception that is its effect. PC is set, or `stop` is. */
  CALL: 3,
} as const;
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME];
