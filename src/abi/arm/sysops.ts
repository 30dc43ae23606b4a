/**
 * System instructions (SYS: op0 = 1) that the PE has, as rows. Source: Arm ARM, A64 System instructions.
 * Encodings without a row are UNDEFINED.
 */
import { sysregKey, type SysregKey } from './sysreg-key.ts';
import type { El0Control } from './sysregs.ts';

/** `zva` writes memory, `maintain` only translates its address, `all` has no address. */
export type SysopKind = 'zva' | 'maintain' | 'all' | 'at' | 'tlbi-all' | 'tlbi-page';

export interface SysopRow {
  readonly name: string;
  readonly key: SysregKey;
  readonly kind: SysopKind;
  /** Present when EL0 may use it; says when that traps to EL1. */
  readonly el0Control?: El0Control;
  /** The instruction is UNDEFINED without this feature. */
  readonly feature?: string;
}

/** SCTLR_EL1.UCI and DZE. */
const UCI: El0Control = { register: 'SCTLR_EL1', mask: 1 << 26, trapWhen: 'clear' };
const DZE: El0Control = { register: 'SCTLR_EL1', mask: 1 << 14, trapWhen: 'clear' };

function op(
  name: string,
  op1: number,
  crn: number,
  crm: number,
  op2: number,
  kind: SysopKind,
  extra: Pick<SysopRow, 'el0Control' | 'feature'> = {},
): SysopRow {
  return { name, key: sysregKey(1, op1, crn, crm, op2), kind, ...extra };
}

const CACHES: readonly SysopRow[] = [
  op('IC IALLUIS', 0, 7, 1, 0, 'all'),
  op('IC IALLU', 0, 7, 5, 0, 'all'),
  op('IC IVAU', 3, 7, 5, 1, 'maintain', { el0Control: UCI }),
  op('DC IVAC', 0, 7, 6, 1, 'maintain'),
  op('DC ISW', 0, 7, 6, 2, 'all'),
  op('DC CSW', 0, 7, 10, 2, 'all'),
  op('DC CISW', 0, 7, 14, 2, 'all'),
  op('DC ZVA', 3, 7, 4, 1, 'zva', { el0Control: DZE }),
  op('DC CVAC', 3, 7, 10, 1, 'maintain', { el0Control: UCI }),
  op('DC CVAU', 3, 7, 11, 1, 'maintain', { el0Control: UCI }),
  op('DC CVAP', 3, 7, 12, 1, 'maintain', { el0Control: UCI, feature: 'FEAT_DPB' }),
  op('DC CIVAC', 3, 7, 14, 1, 'maintain', { el0Control: UCI }),
];

const TRANSLATION: readonly SysopRow[] = [
  op('AT S1E1R', 0, 7, 8, 0, 'at'),
  op('AT S1E1W', 0, 7, 8, 1, 'at'),
  op('AT S1E0R', 0, 7, 8, 2, 'at'),
  op('AT S1E0W', 0, 7, 8, 3, 'at'),
  op('AT S1E1RP', 0, 7, 9, 0, 'at', { feature: 'FEAT_PAN2' }),
  op('AT S1E1WP', 0, 7, 9, 1, 'at', { feature: 'FEAT_PAN2' }),
];

/** TLBI of the EL1&0 regime: op2 and what it names. */
const TLBI_FORMS: readonly (readonly [op2: number, name: string, kind: SysopKind])[] = [
  [0, 'VMALLE1', 'tlbi-all'],
  [1, 'VAE1', 'tlbi-page'],
  [2, 'ASIDE1', 'tlbi-all'],
  [3, 'VAAE1', 'tlbi-page'],
  [5, 'VALE1', 'tlbi-page'],
  [7, 'VAALE1', 'tlbi-page'],
];

/** TLBI by range: op2 and what it names. */
const TLBI_RANGES: readonly (readonly [op2: number, name: string])[] = [
  [1, 'RVAE1'],
  [3, 'RVAAE1'],
  [5, 'RVALE1'],
  [7, 'RVAALE1'],
];
const OUTER_SHAREABLE = { feature: 'FEAT_TLBIOS' };
const RANGE = { feature: 'FEAT_TLBIRANGE' };

const TLBI: readonly SysopRow[] = [
  ...TLBI_FORMS.flatMap(([op2, name, kind]) => [
    op(`TLBI ${name}`, 0, 8, 7, op2, kind),
    op(`TLBI ${name}IS`, 0, 8, 3, op2, kind),
    op(`TLBI ${name}OS`, 0, 8, 1, op2, kind, OUTER_SHAREABLE),
  ]),
  // Invalidating more than the range is always allowed.
  ...TLBI_RANGES.flatMap(([op2, name]) => [
    op(`TLBI ${name}`, 0, 8, 6, op2, 'tlbi-all', RANGE),
    op(`TLBI ${name}IS`, 0, 8, 2, op2, 'tlbi-all', RANGE),
    op(`TLBI ${name}OS`, 0, 8, 5, op2, 'tlbi-all', RANGE),
  ]),
];

export const SYSOPS: readonly SysopRow[] = [...CACHES, ...TRANSLATION, ...TLBI];
export const SYSOP_BY_KEY: ReadonlyMap<SysregKey, SysopRow> = new Map(SYSOPS.map((r) => [r.key, r]));
