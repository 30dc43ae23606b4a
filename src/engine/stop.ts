/**
 * The one way out of the engine: why `run` returned. Everything that a guest can cause is one of these
 * values; nothing is thrown. The hypervisor floor decides which become exits.
 */
import type { SysregKey } from '../abi/arm/sysreg-key.ts';

/** One breakpoint or watchpoint slot, or other source, that fired. Several can fire on one instruction. */
export type DebugCause =
  | { readonly source: 'breakpoint'; readonly slot: number }
  | {
      readonly source: 'watchpoint';
      readonly slot: number /** Lowest watched byte accessed. */;
      readonly address: bigint;
    }
  | { readonly source: 'software-step' }
  | { readonly source: 'brk'; readonly comment: number };

/** The data access of an instruction, for explanations and for MMIO. */
export interface DataAccess {
  readonly address: bigint;
  readonly bytes: number;
  readonly write: boolean;
  readonly read: boolean;
}

/** A debug exception routed to EL2 because MDCR_EL2.TDE is set. PC is at the preferred return address. */
export interface DebugException {
  readonly kind: 'breakpoint' | 'watchpoint' | 'software-step' | 'brk';
  /** ESR_EL2 as hardware writes it (EC of the "lower Exception level" form). */
  readonly esr: number;
  /** FAR_EL2, for watchpoints only. */
  readonly far?: bigint;
  readonly causes: readonly DebugCause[];
  readonly access?: DataAccess;
}

/** Instruction syndrome of a data abort (Arm ARM, ISS encoding for an exception from a Data Abort). */
export type AbortSyndrome =
  | { readonly isv: false }
  | {
      readonly isv: true /** Bytes. */;
      readonly size: 1 | 2 | 4 | 8;
      readonly signExtend: boolean;
      readonly register: number;
      readonly sixtyFour: boolean;
      readonly acquireRelease: boolean;
    };

export type Stop =
  /** The budget's instructions have retired. */
  | { readonly kind: 'budget' }
  /** Fewer than the budget retired, nothing happened: a stop request. */
  | { readonly kind: 'yield' }
  /** `attempts` times in a row nothing retired: the guest only takes exceptions. It may go on. */
  | { readonly kind: 'exception-loop'; readonly attempts: number }
  | { readonly kind: 'debug'; readonly exception: DebugException }
  /** A data access to an intermediate physical address without memory for it. PC at the instruction; nothing done. */
  | {
      readonly kind: 'stage2-data';
      readonly ipa: number;
      /** There is memory, but the access would change it, and it is read-only. */
      readonly readOnly: boolean;
      readonly far: bigint;
      readonly access: DataAccess;
      readonly syndrome: AbortSyndrome /** Bytes to be written, little-endian, when ISV. */;
      readonly data?: bigint;
    }
  /** An instruction fetch from an address without memory. */
  | { readonly kind: 'stage2-instruction'; readonly ipa: number; readonly far: bigint }
  /** HVC: PC is already after the instruction, the software step has advanced. */
  | { readonly kind: 'hvc'; readonly imm: number }
  /** SMC trapped by HCR_EL2.TSC: PC is at the instruction. */
  | { readonly kind: 'smc'; readonly imm: number }
  /** HLT #0xf000 that is a semihosting call: PC is at the instruction. */
  | { readonly kind: 'semihosting' }
  /** A system register access that the hypervisor traps. PC is at the instruction. */
  | { readonly kind: 'sysreg'; readonly key: SysregKey; readonly read: boolean; readonly register: number }
  /** WFI with no interrupt pending; PC is after it. */
  | { readonly kind: 'wfi' }
  /** WFE with the event register clear; PC is after it. */
  | { readonly kind: 'wfe' }
  /** Our own bug: the vcpu must not run again. */
  | { readonly kind: 'internal-error'; readonly message: string };
