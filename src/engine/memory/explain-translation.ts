/** Where an address leads and why, for tools: the walk level by level. */
import { FAULT } from '../../abi/arm/esr.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import { hi32, lo32 } from '../../base/u64.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';
import type { Translation, TranslationAccess, TranslationLevel } from '../translation.ts';
import { describeFault } from './describe-fault.ts';
import { describeLevel, describeMapping, describeRange } from './describe-walk.ts';
import { walkParameters } from './descriptors.ts';
import { permissionsOf } from './permissions.ts';
import { translateAs } from './translate.ts';
import { createTranslationResult, implementedBits, parameters, walked, type WalkTrace } from './walk.ts';

const SCTLR_M = 1;
const SCTLR_WXN = 1 << 19;

const out = createTranslationResult();

/** A debugger sees through permissions and access flags. */
function leadsSomewhere(granted: boolean): boolean {
  const code = out.status & ~3;
  return granted || code === FAULT.PERMISSION || code === FAULT.ACCESS_FLAG;
}

/** The physical address behind a virtual one, whatever its permissions; null when there is none. */
export function physicalAddress(pe: Pe, va: bigint): number | null {
  const granted = translateAs(pe, lo32(va), hi32(va), 'read', pe.state.el, false, out, null);
  return leadsSomewhere(granted) ? out.physical : null;
}

/**
 * Where an address leads and why, for tools. `ok` means that a physical address is there; `fault` beside it says what
 * the vcpu's own access would take.
 */
export function explainTranslation(pe: Pe, va: bigint, { kind, el }: TranslationAccess): Translation {
  const { state } = pe;
  const access = { kind, el: el ?? state.el, pan: (state.pstate & PSTATE.PAN) !== 0 } as const;
  const mmu = (state.sysregLo(SLOT.SCTLR_EL1) & SCTLR_M) !== 0;
  const half = (hi32(va) >>> 23) & 1;
  walkParameters(state.sysregLo(SLOT.TCR_EL1), state.sysregHi(SLOT.TCR_EL1), half, parameters);
  const range = mmu ? describeRange(pe, half === 0 ? 0 : 1, parameters) : undefined;

  const levels: TranslationLevel[] = [];
  const last = { lo: 0, hi: 0 };
  const trace: WalkTrace = (level, address, lo, hi) => {
    levels.push(describeLevel(level, address, lo, hi, parameters.granule));
    Object.assign(last, { lo, hi });
  };
  const granted = translateAs(pe, lo32(va), hi32(va), kind, access.el, access.pan, out, trace);
  const found = leadsSomewhere(granted);
  const permissions = { el0: rights(pe, 0, mmu), el1: rights(pe, 1, mmu) };
  const context = {
    access,
    range,
    levels,
    physicalBits: implementedBits(pe.model),
    rights: access.el === 0 ? permissions.el0 : permissions.el1,
  };
  return {
    ok: found,
    ...(found && { physical: out.physical }),
    access,
    ...(range !== undefined && { range }),
    levels,
    ...(found && mmu && { mapping: describeMapping(pe, last.lo, last.hi, out) }),
    ...(!granted && { fault: describeFault(out.status, context) }),
    ...(found && { permissions }),
  };
}

/** What an Exception level may do with what the last walk found, PSTATE.PAN aside. */
function rights(pe: Pe, el: 0 | 1, mmu: boolean): string {
  if (!mmu) return 'rwx';
  const p = { readable: false, writable: false, executable: false };
  const wxn = (pe.state.sysregLo(SLOT.SCTLR_EL1) & SCTLR_WXN) !== 0;
  permissionsOf(walked.attributes, el, wxn, false, p);
  return `${p.readable ? 'r' : '-'}${p.writable ? 'w' : '-'}${p.executable ? 'x' : '-'}`;
}
