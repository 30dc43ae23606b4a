/**
 * The first page of a VM's WebAssembly memory: the state block of the vcpu that is switched in. Generated
 * code addresses it with constants; everything else goes through `CpuState`. Offsets in bytes.
 */
export const STATE = {
  /** X0..X30 at 8 * n, then the register that reads as zero. */
  X: 0x000,
  ZERO: 31 * 8,
  /** The stack pointer that PSTATE selects. */
  SP: 32 * 8,
  /** Where writes to the zero register go. */
  SINK: 33 * 8,
  PC: 0x110,
  /** NZCV in bits 3..0 of a word; materialised whenever generated code is left. */
  NZCV: 0x118,
  /** PSTATE without NZCV, SPSR layout. */
  PSTATE: 0x11c,
  /** Budget left when generated code called out or was left (int32). */
  BUDGET: 0x120,
  /** Why generated code was left. */
  REASON: 0x124,
  /** Translation context of this state: a non-zero multiple of 16 below 4096 in a 64-bit word, added to every software-TLB tag (the low 4 bits of a tag are for misalignment). */
  CONTEXT: 0x128,
  /** Context that LDTR and STTR use. */
  CONTEXT_UNPRIVILEGED: 0x130,
  /** Non-zero: SIMD and floating point are not trapped by CPACR_EL1.FPEN. */
  FP_ENABLED: 0x138,
  /** Non-zero: every unaligned access faults (SCTLR_EL1.A, or the MMU is off). */
  ALIGN_STRICT: 0x13c,
  /** Local exclusive monitor: address (64 bits) and bytes (0: open). */
  EXCLUSIVE_ADDRESS: 0x140,
  EXCLUSIVE_BYTES: 0x148,
  /** FEAT_BTI: PSTATE.BTYPE in place, and the budget with which it stands (see `branch-type.ts`). */
  BTYPE: 0x14c,
  BTYPE_BUDGET: 0x150,
  /** Non-zero: unmasking interrupts or debug exceptions may change what happens next. Set for each slice. */
  ATTENTION: 0x154,
  /** Virtual time in ticks when the slice's budget is spent (64 bits). */
  COUNT: 0x158,
  /** Budget when a load-exclusive was executed last in the slice; -1: none was. */
  EXCLUSIVE_BUDGET: 0x160,
  /** Non-zero: DC ZVA zeroes 64 bytes of memory here and now, without a trap. */
  ZERO_BLOCK: 0x164,
  /** Identification registers that generated code reads (64 bits each). */
  CTR_EL0: 0x168,
  DCZID_EL0: 0x170,
  MIDR_EL1: 0x178,
  /** V0..V31 at 16 * n. */
  V: 0x200,
  /** Bytes of an access that cannot be done in place. */
  SCRATCH: 0x400,
  /** Storage of system registers, 8 bytes each. */
  SYSREGS: 0x480,
  /** The first of them are those that generated code uses. */
  FPCR: 0x480,
  FPSR: 0x488,
  END: 0x1000,
} as const;

export const SYSREG_SLOTS = (STATE.END - STATE.SYSREGS) / 8;
/** FPSR.QC: an Advanced SIMD integer operation has saturated. */
export const FPSR_QC = 1 << 27;
/** Register numbers with a meaning of their own in operand fields. */
export const REG = { ZERO: 31, SP: 32, SINK: 33 } as const;

/** Where the type is in STATE.BTYPE, as in PSTATE. */
export const BTYPE_SHIFT = 10;
