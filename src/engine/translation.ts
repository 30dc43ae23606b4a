/** What the walk of the translation tables finds for one address, for tools. */

export type AccessKind = 'read' | 'write' | 'fetch';

/** The access that is asked about. */
export interface TranslationAccess {
  readonly kind: AccessKind;
  /** Default: the vcpu's current Exception level. */
  readonly el?: 0 | 1;
}

/** The half of the address space that bit 55 of the address selects: TTBRn_EL1 and its fields of TCR_EL1. */
export interface TranslationRange {
  readonly register: 'TTBR0_EL1' | 'TTBR1_EL1';
  /** Physical address of the first table. */
  readonly tableBase: number;
  /** Of the register that TCR_EL1.A1 selects, which is in use for both halves. */
  readonly asid: number;
  /** Bytes; null where TCR_EL1.TGn is reserved. */
  readonly granule: number | null;
  /** 64 - TCR_EL1.TnSZ. */
  readonly inputBits: number;
  /** What TCR_EL1.IPS and the PE allow. */
  readonly outputBits: number;
  /** Null where there can be no walk. */
  readonly startLevel: number | null;
  /** TCR_EL1.TBIn. */
  readonly topByteIgnored: boolean;
  /** TCR_EL1.EPDn. */
  readonly walksDisabled: boolean;
}

/** A descriptor that the walk read. */
export interface TranslationLevel {
  readonly level: number;
  readonly descriptorAddress: number;
  readonly descriptor: bigint;
  readonly kind: 'table' | 'block' | 'page' | 'invalid';
  /** Of a table: what it takes from everything below it. `ap`: APTable, 1 no access for EL0, 2 no writes. */
  readonly table?: { readonly ap: number; readonly uxn: boolean; readonly pxn: boolean };
}

/** Attributes of the block or page descriptor that ended the walk, as it has them. */
export interface Mapping {
  /** Bytes that the descriptor maps. */
  readonly size: number;
  /** AttrIndx, the byte of MAIR_EL1 that it selects, and that byte in the manual's words. */
  readonly attributeIndex: number;
  readonly mair: number;
  readonly memoryType: string;
  /** SH; Device and Non-cacheable memory is Outer Shareable whatever it says. */
  readonly shareability: 'non-shareable' | 'reserved' | 'outer' | 'inner';
  /** AP[2:1]: 1 access for EL0, 2 no writes. */
  readonly ap: number;
  readonly uxn: boolean;
  readonly pxn: boolean;
  readonly accessFlag: boolean;
  readonly notGlobal: boolean;
  readonly contiguous: boolean;
  /** GP, where the PE has FEAT_BTI. */
  readonly guarded: boolean;
}

export interface TranslationFault {
  /** As in ESR_EL1.DFSC or IFSC. */
  readonly status: number;
  readonly level: number;
  /** The status code in the manual's words. */
  readonly reason: string;
  /** Which bits of which register or descriptor made it. */
  readonly cause: string;
}

export interface Translation {
  /** A physical address is there, whatever the permissions and the access flag say. */
  readonly ok: boolean;
  readonly physical?: number;
  /** The access that `fault` is about. `pan`: PSTATE.PAN. */
  readonly access: { readonly kind: AccessKind; readonly el: 0 | 1; readonly pan: boolean };
  /** Absent with the MMU off: SCTLR_EL1.M is 0, addresses are physical. */
  readonly range?: TranslationRange;
  readonly levels: readonly TranslationLevel[];
  readonly mapping?: Mapping;
  readonly fault?: TranslationFault;
  /** What either Exception level may do, tables and SCTLR_EL1.WXN included, PSTATE.PAN not: `rwx` with dashes. */
  readonly permissions?: { readonly el0: string; readonly el1: string };
}
