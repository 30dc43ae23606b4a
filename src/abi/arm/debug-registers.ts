/**
 * Layouts of the debug registers of self-hosted debug. Source: Arm ARM, DBGBCR<n>_EL1, DBGWCR<n>_EL1,
 * MDSCR_EL1, OSLSR_EL1.
 */
import type { Field } from './fields.ts';

export const DBGBCR_FIELDS: readonly Field[] = [
  { name: 'E', high: 0, low: 0, meaning: 'Enable' },
  { name: 'PMC', high: 2, low: 1, meaning: 'Privilege mode control: bit 0 EL1, bit 1 EL0' },
  { name: 'BAS', high: 8, low: 5, meaning: 'Byte address select' },
  { name: 'HMC', high: 13, low: 13, meaning: 'Higher mode control' },
  { name: 'SSC', high: 15, low: 14, meaning: 'Security state control' },
  { name: 'LBN', high: 19, low: 16, meaning: 'Linked breakpoint number' },
  { name: 'BT', high: 23, low: 20, meaning: 'Breakpoint type' },
];

export const DBGWCR_FIELDS: readonly Field[] = [
  { name: 'E', high: 0, low: 0, meaning: 'Enable' },
  { name: 'PAC', high: 2, low: 1, meaning: 'Privilege of access control: bit 0 EL1, bit 1 EL0' },
  { name: 'LSC', high: 4, low: 3, meaning: 'Load/store control: bit 0 loads, bit 1 stores' },
  { name: 'BAS', high: 12, low: 5, meaning: 'Byte address select within the doubleword' },
  { name: 'HMC', high: 13, low: 13, meaning: 'Higher mode control' },
  { name: 'SSC', high: 15, low: 14, meaning: 'Security state control' },
  { name: 'LBN', high: 19, low: 16, meaning: 'Linked breakpoint number' },
  { name: 'WT', high: 20, low: 20, meaning: 'Linked to a context-aware breakpoint' },
  { name: 'MASK', high: 28, low: 24, meaning: 'Address bits ignored: 3 to 31; 0 for none' },
];

export const MDSCR = { SS: 1n, TDCC: 1n << 12n, KDE: 1n << 13n, MDE: 1n << 15n } as const;

export const OSLSR = { OSLM: 0x8n, OSLK: 0x2n } as const;

/** Breakpoint types, DBGBCR.BT. `linked` types with a context never fire by themselves. */
export const BREAKPOINT_TYPES: readonly string[] = [
  'unlinked address match',
  'linked address match',
  'unlinked context ID match',
  'linked context ID match',
  'unlinked address mismatch',
  'linked address mismatch',
  'unlinked CONTEXTIDR_EL1 match',
  'linked CONTEXTIDR_EL1 match',
  'unlinked VMID match',
  'linked VMID match',
  'unlinked VMID and context ID match',
  'linked VMID and context ID match',
  'unlinked CONTEXTIDR_EL2 match',
  'linked CONTEXTIDR_EL2 match',
  'unlinked full context ID match',
  'linked full context ID match',
];

/** Bits that a direct guest write keeps; the others are RES0 in a PE without FEAT_BWE, FEAT_ABLE and FEAT_RME. */
export const DEBUG_WRITABLE = {
  BCR: 0x00ff_e1e7n,
  WCR: 0x1f1f_ffffn,
  BVR: 0xffff_ffff_ffff_fffcn,
  WVR: 0xffff_ffff_ffff_fffcn,
  MDSCR: 0x6c28_f041n,
} as const;
