/**
 * System registers that generated code reads and writes by itself, without a call to the host. Rights, controls and
 * RES0 bits are those of the rows in abi/arm/sysregs; this table adds where the value lives. The helper path takes
 * storage places and PSTATE fields from here as well.
 */
import { PSTATE } from '../abi/arm/pstate.ts';
import { type El0Control, SYSREG_BY_NAME, type SysregRow } from '../abi/arm/sysregs.ts';
import { assert } from '../base/assert.ts';
import { STATE } from './layout.ts';

export type InlinePlace =
  /** A doubleword of the state block. */
  | { readonly kind: 'storage'; readonly at: number }
  /** SP_EL0 in its storage, while SP_EL1 is the stack pointer in use. */
  | { readonly kind: 'unselected-stack-pointer'; readonly at: number }
  /** Fields of PSTATE, in their own bits. */
  | { readonly kind: 'pstate'; readonly mask: number }
  /** NZCV. */
  | { readonly kind: 'flags' }
  /** Virtual time. */
  | { readonly kind: 'count' };

export interface InlineRegister {
  readonly row: SysregRow;
  readonly place: InlinePlace;
  /** Writes need nothing but the store either. */
  readonly writes: boolean;
  /** EL0 reads another value when this control would make a trap of it. */
  readonly el0Differs?: El0Control;
}

/** Storage that starts the block of system registers, in this order: FPCR and FPSR are at `STATE.FPCR`, `STATE.FPSR`. */
export const FIXED_STORAGE = [
  'FPCR',
  'FPSR',
  'SP_EL0',
  'TPIDR_EL0',
  'TPIDR_EL1',
  'TPIDRRO_EL0',
  'ELR_EL1',
  'SPSR_EL1',
  'ESR_EL1',
  'FAR_EL1',
  'SCTLR_EL1',
  'CNTKCTL_EL1',
  'CONTEXTIDR_EL1',
  'MPIDR_EL1',
] as const;
type FixedName = (typeof FIXED_STORAGE)[number];

/** Where a register of `FIXED_STORAGE` is in the state block. */
export function fixedPlace(name: FixedName): number {
  return STATE.SYSREGS + FIXED_STORAGE.indexOf(name) * 8;
}

/** SCTLR_EL1.DZE. */
const DZE: El0Control = { register: 'SCTLR_EL1', mask: 1 << 14, trapWhen: 'clear' };

function register(name: string, place: InlinePlace, writes: boolean): InlineRegister {
  const row = SYSREG_BY_NAME.get(name);
  assert(row !== undefined && row.trap === undefined && row.feature === undefined, `${name} is always there`);
  return { row, place, writes };
}
const stored = (name: FixedName, writes = true): InlineRegister =>
  register(name, { kind: 'storage', at: fixedPlace(name) }, writes);

export const INLINE_REGISTERS: readonly InlineRegister[] = [
  stored('FPCR'),
  stored('FPSR'),
  register('SP_EL0', { kind: 'unselected-stack-pointer', at: fixedPlace('SP_EL0') }, true),
  stored('TPIDR_EL0'),
  stored('TPIDR_EL1'),
  stored('TPIDRRO_EL0'),
  stored('ELR_EL1'),
  stored('SPSR_EL1'),
  stored('ESR_EL1'),
  stored('FAR_EL1'),
  // A write changes the translation regime.
  stored('SCTLR_EL1', false),
  // Context-aware breakpoints look at it when their address matches.
  stored('CONTEXTIDR_EL1'),
  stored('MPIDR_EL1', false),
  register('MIDR_EL1', { kind: 'storage', at: STATE.MIDR_EL1 }, false),
  register('CTR_EL0', { kind: 'storage', at: STATE.CTR_EL0 }, false),
  { ...register('DCZID_EL0', { kind: 'storage', at: STATE.DCZID_EL0 }, false), el0Differs: DZE },
  register('DAIF', { kind: 'pstate', mask: PSTATE.DAIF }, true),
  register('CurrentEL', { kind: 'pstate', mask: 3 << 2 }, false),
  register('NZCV', { kind: 'flags' }, true),
  register('CNTVCT_EL0', { kind: 'count' }, false),
  register('CNTPCT_EL0', { kind: 'count' }, false),
];
