/**
 * The generic timer's registers over virtual time: one tick of the 62.5 MHz counter per retired instruction,
 * and those that pass while every vcpu waits.
 * Source: Arm ARM, The Generic Timer in AArch64 state.
 */
import { u64 } from '../../base/u64.ts';
import type { Pe } from './pe.ts';
import { SLOT } from './storage.ts';

/** Control register bits. */
const CTL = { ENABLE: 1n, ISTATUS: 4n } as const;

interface Timer {
  readonly control: number;
  readonly compare: number;
}
export const PHYSICAL_TIMER: Timer = { control: SLOT.CNTP_CTL_EL0, compare: SLOT.CNTP_CVAL_EL0 };
export const VIRTUAL_TIMER: Timer = { control: SLOT.CNTV_CTL_EL0, compare: SLOT.CNTV_CVAL_EL0 };

/** The counter, physical and virtual alike: there is no offset. */
export function counter(pe: Pe): bigint {
  return BigInt(pe.ticks);
}

/** CNTx_TVAL: signed distance to the compare value, as 32 bits. */
export function readTimerValue(pe: Pe, timer: Timer): bigint {
  return BigInt.asUintN(32, pe.state.sysreg(timer.compare) - counter(pe));
}

export function writeTimerValue(pe: Pe, timer: Timer, value: bigint): void {
  pe.state.setSysreg(timer.compare, u64(counter(pe) + BigInt.asIntN(32, value)));
}

/** CNTx_CTL with ISTATUS worked out. */
export function readTimerControl(pe: Pe, timer: Timer): bigint {
  const control = pe.state.sysreg(timer.control);
  if ((control & CTL.ENABLE) === 0n) return control;
  const met = counter(pe) >= pe.state.sysreg(timer.compare);
  return met ? control | CTL.ISTATUS : control;
}
