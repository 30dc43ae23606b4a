/**
 * The stage 1 translation of the EL1&0 regime, VMSAv8-64, all granules, 48-bit addresses. One walker serves
 * accesses, AT and tools. Guest faults are results; nothing is thrown. The hardware does not update access
 * flags or dirty state. Source: Arm ARM, AArch64.S1Translate.
 */
import { FAULT, faultName } from '../../abi/arm/esr.ts';
import { PSTATE } from '../../abi/arm/pstate.ts';
import { sysregKey } from '../../abi/arm/sysreg-key.ts';
import { fromHalves, hi32, lo32 } from '../../base/u64.ts';
import type { PeModel, Translation } from '../hardware.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';
import {
  addressLimit,
  blockAllowed,
  DESCRIPTOR,
  field64,
  LOWER,
  levelShift,
  outputAddress,
  physicalBits,
  startLevel,
  UPPER,
  walkParameters,
  type WalkParameters,
} from './descriptors.ts';
import { effectiveAttributes, permissionsOf, type PermissionInputs } from './permissions.ts';

export type AccessKind = 'read' | 'write' | 'fetch';

/** Result of a translation; callers keep one and pass it in, so that a walk allocates nothing. */
export interface TranslationResult {
  ok: boolean;
  /** Physical address of the byte asked for. Meaningful when `ok`, or when only the permission is missing. */
  physical: number;
  /** Address bits that the descriptor maps: 12, 14, 16, 21, 25, 29 or 30; 12 with the MMU off. */
  sizeBits: number;
  /** Any Device memory type: unaligned accesses fault. */
  device: boolean;
  /** MAIR attribute byte, and the descriptor's shareability (SH[1:0]). */
  attributes: number;
  shareability: number;
  /** What the Exception level of the access may do here, so that a TLB entry can be filled. */
  readable: boolean;
  writable: boolean;
  executable: boolean;
  /** GP of the descriptor: a guarded page, where FEAT_BTI is implemented. */
  guarded: boolean;
  /** Fault status code (DFSC or IFSC) when not `ok`, level included. */
  status: number;
}

export function createTranslationResult(): TranslationResult {
  return {
    ok: false,
    physical: 0,
    sizeBits: 12,
    device: false,
    attributes: 0,
    shareability: 0,
    readable: false,
    writable: false,
    executable: false,
    guarded: false,
    status: 0,
  };
}

/** Called for each descriptor that a walk reads. */
export type WalkTrace = (level: number, address: number, lo: number, hi: number) => void;

const SCTLR_M = 1;
const SCTLR_WXN = 1 << 19;
const MMFR0 = sysregKey(3, 0, 0, 7, 0);

// Scratch of one walk; the engine is single-threaded and a walk calls nothing that walks.
const parameters: WalkParameters = { granule: 0, inputBits: 0, disabled: false, topByteIgnored: false };
const attributes: PermissionInputs = { el0: false, readOnly: false, uxn: false, pxn: false };
let sizedModel: PeModel | null = null;
let sizedBits = 48;

/** Physical address size of the PE, from ID_AA64MMFR0_EL1.PARange. */
function implementedBits(model: PeModel): number {
  if (model !== sizedModel) {
    sizedModel = model;
    sizedBits = physicalBits(Number((model.idRegisters.get(MMFR0) ?? 5n) & 0xfn));
  }
  return sizedBits;
}

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
  permissionsOf(attributes, el, (sctlr & SCTLR_WXN) !== 0, pan, out);
  const allowed = kind === 'read' ? out.readable : kind === 'write' ? out.writable : out.executable;
  if (!allowed) return fault(out, FAULT.PERMISSION | lastLevel);
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

/** Level of the descriptor that ended the last walk. */
let lastLevel = 0;
/** What `walk` returns for a mapping; no fault status code (0 is an address size fault, level 0). */
const MAPPED = -1;

/**
 * Walk the tables. Returns MAPPED with `out` and `attributes` describing the mapping (permissions not yet
 * applied), or the fault status code. An access flag fault leaves the mapping described.
 */
function walk(pe: Pe, vaLo: number, vaHi: number, out: TranslationResult, trace: WalkTrace | null): number {
  const state = pe.state;
  const range = (vaHi >>> 23) & 1;
  const tcrHi = state.sysregHi(SLOT.TCR_EL1);
  walkParameters(state.sysregLo(SLOT.TCR_EL1), tcrHi, range, parameters);
  const { granule, inputBits } = parameters;
  lastLevel = 0;
  if (parameters.disabled || granule === 0 || inputBits > 48 || inputBits < 25) return FAULT.TRANSLATION;
  if (!inRange(vaLo, vaHi, range, inputBits, parameters.topByteIgnored)) return FAULT.TRANSLATION;

  const limit = addressLimit(Math.min(physicalBits(tcrHi & 7), implementedBits(pe.model)));
  const ttbr = range === 0 ? SLOT.TTBR0_EL1 : SLOT.TTBR1_EL1;
  let level = startLevel(inputBits, granule);
  let width = inputBits - levelShift(level, granule);
  let table = outputAddress(state.sysregLo(ttbr), state.sysregHi(ttbr), width + 3);
  let tables = 0;
  if (table >= limit) return FAULT.ADDRESS_SIZE;
  for (; ; level++) {
    lastLevel = level;
    const shift = levelShift(level, granule);
    const address = table + field64(vaLo, vaHi, shift, width) * 8;
    const offset = address - pe.ram.base;
    if (offset < 0 || offset > pe.ram.size - 8) return FAULT.EXTERNAL_ON_WALK | level;
    const index = (pe.ram.host + offset) / 4;
    const lo = state.i32[index]!;
    const hi = state.i32[index + 1]!;
    if (trace !== null) trace(level, address, lo, hi);
    if (!descriptorValid(lo, level, granule)) return FAULT.TRANSLATION | level;
    if (level === 3 || (lo & DESCRIPTOR.TABLE_OR_PAGE) === 0) {
      const base = outputAddress(lo, hi, shift);
      if (base >= limit) return FAULT.ADDRESS_SIZE | level;
      out.physical = base + offsetWithin(vaLo, shift);
      out.sizeBits = shift;
      out.guarded = (hi & UPPER.GP) !== 0;
      describeMemory(pe, lo, out);
      effectiveAttributes(lo, hi, tables, attributes);
      return (lo & LOWER.AF) === 0 ? FAULT.ACCESS_FLAG | level : MAPPED;
    }
    table = outputAddress(lo, hi, granule);
    if (table >= limit) return FAULT.ADDRESS_SIZE | level;
    tables |= hi;
    width = granule - 3;
  }
}

/** The bits above the input size are all zero (TTBR0) or all one (TTBR1); a tag may stand above bit 55. */
function inRange(vaLo: number, vaHi: number, range: number, inputBits: number, tagged: boolean): boolean {
  const expected = -range;
  const high = tagged ? (vaHi << 8) >> 8 : vaHi;
  if (inputBits >= 32) return high >> (inputBits - 32) === expected;
  return high === expected && vaLo >> inputBits === expected;
}

function descriptorValid(lo: number, level: number, granule: number): boolean {
  if ((lo & DESCRIPTOR.VALID) === 0) return false;
  const tableOrPage = (lo & DESCRIPTOR.TABLE_OR_PAGE) !== 0;
  return tableOrPage || (level !== 3 && blockAllowed(level, granule));
}

/** Low `bits` (at most 30) bits of an address. */
function offsetWithin(vaLo: number, bits: number): number {
  return vaLo & ((1 << bits) - 1);
}

function describeMemory(pe: Pe, lo: number, out: TranslationResult): void {
  const index = (lo >>> 2) & 7;
  const mair = index < 4 ? pe.state.sysregLo(SLOT.MAIR_EL1) : pe.state.sysregHi(SLOT.MAIR_EL1);
  out.attributes = (mair >>> ((index & 3) * 8)) & 0xff;
  out.device = (out.attributes & 0xf0) === 0;
  out.shareability = (lo >>> 8) & 3;
}

/** Permissions of the last walk for an Exception level, as `rwx` with dashes. For tools, right after a walk. */
function permissionText(el: 0 | 1, wxn: boolean): string {
  const p = { readable: false, writable: false, executable: false };
  permissionsOf(attributes, el, wxn, false, p);
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
