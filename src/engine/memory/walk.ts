/**
 * The walk of the stage 1 translation tables, VMSAv8-64, all granules, 48-bit addresses. Guest faults are results;
 * nothing is thrown. Access flags and dirty state are not updated. Source: Arm ARM, AArch64.S1Translate.
 */
import { FAULT } from '../../abi/arm/esr.ts';
import { sysregKey } from '../../abi/arm/sysreg-key.ts';
import type { PeModel } from '../hardware.ts';
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
import { effectiveAttributes, type PermissionInputs } from './permissions.ts';

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

const MMFR0 = sysregKey(3, 0, 0, 7, 0);

// Scratch of one walk; the engine is single-threaded and a walk calls nothing that walks.
export const parameters: WalkParameters = {
  granule: 0,
  inputBits: 0,
  disabled: false,
  topByteIgnored: false,
};
/** What the last walk found beside the mapping. */
export const walked: { level: number; readonly attributes: PermissionInputs } = {
  /** Of the descriptor that ended it. */
  level: 0,
  /** Before permissions are worked out for an Exception level. */
  attributes: { el0: false, readOnly: false, uxn: false, pxn: false },
};
let sizedModel: PeModel | null = null;
let sizedBits = 48;

/** Physical address size of the PE, from ID_AA64MMFR0_EL1.PARange. */
export function implementedBits(model: PeModel): number {
  if (model !== sizedModel) {
    sizedModel = model;
    sizedBits = physicalBits(Number((model.idRegisters.get(MMFR0) ?? 5n) & 0xfn));
  }
  return sizedBits;
}

/** What `walk` returns for a mapping; no fault status code (0 is an address size fault, level 0). */
export const MAPPED = -1;

/**
 * Walk the tables. Returns MAPPED with `out` and `walked.attributes` describing the mapping (permissions not yet
 * applied), or the fault status code. An access flag fault leaves the mapping described.
 */
export function walk(
  pe: Pe,
  vaLo: number,
  vaHi: number,
  out: TranslationResult,
  trace: WalkTrace | null,
): number {
  const state = pe.state;
  const range = (vaHi >>> 23) & 1;
  const tcrHi = state.sysregHi(SLOT.TCR_EL1);
  walkParameters(state.sysregLo(SLOT.TCR_EL1), tcrHi, range, parameters);
  const { granule, inputBits } = parameters;
  walked.level = 0;
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
    walked.level = level;
    const shift = levelShift(level, granule);
    const address = table + field64(vaLo, vaHi, shift, width) * 8;
    const offset = pe.ram.offset(address, 8);
    if (offset < 0) return FAULT.EXTERNAL_ON_WALK | level;
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
      effectiveAttributes(lo, hi, tables, walked.attributes);
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
