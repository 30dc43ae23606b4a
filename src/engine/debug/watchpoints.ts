/**
 * Watchpoints. Addresses compare on VA[52:0]: a tag in the top byte takes no part. An access is a run of
 * bytes; a watchpoint is a range. Source: Arm ARM, Watchpoint exceptions; where the manual allows several
 * behaviours the choice is named at the code.
 */
import { fromHalves } from '../../base/u64.ts';
import type { DebugCause } from '../stop.ts';
import type { Pe } from '../system/pe.ts';
import { comparatorsEnabled, comparatorsOn } from './enabled.ts';
import { halvesOf, type RegisterHalves } from './register-file.ts';
import { linkMatches, privilegeMatches } from './state-match.ts';

const NONE: readonly DebugCause[] = [];
/** VA[52:32]. */
const HIGH_MASK = 0x001f_ffff;
const PAGE = 4096;

/** First byte and size of what a watchpoint watches; both 0: nothing, which no access overlaps. Scratch. */
const range = { start: 0, size: 0 };

/** VA[52:0] as a number. */
function address53(lo: number, hi: number): number {
  return (hi & HIGH_MASK) * 0x1_0000_0000 + (lo >>> 0);
}

/**
 * The watched range of a slot, into `range`.
 *
 * CONSTRAINED UNPREDICTABLE choices: MASK 1 and 2 disable the watchpoint; with MASK >= 3 BAS is ignored and so
 * are the masked address bits; of a BAS that is not one run of ones only the lowest run counts.
 */
function watchedRange(file: RegisterHalves, slot: number, control: number): void {
  const base = address53(file.wvr[slot * 2]!, file.wvr[slot * 2 + 1]!);
  const mask = (control >>> 24) & 31;
  if (mask >= 3) {
    range.size = 2 ** mask;
    range.start = base - (base % range.size);
    return;
  }
  const word = base - (base % 4);
  // A word-aligned DBGWVR watches within that word only.
  const select = (control >>> 5) & (word % 8 === 4 ? 0x0f : 0xff);
  if (mask !== 0 || select === 0) {
    range.start = 0;
    range.size = 0;
    return;
  }
  const first = 31 - Math.clz32(select & -select);
  const run = (select >>> first) + 1;
  range.start = word + first;
  range.size = 31 - Math.clz32(run & -run);
}

/** E, LSC, privilege of the access, and the link. */
function controlMatches(
  pe: Pe,
  file: RegisterHalves,
  control: number,
  el: 0 | 1,
  read: boolean,
  write: boolean,
): boolean {
  if ((control & 1) === 0) return false;
  if (!((read && (control & 0x08) !== 0) || (write && (control & 0x10) !== 0))) return false;
  if (!privilegeMatches(control, el)) return false;
  return (control & (1 << 20)) === 0 || linkMatches(pe, file, control);
}

/**
 * Every slot that an access of `bytes` bytes hits, lowest slot first, each with the lowest watched byte
 * accessed (tag included). `unprivileged`: LDTR or STTR, an EL0 access for PAC. Empty when watchpoint
 * exceptions are not enabled here.
 */
export function matchWatchpoints(
  pe: Pe,
  vaLo: number,
  vaHi: number,
  bytes: number,
  read: boolean,
  write: boolean,
  unprivileged: boolean,
): readonly DebugCause[] {
  if (pe.debug.file === null || !comparatorsEnabled(pe)) return NONE;
  const file = halvesOf(pe.debug.file);
  const el = unprivileged ? 0 : pe.state.el;
  const start = address53(vaLo, vaHi);
  let causes: DebugCause[] | null = null;
  for (let slot = 0; slot < pe.model.watchpoints; slot++) {
    const control = file.wcr[slot * 2]!;
    if (!controlMatches(pe, file, control, el, read, write)) continue;
    watchedRange(file, slot, control);
    if (range.start >= start + bytes || start >= range.start + range.size) continue;
    causes ??= [];
    const offset = Math.max(0, range.start - start);
    causes.push({
      source: 'watchpoint',
      slot,
      address: BigInt.asUintN(64, fromHalves(vaLo, vaHi) + BigInt(offset)),
    });
  }
  return causes ?? NONE;
}

/**
 * Whether an enabled watchpoint watches any byte of the 4 KiB page, so that accesses to it must be matched one
 * by one. Privilege, direction and links are left to the match.
 */
export function isWatchedPage(pe: Pe, vaLo: number, vaHi: number): boolean {
  if (pe.debug.file === null || !comparatorsOn(pe)) return false;
  const file = halvesOf(pe.debug.file);
  const page = address53(vaLo & ~(PAGE - 1), vaHi);
  for (let slot = 0; slot < pe.model.watchpoints; slot++) {
    const control = file.wcr[slot * 2]!;
    if ((control & 1) === 0 || (control & 0x18) === 0) continue;
    watchedRange(file, slot, control);
    if (range.size !== 0 && range.start < page + PAGE && page < range.start + range.size) return true;
  }
  return false;
}
