/**
 * A VM's WebAssembly memory after the state block: what generated code and the host both address.
 * Offsets in bytes. Guest RAM comes last; everything before it is committed only where it is touched.
 */

export const HOST = {
  /** For each condition 0..15 a 32-bit word: bit n is set when the condition holds for NZCV = n. */
  TRUTH: 0x1000,
  /** Record at which generated code was left, or called the slow path. */
  RECORD: 0x1040,
  /** STATE.CONTEXT for which `RECENT` holds; 0: the software TLB has changed since. */
  RECENT_CONTEXT: 0x1048,
  /** The same for `WINDOWS`. */
  WINDOW_CONTEXT: 0x104c,
  /** Counted down for each access of tier 1 to a page in which other bytes are watched: the host does the one that makes it 0. */
  UNASKED: 0x1050,
  /** Entries of regions with windows while nothing is watched: counted down from `IDLE_ENTRIES`, since watchpoints have changed last. */
  IDLE_LEFT: 0x1054,
  /** Which access a region with windows has refused: the address (64 bits), and a word that is packed by `MISSED`. */
  MISSED_ADDRESS: 0x1058,
  MISSED_ACCESS: 0x1060,
  RECENT: 0x1100,
  WINDOWS: 0x1520,
  WATCHED: 0x1d80,
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
  /** The tag, and in its low bits what is `KNOWN` of the page, even if generated code may not access it without a look at `WATCHED`. */
  KNOWN_TAG: 24,
} as const;

/** READABLE, WRITABLE: the translation permits it. STORABLE: nobody but watchpoints has to see stores one by one. */
export const KNOWN = { READABLE: 1, WRITABLE: 2, STORABLE: 4, BITS: 15 } as const;

/**
 * The page of the last load and that of the last store of regions by each base register (0..32; 31: a constant address), and
 * TLB.ADDEND there: what the software TLB would answer for another access to it. Only regions use it.
 */
export const RECENT = { BASES: 33, ENTRY: 16, LOAD: 0, STORE: 16, START: 0, ADDEND: 8, STRIDE: 32 } as const;

/** START where nothing is remembered. No page: neither half of the address space reaches it, nor does a physical address. */
export const NOWHERE = 1n << 54n;

/**
 * The same for regions that access pages with watchpoints: instead of the page a run of bytes within it that are not watched, by the address of its
 * first byte. It has `LEAST` bytes, which is as much as an access may have, and LIMIT more (64 bits).
 */
export const WINDOW = {
  ENTRY: 32,
  LOAD: 0,
  STORE: 32,
  START: 0,
  LIMIT: 8,
  ADDEND: 16,
  STRIDE: 64,
  LEAST: 64,
} as const;

/** So many, and regions do without windows again. */
export const IDLE_ENTRIES = 256;

/** In HOST.MISSED_ACCESS, above the `AccessWord`: base register, as for `RECENT`, and direction. 0: nothing. */
export const MISSED = { ACCESS: 0xffff, BASE_SHIFT: 16, BASE: 0x3f, WRITE: 1 << 24 } as const;

/**
 * The bytes that watchpoints of the vcpu that runs watch, VA[52:0]: LOADS for loads, ALL for any access. Each is the size in bytes of a
 * list and, from `LIST` on, the list of first byte and first byte behind, 64 bits each.
 */
export const WATCHED = { LOADS: 0, ALL: 0x110, LIST: 16, RANGE: 16, END: 8, RANGES: 16 } as const;

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
