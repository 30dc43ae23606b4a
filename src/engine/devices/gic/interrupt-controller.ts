/** What a board asks of its interrupt controller, whichever generation it is. */
import type { SysregKey } from '../../../abi/arm/sysreg-key.ts';
import type { Bus } from '../bus.ts';
import type { InterruptInputs } from '../interrupt-line.ts';

/** Interrupts that are signalled to a PE now: HCR_EL2.VI and VF as KVM's list registers would drive them. */
export interface Signals {
  readonly irq: boolean;
  readonly fiq: boolean;
}

export const SILENT: Signals = { irq: false, fiq: false };

export interface InterruptController extends InterruptInputs {
  /** Plain data: all that it remembers. */
  readonly state: object;
  /** INTIDs that it has, from 0. */
  readonly interrupts: number;
  /** Put the registers on the bus. */
  attach(bus: Bus): void;
  pending(vcpu: number): Signals;
  /** MRS of a CPU interface register, with its effect; undefined: the controller has no such register. */
  readSysreg(vcpu: number, key: SysregKey): bigint | undefined;
  /** MSR; false: the controller has no such register. */
  writeSysreg(vcpu: number, key: SysregKey, value: bigint): boolean;
}
