/**
 * Watchpoints. Addresses compare on VA[52:0]: a tag in the top byte takes no part. An access is a run of
 * bytes; a watchpoint is a range. Source: Arm ARM, Watchpoint exceptions; where the manual allows several
 * behaviours the choice is named at the code.
 */
import { PSTATE } from '../../abi/arm/pstate.ts';
import { fromHalves } from '../../base/u64.ts';
import type { DebugCause } from '../stop.ts';
import type { Pe } from '../system/pe.ts';
import { comparatorsEnabled, comparatorsOn } from './enabled.ts';
import { halvesOf, type RegisterHalves } from './register-file.ts';
import { linkMatches, privilegeMatches } from './state-match.ts';

const NONE: readonly DebugCause[] = [];
const NO_WATCHPOINTS: readonly ArmedWatchpoint[] = [];
/** VA[52:32]. */
const HIGH_MASK = 0x001f_ffff;
const PAGE = 4096;
/** DBGWCR<n>_EL1.LSC. */
const LSC_LOADS = 0x08;
const LSC_STORES = 0x10;

/** An enabled watchpoint with what it watches as numbers, so that an access is compared without decoding registers. */
export interface ArmedWatchpoint {
  readonly slot: number;
  /** DBGWCR<n>_EL1, low half. */
  readonly control: number;
  /** VA[52:0] of the first watched byte, and of the first one behind the last. */
  readonly start: number;
  readonly end: number;
}

/** VA[52:0] as a number. */
function address53(lo: number, hi: number): number {
  return (hi & HIGH_MASK) * 0x1_0000_0000 + (lo >>> 0);
}

/**
 * What a slot watches; null when that is nothing.
 *
 * CONSTRAINED UNPREDICTABLE choices: MASK 1 and 2 disable the watchpoint; with MASK >= 3 BAS is ignored and so
 * are the masked address bits; of a BAS that is not one run of ones only the lowest run counts.
 */
function arm(file: RegisterHalves, slot: number): ArmedWatchpoint | null {
  const control = file.wcr[slot * 2]!;
  if ((control & 1) === 0 || (control & (LSC_LOADS | LSC_STORES)) === 0) return null;
  const base = address53(file.wvr[slot * 2]!, file.wvr[slot * 2 + 1]!);
  const mask = (control >>> 24) & 31;
  if (mask >= 3) {
    const size = 2 ** mask;
    const start = base - (base % size);
    return { slot, control, start, end: start + size };
  }
  const word = base - (base % 4);
  // A word-aligned DBGWVR watches within that word only.
  const select = (control >>> 5) & (word % 8 === 4 ? 0x0f : 0xff);
  if (mask !== 0 || select === 0) return null;
  const first = 31 - Math.clz32(select & -select);
  const run = (select >>> first) + 1;
  const start = word + first;
  return { slot, control, start, end: start + 31 - Math.clz32(run & -run) };
}

/** The watchpoints that may fire under MDSCR_EL1.MDE and the register file in force, lowest slot first. */
export function armedWatchpoints(pe: Pe): readonly ArmedWatchpoint[] {
  if (pe.debug.file === null || !comparatorsOn(pe)) return NO_WATCHPOINTS;
  const file = halvesOf(pe.debug.file);
  const armed: ArmedWatchpoint[] = [];
  for (let slot = 0; slot < pe.model.watchpoints; slot++) {
    const one = arm(file, slot);
    if (one !== null) armed.push(one);
  }
  return armed;
}

/** LSC, privilege of the access, and the link. */
function controlMatches(pe: Pe, control: number, el: 0 | 1, read: boolean, write: boolean): boolean {
  if (!((read && (control & LSC_LOADS) !== 0) || (write && (control & LSC_STORES) !== 0))) return false;
  if (!privilegeMatches(control, el)) return false;
  return (control & (1 << 20)) === 0 || linkMatches(pe, halvesOf(pe.debug.file!), control);
}

/**
 * Every watchpoint that an access of `bytes` bytes hits, lowest slot first, each with the lowest watched byte
 * accessed (tag included). `unprivileged`: LDTR or STTR, an EL0 access for PAC unless PSTATE.UAO. Empty when
 * watchpoint exceptions are not enabled here.
 */
export function matchWatchpoints(
  pe: Pe,
  armed: readonly ArmedWatchpoint[],
  vaLo: number,
  vaHi: number,
  bytes: number,
  read: boolean,
  write: boolean,
  unprivileged: boolean,
): readonly DebugCause[] {
  const start = address53(vaLo, vaHi);
  const asEl0 = unprivileged && (pe.state.pstate & PSTATE.UAO) === 0;
  let causes: DebugCause[] | null = null;
  for (const one of armed) {
    if (one.start >= start + bytes || start >= one.end) continue;
    if (!controlMatches(pe, one.control, asEl0 ? 0 : pe.state.el, read, write)) continue;
    if (!comparatorsEnabled(pe)) return NONE;
    causes ??= [];
    const offset = Math.max(0, one.start - start);
    const address = BigInt.asUintN(64, fromHalves(vaLo, vaHi) + BigInt(offset));
    causes.push({ source: 'watchpoint', slot: one.slot, address });
  }
  return causes ?? NONE;
}

/** Those that loads may hit. */
export function watchpointsOfLoads(armed: readonly ArmedWatchpoint[]): readonly ArmedWatchpoint[] {
  return armed.filter(({ control }) => (control & LSC_LOADS) !== 0);
}

/**
 * Whether a watchpoint watches any byte of the 4 KiB page, so that accesses to it must be matched one by one.
 * Privilege, direction and links are left to the match.
 */
export function isWatchedPage(armed: readonly ArmedWatchpoint[], vaLo: number, vaHi: number): boolean {
  const page = address53(vaLo & ~(PAGE - 1), vaHi);
  for (const { start, end } of armed) if (start < page + PAGE && page < end) return true;
  return false;
}
