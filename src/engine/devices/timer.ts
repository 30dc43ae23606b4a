/**
 * Outputs of the generic timer: which of a vcpu's timers assert their interrupt, and when the next one will. The
 * registers are the vcpu's; the counter is virtual time, with no offset (CNTVOFF is 0).
 * Source: Arm ARM, The Generic Timer in AArch64 state: the condition is met when CNT >= CVAL, both unsigned.
 */
import type { InterruptInputs } from './interrupt-line.ts';

/** Private interrupts of the timers, as QEMU's virt board and KVM have them. */
export const TIMER_PPI = { virtual: 27, physical: 30 } as const;

const CTL = { ENABLE: 1n, IMASK: 2n } as const;
/** Beyond this a deadline is not exact as a number, and further away than any run. */
const FAR = 1n << 53n;

/** CNTx_CTL_EL0 and CNTx_CVAL_EL0 as software wrote them. */
export interface TimerRegisters {
  readonly control: bigint;
  readonly compare: bigint;
}
export interface VcpuTimers {
  readonly virtual: TimerRegisters;
  readonly physical: TimerRegisters;
}

/** CNTx_CTL.ISTATUS, which is 0 while the timer is off. */
export function timerStatus({ control, compare }: TimerRegisters, count: bigint): boolean {
  return (control & CTL.ENABLE) !== 0n && count >= compare;
}

/** Whether the timer asserts its interrupt: its condition is met and not masked. */
export function timerOutput(timer: TimerRegisters, count: bigint): boolean {
  return (timer.control & CTL.IMASK) === 0n && timerStatus(timer, count);
}

/** Ticks from `count` until the timer asserts its interrupt; Infinity when it will not, or already does. */
export function timerDeadline(timer: TimerRegisters, count: bigint): number {
  const { control, compare } = timer;
  if ((control & CTL.ENABLE) === 0n || (control & CTL.IMASK) !== 0n || compare <= count) return Infinity;
  const ticks = compare - count;
  return ticks >= FAR ? Infinity : Number(ticks);
}

/** Drive a vcpu's timer interrupts, and say in how many ticks they have to be driven again. */
export function driveTimers(
  inputs: InterruptInputs,
  vcpu: number,
  timers: VcpuTimers,
  count: bigint,
): number {
  inputs.setPpi(vcpu, TIMER_PPI.virtual, timerOutput(timers.virtual, count));
  inputs.setPpi(vcpu, TIMER_PPI.physical, timerOutput(timers.physical, count));
  return nextDeadline(timers, count);
}

/** Ticks until either timer of a vcpu asserts its interrupt, or Infinity. */
export function nextDeadline({ virtual, physical }: VcpuTimers, count: bigint): number {
  return Math.min(timerDeadline(virtual, count), timerDeadline(physical, count));
}
