/**
 * Hardware breakpoints. An address matches on VA[52:2]: bits 1:0 are RES0, and bits 63:53 (sign copies that
 * some debuggers leave zero) take no part. Source: Arm ARM, Breakpoint exceptions.
 */
import type { DebugCause } from '../stop.ts';
import type { Pe } from '../system/pe.ts';
import { comparatorsEnabled, comparatorsOn } from './enabled.ts';
import { halvesOf, type RegisterHalves } from './register-file.ts';
import { contextMatches, isContextAware, linkMatches, privilegeMatches } from './state-match.ts';

/** Where breakpoints may fire: addresses as halves, upper half cut to VA[52:32]. */
export interface PlantedAddress {
  readonly lo: number;
  readonly hi: number;
}

/** Breakpoint types (DBGBCR.BT) that can fire by themselves here. */
const TYPE = { ADDRESS: 0, LINKED_ADDRESS: 1, CONTEXT: 2, CONTEXT_EL1: 6 } as const;
/** VA[52:32]. */
const HIGH_MASK = 0x001f_ffff;
const NONE: readonly DebugCause[] = [];
/** The cause of each slot, alone: nearly always the whole answer. */
const ALONE = Array.from({ length: 16 }, (_, slot): readonly DebugCause[] => [
  { source: 'breakpoint', slot },
]);

function typeOf(control: number): number {
  return (control >>> 20) & 15;
}

function matchesAddressType(type: number): boolean {
  return type === TYPE.ADDRESS || type === TYPE.LINKED_ADDRESS;
}

function matchesContextType(type: number): boolean {
  return type === TYPE.CONTEXT || type === TYPE.CONTEXT_EL1;
}

/**
 * Every slot whose breakpoint fires on the instruction at `pcLo:pcHi`, lowest first. Empty when breakpoint
 * exceptions are not enabled here.
 */
export function matchBreakpoints(pe: Pe, pcLo: number, pcHi: number): readonly DebugCause[] {
  if (pe.debug.file === null || !comparatorsEnabled(pe)) return NONE;
  const file = halvesOf(pe.debug.file);
  let causes = NONE;
  for (let slot = 0; slot < pe.model.breakpoints; slot++) {
    const control = file.bcr[slot * 2]!;
    if ((control & 1) === 0 || !fires(pe, file, slot, control, pcLo, pcHi)) continue;
    causes = causes === NONE ? ALONE[slot]! : [...causes, ...ALONE[slot]!];
  }
  return causes;
}

function fires(
  pe: Pe,
  file: RegisterHalves,
  slot: number,
  control: number,
  pcLo: number,
  pcHi: number,
): boolean {
  if (!privilegeMatches(control, pe.state.el)) return false;
  const type = typeOf(control);
  if (matchesContextType(type)) return isContextAware(pe.model, slot) && contextMatches(pe, file, slot);
  if (!matchesAddressType(type) || !selectsA64(control)) return false;
  if (((file.bvr[slot * 2]! ^ pcLo) & ~3) !== 0) return false;
  if (((file.bvr[slot * 2 + 1]! ^ pcHi) & HIGH_MASK) !== 0) return false;
  return type === TYPE.ADDRESS || linkMatches(pe, file, control);
}

/** BAS: the byte that an A64 instruction starts with must be selected. */
function selectsA64(control: number): boolean {
  return (control & (1 << 5)) !== 0;
}

/**
 * Where the run loop has to ask `matchBreakpoints`: the addresses of the enabled address breakpoints, or
 * 'every' instruction when an unlinked context breakpoint is enabled. Privilege and links are left to the
 * match; MDSCR_EL1.MDE clear or no register file means nowhere.
 */
export function plantedAddresses(pe: Pe): readonly PlantedAddress[] | 'every' {
  if (pe.debug.file === null || !comparatorsOn(pe)) return [];
  const file = halvesOf(pe.debug.file);
  const planted: PlantedAddress[] = [];
  for (let slot = 0; slot < pe.model.breakpoints; slot++) {
    const control = file.bcr[slot * 2]!;
    if ((control & 1) === 0) continue;
    const type = typeOf(control);
    if (matchesContextType(type) && isContextAware(pe.model, slot)) return 'every';
    if (!matchesAddressType(type) || !selectsA64(control)) continue;
    planted.push({ lo: file.bvr[slot * 2]! & ~3, hi: file.bvr[slot * 2 + 1]! & HIGH_MASK });
  }
  return planted;
}

/** Whether an instruction address is one of the planted ones. */
export function isPlanted(planted: readonly PlantedAddress[] | 'every', pcLo: number, pcHi: number): boolean {
  if (planted === 'every') return true;
  return planted.some((p) => ((p.lo ^ pcLo) & ~3) === 0 && ((p.hi ^ pcHi) & HIGH_MASK) === 0);
}
