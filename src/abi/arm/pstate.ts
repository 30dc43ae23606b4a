/**
 * PSTATE as SPSR_EL1 and KVM's `pstate` register lay it out. Source: Arm ARM, SPSR_EL1.
 */
export const PSTATE = {
  N: 0x8000_0000,
  Z: 0x4000_0000,
  C: 0x2000_0000,
  V: 0x1000_0000,
  TCO: 1 << 25,
  DIT: 1 << 24,
  UAO: 1 << 23,
  PAN: 1 << 22,
  SS: 1 << 21,
  IL: 1 << 20,
  SSBS: 1 << 12,
  BTYPE: 3 << 10,
  D: 1 << 9,
  A: 1 << 8,
  I: 1 << 7,
  F: 1 << 6,
  DAIF: 0xf << 6,
  /** M[4]: AArch32. */
  NRW: 1 << 4,
  /** M[3:0]: Exception level and stack pointer selection. */
  MODE: 0xf,
} as const;

/** M[4:0] of the modes that a guest of ours can be in. */
export const MODE = { EL0t: 0x0, EL1t: 0x4, EL1h: 0x5 } as const;

/** Names of M[4:0] for people; every AArch64 mode, so that a rejected value can be named. */
export const MODE_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0, 'EL0t'],
  [0x4, 'EL1t'],
  [0x5, 'EL1h'],
  [0x8, 'EL2t'],
  [0x9, 'EL2h'],
  [0xc, 'EL3t'],
  [0xd, 'EL3h'],
]);

/** PSTATE after a warm reset to EL1: EL1h, D, A, I, F masked. */
export const PSTATE_RESET = PSTATE.DAIF | MODE.EL1h;
