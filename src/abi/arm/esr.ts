/**
 * Exception syndromes: EC numbers, ISS layouts, fault status codes. Source: Arm ARM, ESR_EL1.
 * ESR = EC << 26 | IL << 25 | ISS; all values are unsigned 32-bit numbers.
 */

/** Exception classes of AArch64 state. `LOWER` and `SAME`: taken from a lower or from the same Exception level. */
export const EC = {
  UNKNOWN: 0x00,
  WFX: 0x01,
  FP_ACCESS: 0x07,
  BRANCH_TARGET: 0x0d,
  ILLEGAL_STATE: 0x0e,
  SVC64: 0x15,
  HVC64: 0x16,
  SMC64: 0x17,
  SYSREG: 0x18,
  INSTRUCTION_ABORT_LOWER: 0x20,
  INSTRUCTION_ABORT_SAME: 0x21,
  PC_ALIGNMENT: 0x22,
  DATA_ABORT_LOWER: 0x24,
  DATA_ABORT_SAME: 0x25,
  SP_ALIGNMENT: 0x26,
  FP_EXCEPTION: 0x2c,
  SERROR: 0x2f,
  BREAKPOINT_LOWER: 0x30,
  BREAKPOINT_SAME: 0x31,
  STEP_LOWER: 0x32,
  STEP_SAME: 0x33,
  WATCHPOINT_LOWER: 0x34,
  WATCHPOINT_SAME: 0x35,
  BKPT32: 0x38,
  VECTOR_CATCH32: 0x3a,
  BRK64: 0x3c,
} as const;

/** The manual's names, for people. */
export const EC_NAMES: ReadonlyMap<number, string> = new Map([
  [EC.UNKNOWN, 'Unknown reason'],
  [EC.WFX, 'Trapped WFI or WFE'],
  [EC.FP_ACCESS, 'Access to SIMD or floating point trapped by CPACR_EL1.FPEN'],
  [EC.BRANCH_TARGET, 'Branch Target Exception'],
  [EC.ILLEGAL_STATE, 'Illegal Execution state'],
  [EC.SVC64, 'SVC in AArch64 state'],
  [EC.HVC64, 'HVC in AArch64 state'],
  [EC.SMC64, 'SMC in AArch64 state'],
  [EC.SYSREG, 'Trapped MSR, MRS or System instruction'],
  [EC.INSTRUCTION_ABORT_LOWER, 'Instruction Abort from a lower Exception level'],
  [EC.INSTRUCTION_ABORT_SAME, 'Instruction Abort from the current Exception level'],
  [EC.PC_ALIGNMENT, 'PC alignment fault'],
  [EC.DATA_ABORT_LOWER, 'Data Abort from a lower Exception level'],
  [EC.DATA_ABORT_SAME, 'Data Abort from the current Exception level'],
  [EC.SP_ALIGNMENT, 'SP alignment fault'],
  [EC.FP_EXCEPTION, 'Trapped floating-point exception'],
  [EC.SERROR, 'SError'],
  [EC.BREAKPOINT_LOWER, 'Breakpoint from a lower Exception level'],
  [EC.BREAKPOINT_SAME, 'Breakpoint from the current Exception level'],
  [EC.STEP_LOWER, 'Software Step from a lower Exception level'],
  [EC.STEP_SAME, 'Software Step from the current Exception level'],
  [EC.WATCHPOINT_LOWER, 'Watchpoint from a lower Exception level'],
  [EC.WATCHPOINT_SAME, 'Watchpoint from the current Exception level'],
  [EC.BKPT32, 'BKPT in AArch32 state'],
  [EC.VECTOR_CATCH32, 'Vector Catch in AArch32 state'],
  [EC.BRK64, 'BRK in AArch64 state'],
]);

/** Instruction length bit: set for every 32-bit instruction and for exceptions without an instruction. */
export const ESR_IL = 1 << 25;

/** Fault status codes (IFSC and DFSC). The first four carry the level in bits 1..0. */
export const FAULT = {
  ADDRESS_SIZE: 0x00,
  TRANSLATION: 0x04,
  ACCESS_FLAG: 0x08,
  PERMISSION: 0x0c,
  EXTERNAL: 0x10,
  EXTERNAL_ON_WALK: 0x14,
  ALIGNMENT: 0x21,
  DEBUG: 0x22,
  EXCLUSIVE: 0x35,
} as const;

/** ISS bits of Data Aborts and Watchpoints. */
export const ISS_ABORT = {
  WNR: 1 << 6,
  S1PTW: 1 << 7,
  CM: 1 << 8,
  EA: 1 << 9,
  FNV: 1 << 10,
} as const;
/** ISS bits of Software Step. */
export const ISS_STEP = { ISV: 1 << 24, EX: 1 << 6 } as const;
/** CV set and COND 0b1110, as A64 reports conditions. */
export const ISS_CONDITION_ALWAYS = 0x01e0_0000;

/** Put a syndrome together. IL is 1 unless told otherwise. */
export function esr(ec: number, iss: number, il: 0 | 1 = 1): number {
  return ((ec << 26) | (il << 25) | (iss & 0x01ff_ffff)) >>> 0;
}

export function esrEc(value: number): number {
  return value >>> 26;
}

export function esrIss(value: number): number {
  return value & 0x01ff_ffff;
}

/** ISS of a trapped MSR, MRS or System instruction, from the instruction word (its fields are op0..Rt, L). */
export function sysregIss(word: number): number {
  const op0 = (word >>> 19) & 3;
  const op1 = (word >>> 16) & 7;
  const crn = (word >>> 12) & 15;
  const crm = (word >>> 8) & 15;
  const op2 = (word >>> 5) & 7;
  const rt = word & 31;
  const read = (word >>> 21) & 1;
  return (op0 << 20) | (op2 << 17) | (op1 << 14) | (crn << 10) | (rt << 5) | (crm << 1) | read;
}

const LEVELLED: readonly [number, string][] = [
  [FAULT.ADDRESS_SIZE, 'Address size fault'],
  [FAULT.TRANSLATION, 'Translation fault'],
  [FAULT.ACCESS_FLAG, 'Access flag fault'],
  [FAULT.PERMISSION, 'Permission fault'],
  [FAULT.EXTERNAL_ON_WALK, 'Synchronous External abort on translation table walk'],
];

/** A fault status code in the manual's words. */
export function faultName(status: number): string {
  if (status === FAULT.EXTERNAL) return 'Synchronous External abort';
  if (status === FAULT.ALIGNMENT) return 'Alignment fault';
  if (status === FAULT.DEBUG) return 'Debug exception';
  if (status === FAULT.EXCLUSIVE) return 'Unsupported Exclusive or Atomic access';
  const levelled = LEVELLED.find(([code]) => (status & ~3) === code);
  return levelled === undefined ? `Reserved fault status ${status}` : `${levelled[1]}, level ${status & 3}`;
}
