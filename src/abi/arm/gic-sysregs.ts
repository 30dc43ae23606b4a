/**
 * The EL1 system registers of a GICv3 CPU interface with one security state, five bits of priority and so one active
 * priorities register per group. Source: Arm IHI 0069, 12.2; encodings as in the Arm ARM.
 */
import { sysregKey, type SysregKey } from './sysreg-key.ts';

const key = (crn: number, crm: number, op2: number): SysregKey => sysregKey(3, 0, crn, crm, op2);

export const ICC = {
  PMR_EL1: key(4, 6, 0),
  IAR0_EL1: key(12, 8, 0),
  EOIR0_EL1: key(12, 8, 1),
  HPPIR0_EL1: key(12, 8, 2),
  BPR0_EL1: key(12, 8, 3),
  AP0R0_EL1: key(12, 8, 4),
  AP1R0_EL1: key(12, 9, 0),
  DIR_EL1: key(12, 11, 1),
  RPR_EL1: key(12, 11, 3),
  SGI1R_EL1: key(12, 11, 5),
  ASGI1R_EL1: key(12, 11, 6),
  SGI0R_EL1: key(12, 11, 7),
  IAR1_EL1: key(12, 12, 0),
  EOIR1_EL1: key(12, 12, 1),
  HPPIR1_EL1: key(12, 12, 2),
  BPR1_EL1: key(12, 12, 3),
  CTLR_EL1: key(12, 12, 4),
  SRE_EL1: key(12, 12, 5),
  IGRPEN0_EL1: key(12, 12, 6),
  IGRPEN1_EL1: key(12, 12, 7),
} as const;

/** Rights of EL1; EL0 has none. */
export const ICC_ACCESS: { readonly [name in keyof typeof ICC]: 'r' | 'w' | 'rw' } = {
  PMR_EL1: 'rw',
  IAR0_EL1: 'r',
  EOIR0_EL1: 'w',
  HPPIR0_EL1: 'r',
  BPR0_EL1: 'rw',
  AP0R0_EL1: 'rw',
  AP1R0_EL1: 'rw',
  DIR_EL1: 'w',
  RPR_EL1: 'r',
  SGI1R_EL1: 'w',
  ASGI1R_EL1: 'w',
  SGI0R_EL1: 'w',
  IAR1_EL1: 'r',
  EOIR1_EL1: 'w',
  HPPIR1_EL1: 'r',
  BPR1_EL1: 'rw',
  CTLR_EL1: 'rw',
  SRE_EL1: 'rw',
  IGRPEN0_EL1: 'rw',
  IGRPEN1_EL1: 'rw',
};
