/**
 * The stage 1 translation of the EL1&0 regime, VMSAv8-64, all granules, 48-bit addresses. One walker serves
 * accesses, AT and tools. Guest faults are results; nothing is thrown. The hardware does not update access
 * flags or dirty state. Source: Arm ARM, AArch64.S1Translate.
 */
import { FAULT } from '../../abi/arm/esr.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';
import type { AccessKind } from '../translation.ts';
import { permissionsOf } from './permissions.ts';
import { implementedBits, MAPPED, type TranslationResult, type WalkTrace, walk, walked } from './walk.ts';

const SCTLR_M = 1;
const SCTLR_WXN = 1 << 19;

/**
 * Translate one address for an access by the current Exception level. `unprivileged`: an LDTR or STTR, which
 * accesses as EL0 unless PSTATE.UAO. Returns `out.ok`.
 */
export function translate(
  pe: Pe,
  vaLo: number,
  vaHi: number,
  kind: AccessKind,
  unprivileged: boolean,
  out: TranslationResult,
): boolean {
  const pstate = pe.state.pstate;
  const asEl0 = pe.state.el === 0 || (unprivileged && (pstate & PSTATE.UAO) === 0);
  return translateAs(pe, vaLo, vaHi, kind, asEl0 ? 0 : 1, (pstate & PSTATE.PAN) !== 0, out, null);
}

/** Translate as a given Exception level, whatever the current one is. */
export function translateAs(
  pe: Pe,
  vaLo: number,
  vaHi: number,
  kind: AccessKind,
  el: 0 | 1,
  pan: boolean,
  out: TranslationResult,
  trace: WalkTrace | null,
): boolean {
  const sctlr = pe.state.sysregLo(SLOT.SCTLR_EL1);
  if ((sctlr & SCTLR_M) === 0) return flat(pe, vaLo, vaHi, kind, out);
  const status = walk(pe, vaLo, vaHi, out, trace);
  if (status !== MAPPED) return fault(out, status);
  permissionsOf(walked.attributes, el, (sctlr & SCTLR_WXN) !== 0, pan, out);
  const allowed = kind === 'read' ? out.readable : kind === 'write' ? out.writable : out.executable;
  if (!allowed) return fault(out, FAULT.PERMISSION | walked.level);
  if (out.sizeBits > 12) pe.contexts.noteLarge(vaLo, vaHi, out.sizeBits);
  out.ok = true;
  out.status = 0;
  return true;
}

function fault(out: TranslationResult, status: number): false {
  out.ok = false;
  out.status = status;
  return false;
}

/** Stage 1 off: VA is PA. Data is Device-nGnRnE, instructions are Normal. */
function flat(pe: Pe, vaLo: number, vaHi: number, kind: AccessKind, out: TranslationResult): boolean {
  const tbi = ((pe.state.sysregHi(SLOT.TCR_EL1) >>> (5 + ((vaHi >>> 23) & 1))) & 1) !== 0;
  const high = tbi ? vaHi & 0x00ff_ffff : vaHi >>> 0;
  if (high >= 1 << (implementedBits(pe.model) - 32)) return fault(out, FAULT.ADDRESS_SIZE);
  out.ok = true;
  out.status = 0;
  out.physical = high * 0x1_0000_0000 + (vaLo >>> 0);
  out.sizeBits = 12;
  out.device = kind !== 'fetch';
  out.attributes = kind === 'fetch' ? 0x44 : 0;
  out.shareability = 2;
  out.readable = true;
  out.writable = true;
  out.executable = true;
  out.guarded = false;
  return true;
}
