/** The parts of a walk in the manual's words. Source: Arm ARM, VMSAv8-64 descriptor formats, MAIR_EL1, TCR_EL1. */
import { fromHalves } from '../../base/u64.ts';
import type { Pe } from '../system/pe.ts';
import { SLOT } from '../system/storage.ts';
import type { Mapping, TranslationLevel, TranslationRange } from '../translation.ts';
import {
  blockAllowed,
  DESCRIPTOR,
  LOWER,
  levelShift,
  outputAddress,
  physicalBits,
  startLevel,
  UPPER,
  type WalkParameters,
} from './descriptors.ts';
import { implementedBits, type TranslationResult } from './walk.ts';

/** TCR_EL1.A1 and, of the high half, TCR_EL1.AS. */
const TCR_A1 = 1 << 22;
const TCR_AS = 1 << (36 - 32);
/** TnSZ that a walk is possible with. */
const INPUT_BITS = { least: 25, most: 48 } as const;
const NOT_GLOBAL = 1 << 11;
const CONTIGUOUS = 1 << (52 - 32);
const SHAREABILITY = ['non-shareable', 'reserved', 'outer', 'inner'] as const;
const DEVICE = ['nGnRnE', 'nGnRE', 'nGRE', 'GRE'] as const;
const CACHED = ['', 'Write-Through', 'Write-Back'] as const;

export function possibleInput(bits: number): boolean {
  return bits >= INPUT_BITS.least && bits <= INPUT_BITS.most;
}

/** `p`: decoded for this half, as the walk does. */
export function describeRange(pe: Pe, half: 0 | 1, p: WalkParameters): TranslationRange {
  const { state } = pe;
  const tcrHi = state.sysregHi(SLOT.TCR_EL1);
  const ttbr = half === 0 ? SLOT.TTBR0_EL1 : SLOT.TTBR1_EL1;
  const asidOf = (state.sysregLo(SLOT.TCR_EL1) & TCR_A1) === 0 ? SLOT.TTBR0_EL1 : SLOT.TTBR1_EL1;
  const walkable = p.granule !== 0 && possibleInput(p.inputBits);
  const first = walkable ? startLevel(p.inputBits, p.granule) : null;
  const low = first === null ? 12 : p.inputBits - levelShift(first, p.granule) + 3;
  return {
    register: half === 0 ? 'TTBR0_EL1' : 'TTBR1_EL1',
    tableBase: outputAddress(state.sysregLo(ttbr), state.sysregHi(ttbr), low),
    asid: (state.sysregHi(asidOf) >>> 16) & ((tcrHi & TCR_AS) === 0 ? 0xff : 0xffff),
    granule: p.granule === 0 ? null : 2 ** p.granule,
    inputBits: p.inputBits,
    outputBits: Math.min(physicalBits(tcrHi & 7), implementedBits(pe.model)),
    startLevel: first,
    topByteIgnored: p.topByteIgnored,
    walksDisabled: p.disabled,
  };
}

export function describeLevel(
  level: number,
  descriptorAddress: number,
  lo: number,
  hi: number,
  granule: number,
): TranslationLevel {
  const kind = kindOf(lo, level, granule);
  const common = { level, descriptorAddress, descriptor: fromHalves(lo, hi), kind };
  if (kind !== 'table') return common;
  const ap = (hi >>> (61 - 32)) & 3;
  return {
    ...common,
    table: { ap, uxn: (hi & UPPER.UXN_TABLE) !== 0, pxn: (hi & UPPER.PXN_TABLE) !== 0 },
  };
}

function kindOf(lo: number, level: number, granule: number): TranslationLevel['kind'] {
  if ((lo & DESCRIPTOR.VALID) === 0) return 'invalid';
  const tableOrPage = (lo & DESCRIPTOR.TABLE_OR_PAGE) !== 0;
  if (level === 3) return tableOrPage ? 'page' : 'invalid';
  if (tableOrPage) return 'table';
  return blockAllowed(level, granule) ? 'block' : 'invalid';
}

/** `out`: of a walk that found a mapping with this descriptor. */
export function describeMapping(pe: Pe, lo: number, hi: number, out: TranslationResult): Mapping {
  return {
    size: 2 ** out.sizeBits,
    attributeIndex: (lo >>> 2) & 7,
    mair: out.attributes,
    memoryType: memoryType(out.attributes),
    shareability: SHAREABILITY[out.shareability & 3]!,
    ap: (lo >>> 6) & 3,
    uxn: (hi & UPPER.UXN) !== 0,
    pxn: (hi & UPPER.PXN) !== 0,
    accessFlag: (lo & LOWER.AF) !== 0,
    notGlobal: (lo & NOT_GLOBAL) !== 0,
    contiguous: (hi & CONTIGUOUS) !== 0,
    guarded: out.guarded && pe.model.features.has('FEAT_BTI'),
  };
}

/** A byte of MAIR_EL1. */
export function memoryType(attributes: number): string {
  const outer = attributes >>> 4;
  const inner = attributes & 15;
  if (outer === 0) return (inner & 3) === 0 ? `Device-${DEVICE[inner >>> 2]}` : 'unpredictable';
  if (inner === 0) return 'unpredictable';
  if (outer === inner) return `Normal ${cacheability(outer)}`;
  return `Normal Outer ${cacheability(outer)}, Inner ${cacheability(inner)}`;
}

/** 0b0100 Non-cacheable; else bit 3 non-transient, bit 2 Write-Back, bits 1 and 0 allocate on reads and on writes. */
function cacheability(nibble: number): string {
  if (nibble === 4) return 'Non-cacheable';
  const policy = CACHED[(nibble & 4) === 0 ? 1 : 2];
  const transient = (nibble & 8) === 0 ? ' transient' : '';
  const allocate = [(nibble & 2) === 0 ? '' : 'Read', (nibble & 1) === 0 ? '' : 'Write'].filter(
    (t) => t !== '',
  );
  return `${policy}${transient} ${allocate.length === 0 ? 'No-Allocate' : `${allocate.join('-')}-Allocate`}`;
}
