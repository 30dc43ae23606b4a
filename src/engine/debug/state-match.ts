/**
 * The conditions that a comparator's control register sets beside the address: privilege, security state and
 * the linked context. Controls are the low 32 bits: everything above is RES0 without FEAT_Debugv8p9. Source: Arm ARM, AArch64.StateMatch.
 */
import type { PeModel } from '../hardware.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';
import type { RegisterHalves } from './register-file.ts';

/**
 * Whether HMC, SSC and PMC/PAC admit `el`. Both kinds of control register hold them in the same bits.
 *
 * The PE is Non-secure and has no EL3. Reserved combinations never match. SSC = 0b11 with HMC = 0 was reserved
 * before FEAT_SEL2; as on the recorded machine it then acts like SSC = 0b01.
 */
export function privilegeMatches(control: number, el: 0 | 1): boolean {
  const pxc = (control >>> 1) & 3;
  const hmc = (control >>> 13) & 1;
  const ssc = (control >>> 14) & 3;
  if (ssc === 2 || reserved(hmc, ssc, pxc)) return false;
  return (pxc & (el === 1 ? 1 : 2)) !== 0;
}

/** Rows that the table of the manual does not have. SSC = 0b10 never matches here and needs no rows. */
function reserved(hmc: number, ssc: number, pxc: number): boolean {
  if (hmc === 0) return ssc === 3 ? pxc === 2 : pxc === 0;
  if (ssc === 0) return pxc === 0 || pxc === 2;
  return pxc === 2;
}

/** Context-aware breakpoints are the highest-numbered ones. */
export function isContextAware(model: PeModel, slot: number): boolean {
  return slot < model.breakpoints && slot >= model.breakpoints - model.contextAware;
}

/** Breakpoint types that compare CONTEXTIDR_EL1 and fire only through a link. */
const LINKED_CONTEXT = 3;
const LINKED_CONTEXT_EL1 = 7;

/**
 * Whether the breakpoint that `control` links to (LBN) agrees. Its own PMC, HMC and SSC are ignored. A link to
 * a breakpoint that is disabled, not implemented or not context-aware never agrees.
 */
export function linkMatches(pe: Pe, file: RegisterHalves, control: number): boolean {
  const slot = (control >>> 16) & 15;
  if (!isContextAware(pe.model, slot)) return false;
  const target = file.bcr[slot * 2]!;
  const type = (target >>> 20) & 15;
  if ((target & 1) === 0 || (type !== LINKED_CONTEXT && type !== LINKED_CONTEXT_EL1)) return false;
  return contextMatches(pe, file, slot);
}

/** CONTEXTIDR_EL1 equals the low half of DBGBVR<slot>. */
export function contextMatches(pe: Pe, file: RegisterHalves, slot: number): boolean {
  return pe.state.sysregLo(SLOT.CONTEXTIDR_EL1) === file.bvr[slot * 2]!;
}
