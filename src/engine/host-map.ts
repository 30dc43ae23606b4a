/**
 * A VM's WebAssembly memory after the state block: what generated code and the host both address.
 * Offsets in bytes. Guest RAM comes last; everything before it is committed only where it is touched.
 */

export const HOST = {
  /** For each condition 0..15 a 32-bit word: bit n is set when the condition holds for NZCV = n. */
  TRUTH: 0x1000,
  /** Record at which generated code was left. */
  RECORD: 0x1040,
  /** STATE.CONTEXT for which `RECENT` holds; 0: the software TLB has changed since. */
  RECENT_CONTEXT: 0x1048,
  RECENT: 0x1100,
  TLB: 0x2000,
  CODE_TLB: 0x22000,
  HEAT: 0x28000,
  POOL: 0x30000,
} as const;

/** Software TLB: direct-mapped by VA page. A tag is the page's address plus the context number; 0 is empty. */
export const TLB = {
  ENTRIES: 4096,
  ENTRY: 32,
  READ_TAG: 0,
  WRITE_TAG: 8,
  /** Host address minus the low half of the virtual address, modulo 2^32. */
  ADDEND: 16,
  /** Index of the RAM page, for the host's own searches. */
  PAGE: 20,
  /** For the host: stores are permitted, even if generated code may not do them in place. */
  WRITABLE_TAG: 24,
} as const;

/**
 * The page of the last load and that of the last store of regions by each base register (0..32; 31: a constant address), and
 * TLB.ADDEND there: what the software TLB would answer for another access to it. Only regions use it.
 */
export const RECENT = { BASES: 33, ENTRY: 16, LOAD: 0, STORE: 16, PAGE: 0, ADDEND: 8, STRIDE: 32 } as const;

/** Code TLB: VA page plus context to the page of predecoded records. */
export const CODE_TLB = {
  ENTRIES: 1024,
  ENTRY: 16,
  TAG: 0,
  BASE: 8,
  /** Non-zero: a guarded page (FEAT_BTI). */
  GUARDED: 12,
} as const;

/**
 * How often control came to a record other than from the instruction before it: 16-bit counters, shared by records
 * with the same low address bits, outside architectural state. The host is asked when one overflows.
 */
export const HEAT = { ENTRIES: 16384, ENTRY: 2 } as const;

/** A predecoded instruction. All zero means: not decoded yet. */
export const RECORD = {
  SIZE: 32,
  OPCODE: 0,
  CONDITION: 2,
  /**
   * Branch types that land here in a guarded page: bit n for BTYPE n, never more than is true. Bit 7: an indirect
   * branch has come here.
   */
  LANDING: 3,
  /** Byte offsets of the registers in the state block. */
  RD: 4,
  RN: 6,
  RM: 8,
  RA: 10,
  /**
   * Of a conditional branch, which has neither RM nor RA: how often tier 1 has run it, and in the upper half how often it was taken.
   * 16 bits each, outside architectural state.
   */
  WAYS: 8,
  /** Direct branch within the page: distance to the target's record; 0 means that IMM2 is the target address. */
  DELTA: 12,
  IMM: 16,
  IMM2: 24,
} as const;

/** In `RECORD.LANDING`. */
export const LANDED = 0x80;

/** A page of records: 1024, one that leads to the next page, and a header behind them. */
export const POOL_PAGE = {
  STRIDE: 0x8100,
  RECORDS: 1024,
  END_RECORD: 1024 * RECORD.SIZE,
  /** Virtual address of the page, 64 bits. */
  VA: 0x8020,
} as const;

export const POOL_PAGES = 2048;
/** Tables for CRC32 and CRC32C, behind the pool. */
export const CRC_HOST = HOST.POOL + POOL_PAGES * POOL_PAGE.STRIDE;
const CRC_BYTES = 2 * 8 * 1024;
const WASM_PAGE = 0x10000;
/** Where guest RAM starts. */
export const RAM_HOST = Math.ceil((CRC_HOST + CRC_BYTES) / WASM_PAGE) * WASM_PAGE;

/** Opcodes that are no instruction's. */
export const OPCODE = {
  DECODE: 0,
  PAGE_END: 1,
  BREAKPOINT: 2,
  UNALLOCATED: 3,
  REFUSED: 4,
  FIRST: 5,
} as const;

/** Why generated code was left. PC is in the state block in every case. */
export const REASON = {
  BUDGET: 0,
  /** A system instruction asked for it; the host has set the state. */
  SYSTEM: 1,
  /** The instruction at PC has no predecoded page: translate, fault, or decode. */
  FETCH: 2,
  UNALLOCATED: 3,
  FP_TRAP: 4,
  /** The slow path refused a data access and knows why. */
  DATA: 5,
  BREAKPOINT: 6,
  SP_ALIGNMENT: 7,
  /** An indirect branch into a guarded page: the instruction at PC is to be checked. */
  LANDING: 8,
} as const;
