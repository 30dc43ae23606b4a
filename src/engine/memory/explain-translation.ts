/** Where an address leads and why, for tools: the walk level by level. */
import { FAULT, faultName } from '../../abi/arm/esr.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import { fromHalves, hi32, lo32 } from '../../base/u64.ts';
import type { Translation } from '../hardware.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';
import { blockAllowed, DESCRIPTOR } from './descriptors.ts';
import { permissionsOf } from './permissions.ts';
import { translateAs } from './translate.ts';
import { createTranslationResult, parameters, walked } from './walk.ts';

const SCTLR_M = 1;
const SCTLR_WXN = 1 << 19;

/** Permissions of the last walk for an Exception level, as `rwx` with dashes. For tools, right after a walk. */
function permissionText(el: 0 | 1, wxn: boolean): string {
  const p = { readable: false, writable: false, executable: false };
  permissionsOf(walked.attributes, el, wxn, false, p);
  return `${p.readable ? 'r' : '-'}${p.writable ? 'w' : '-'}${p.executable ? 'x' : '-'}`;
}

/**
 * Where an address leads and why, for tools. A debugger sees through permissions and access flags: `ok` means
 * that a physical address is there; `fault` beside it says what the vcpu's own access would take.
 */
export function explainTranslation(pe: Pe, va: bigint, write: boolean): Translation {
  const levels: Translation['levels'][number][] = [];
  const out = createTranslationResult();
  const kind = write ? 'write' : 'read';
  const vaLo = lo32(va);
  const vaHi = hi32(va);
  const granted = translateAs(pe, vaLo, vaHi, kind, pe.state.el, pePan(pe), out, (level, address, lo, hi) => {
    levels.push({
      level,
      descriptorAddress: address,
      descriptor: fromHalves(lo, hi),
      kind: kindOf(lo, level),
    });
  });
  const fault = granted ? {} : { fault: describeFault(out.status) };
  const code = out.status & ~3;
  const mapped = granted || code === FAULT.PERMISSION || code === FAULT.ACCESS_FLAG;
  if (!mapped) return { ok: false, levels, ...fault };
  const sctlr = pe.state.sysregLo(SLOT.SCTLR_EL1);
  const flatRegime = (sctlr & SCTLR_M) === 0;
  const text = (el: 0 | 1) => (flatRegime ? 'rwx' : permissionText(el, (sctlr & SCTLR_WXN) !== 0));
  return { ok: true, physical: out.physical, levels, ...fault, permissions: { el0: text(0), el1: text(1) } };
}

function pePan(pe: Pe): boolean {
  return (pe.state.pstate & PSTATE.PAN) !== 0;
}

function kindOf(lo: number, level: number): 'table' | 'block' | 'page' | 'invalid' {
  if ((lo & DESCRIPTOR.VALID) === 0) return 'invalid';
  const tableOrPage = (lo & DESCRIPTOR.TABLE_OR_PAGE) !== 0;
  if (level === 3) return tableOrPage ? 'page' : 'invalid';
  if (tableOrPage) return 'table';
  return blockAllowed(level, parameters.granule) ? 'block' : 'invalid';
}

function describeFault(status: number): { status: number; level: number; reason: string } {
  return { status, level: status & 3, reason: faultName(status) };
}
