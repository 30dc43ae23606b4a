/**
 * The system registers of the emulated PE as rows: MSR and MRS know no register by name. Source: Arm ARM,
 * AArch64 System registers; `listed` from KVM's register list for a vcpu without PMU, SVE and pointer
 * authentication. Encodings without a row are UNDEFINED.
 */
import { sysregKey, type SysregKey } from './sysreg-key.ts';

/** Read and write rights of an Exception level. An access without the right is UNDEFINED. */
export type Access = '' | 'r' | 'w' | 'rw';

/** Bit of `HypervisorControls` that makes an access from EL1 or EL0 a trap to EL2. */
export type TrapGroup = 'tda' | 'tdosa' | 'tid3' | 'tlor' | 'terr';

/** A control that makes EL0's permitted access a trap to EL1: any (`set`) or no (`clear`) bit of `mask` is set. */
export interface El0Control {
  readonly register: 'SCTLR_EL1' | 'CNTKCTL_EL1' | 'MDSCR_EL1';
  readonly mask: number;
  readonly trapWhen: 'set' | 'clear';
}

/**
 * Where the value comes from. `storage`: a slot of the vcpu's state. `identification`: the PE model, read
 * only. `debug`: the register file that world switch selected. `computed`: a function of other state.
 */
export type SysregKind = 'storage' | 'identification' | 'debug' | 'computed';

export interface SysregRow {
  readonly name: string;
  readonly key: SysregKey;
  readonly el0: Access;
  readonly el1: Access;
  readonly kind: SysregKind;
  readonly reset: bigint;
  /** Bits that a guest's write keeps; the others are RES0. */
  readonly writable: bigint;
  /** Bits that it also keeps on a PE with this feature. */
  readonly withFeature?: { readonly feature: string; readonly writable: bigint };
  readonly trap?: TrapGroup;
  readonly el0Control?: El0Control;
  /** Subject to CPACR_EL1.FPEN. */
  readonly floatingPoint?: true;
  /** UNDEFINED on a PE without this feature. */
  readonly feature?: string;
  /** KVM_GET_REG_LIST has it. */
  readonly listed: boolean;
}

type Encoding = readonly [op0: number, op1: number, crn: number, crm: number, op2: number];
type Extra = Partial<Omit<SysregRow, 'name' | 'key'>>;

const ALL = 0xffff_ffff_ffff_ffffn;
const LOW32 = 0xffff_ffffn;
const LISTED: Extra = { listed: true };

function row(name: string, encoding: Encoding, el0: Access, el1: Access, extra: Extra = {}): SysregRow {
  return {
    name,
    key: sysregKey(...encoding),
    el0,
    el1,
    kind: 'storage',
    reset: 0n,
    writable: ALL,
    listed: false,
    ...extra,
  };
}

function identification(name: string, encoding: Encoding, extra: Extra = {}): SysregRow {
  return row(name, encoding, '', 'r', { kind: 'identification', writable: 0n, listed: true, ...extra });
}

const TDA: Extra = { trap: 'tda' };
const TDOSA: Extra = { trap: 'tdosa', kind: 'computed' };
const TDCC: El0Control = { register: 'MDSCR_EL1', mask: 1 << 12, trapWhen: 'set' };

/** Breakpoint and watchpoint registers: 16 of each have encodings, the model says how many exist. */
function comparators(): SysregRow[] {
  const rows: SysregRow[] = [];
  for (let n = 0; n < 16; n++) {
    for (const [op2, name] of ['BVR', 'BCR', 'WVR', 'WCR'].entries()) {
      rows.push(
        row(`DBG${name}${n}_EL1`, [2, 0, 0, n, 4 + op2], '', 'rw', { ...TDA, kind: 'debug', ...LISTED }),
      );
    }
  }
  return rows;
}

const DEBUG: readonly SysregRow[] = [
  ...comparators(),
  row('MDCCINT_EL1', [2, 0, 0, 2, 0], '', 'rw', { ...TDA, writable: 0x6000_0000n, ...LISTED }),
  row('MDSCR_EL1', [2, 0, 0, 2, 2], '', 'rw', { ...TDA, kind: 'debug', ...LISTED }),
  row('OSDTRRX_EL1', [2, 0, 0, 0, 2], '', 'rw', { ...TDA, writable: LOW32 }),
  row('OSDTRTX_EL1', [2, 0, 0, 3, 2], '', 'rw', { ...TDA, writable: LOW32 }),
  row('OSECCR_EL1', [2, 0, 0, 6, 2], '', 'rw', { ...TDA, writable: 0n }),
  row('MDCCSR_EL0', [2, 3, 0, 1, 0], 'r', 'r', { ...TDA, kind: 'computed', el0Control: TDCC }),
  row('DBGDTR_EL0', [2, 3, 0, 4, 0], 'rw', 'rw', { ...TDA, kind: 'computed', el0Control: TDCC }),
  row('DBGDTRTX_EL0', [2, 3, 0, 5, 0], 'rw', 'rw', { ...TDA, kind: 'computed', el0Control: TDCC }),
  row('MDRAR_EL1', [2, 0, 1, 0, 0], '', 'r', TDOSA),
  row('OSLAR_EL1', [2, 0, 1, 0, 4], '', 'w', TDOSA),
  row('OSLSR_EL1', [2, 0, 1, 1, 4], '', 'r', { trap: 'tdosa', reset: 8n, ...LISTED }),
  row('OSDLR_EL1', [2, 0, 1, 3, 4], '', 'rw', TDOSA),
  row('DBGPRCR_EL1', [2, 0, 1, 4, 4], '', 'rw', { trap: 'tdosa', writable: 1n }),
  row('DBGCLAIMSET_EL1', [2, 0, 7, 8, 6], '', 'rw', { ...TDA, kind: 'computed' }),
  row('DBGCLAIMCLR_EL1', [2, 0, 7, 9, 6], '', 'rw', { ...TDA, writable: 0xffn }),
  row('DBGAUTHSTATUS_EL1', [2, 0, 7, 14, 6], '', 'r', { ...TDA, kind: 'computed' }),
  row('DBGVCR32_EL2', [2, 4, 0, 7, 0], '', '', LISTED),
];

/** Names of the ID registers of group 3 by CRm (1..7) and op2; null where the encoding is reserved (RAZ). */
const GROUP3: readonly (readonly (string | null)[])[] = [
  ['PFR0', 'PFR1', 'DFR0', 'AFR0', 'MMFR0', 'MMFR1', 'MMFR2', 'MMFR3'],
  ['ISAR0', 'ISAR1', 'ISAR2', 'ISAR3', 'ISAR4', 'ISAR5', 'MMFR4', 'ISAR6'],
  ['MVFR0', 'MVFR1', 'MVFR2', null, 'PFR2', 'DFR1', 'MMFR5', null],
  ['AA64PFR0', 'AA64PFR1', 'AA64PFR2', null, 'AA64ZFR0', 'AA64SMFR0', null, 'AA64FPFR0'],
  ['AA64DFR0', 'AA64DFR1', 'AA64DFR2', null, 'AA64AFR0', 'AA64AFR1', null, null],
  ['AA64ISAR0', 'AA64ISAR1', 'AA64ISAR2', 'AA64ISAR3', null, null, null, null],
  ['AA64MMFR0', 'AA64MMFR1', 'AA64MMFR2', 'AA64MMFR3', 'AA64MMFR4', null, null, null],
];

function group3(): SysregRow[] {
  return GROUP3.flatMap((names, i) =>
    names.map((name, op2) => {
      const full =
        name === null
          ? `S3_0_C0_C${i + 1}_${op2}`
          : name.startsWith('MVFR')
            ? `${name}_EL1`
            : `ID_${name}_EL1`;
      return identification(full, [3, 0, 0, i + 1, op2], { trap: 'tid3' });
    }),
  );
}

const UCT: El0Control = { register: 'SCTLR_EL1', mask: 1 << 15, trapWhen: 'clear' };

const IDENTIFICATION: readonly SysregRow[] = [
  identification('MIDR_EL1', [3, 0, 0, 0, 0]),
  row('MPIDR_EL1', [3, 0, 0, 0, 5], '', 'r', { reset: 0x8000_0000n, writable: 0n, ...LISTED }),
  identification('REVIDR_EL1', [3, 0, 0, 0, 6], { trap: 'tid3' }),
  ...group3(),
  identification('CCSIDR_EL1', [3, 1, 0, 0, 0], { listed: false }),
  identification('CLIDR_EL1', [3, 1, 0, 0, 1]),
  identification('AIDR_EL1', [3, 1, 0, 0, 7], { trap: 'tid3' }),
  row('CSSELR_EL1', [3, 2, 0, 0, 0], '', 'rw', { writable: 0xfn, ...LISTED }),
  identification('CTR_EL0', [3, 3, 0, 0, 1], { el0: 'r', el0Control: UCT }),
  identification('DCZID_EL0', [3, 3, 0, 0, 7], { el0: 'r', listed: false }),
];

/** SCTLR_EL1 without EE and E0E: the PE is little-endian only. */
const SCTLR_WRITABLE = ALL & ~0x0300_0000n;

const MEMORY: readonly SysregRow[] = [
  row('SCTLR_EL1', [3, 0, 1, 0, 0], '', 'rw', { reset: 0x00c5_0078n, writable: SCTLR_WRITABLE, ...LISTED }),
  row('ACTLR_EL1', [3, 0, 1, 0, 1], '', 'rw', { writable: 0n, ...LISTED }),
  row('CPACR_EL1', [3, 0, 1, 0, 2], '', 'rw', { writable: 0x0030_0000n, ...LISTED }),
  row('TTBR0_EL1', [3, 0, 2, 0, 0], '', 'rw', LISTED),
  row('TTBR1_EL1', [3, 0, 2, 0, 1], '', 'rw', LISTED),
  row('TCR_EL1', [3, 0, 2, 0, 2], '', 'rw', LISTED),
  row('MAIR_EL1', [3, 0, 10, 2, 0], '', 'rw', LISTED),
  row('AMAIR_EL1', [3, 0, 10, 3, 0], '', 'rw', { writable: 0n, ...LISTED }),
  row('PAR_EL1', [3, 0, 7, 4, 0], '', 'rw', LISTED),
];

/** LORegions. None is implemented: the PE has one region, all of memory. */
const LOR: Extra = { trap: 'tlor', feature: 'FEAT_LOR', writable: 0n };
const LIMITED_ORDERING: readonly SysregRow[] = [
  row('LORSA_EL1', [3, 0, 10, 4, 0], '', 'rw', LOR),
  row('LOREA_EL1', [3, 0, 10, 4, 1], '', 'rw', LOR),
  row('LORN_EL1', [3, 0, 10, 4, 2], '', 'rw', LOR),
  row('LORC_EL1', [3, 0, 10, 4, 3], '', 'rw', LOR),
  row('LORID_EL1', [3, 0, 10, 4, 7], '', 'r', LOR),
];

/** Error records of FEAT_RAS: the PE has none, and KVM shows none. Those of FEAT_RASv1p1 have no row. */
const ERROR_RECORD: Extra = { trap: 'terr', feature: 'FEAT_RAS', writable: 0n };
const ERROR_RECORDS: readonly SysregRow[] = [
  row('ERRIDR_EL1', [3, 0, 5, 3, 0], '', 'r', ERROR_RECORD),
  row('ERRSELR_EL1', [3, 0, 5, 3, 1], '', 'rw', ERROR_RECORD),
  row('ERXFR_EL1', [3, 0, 5, 4, 0], '', 'r', ERROR_RECORD),
  row('ERXCTLR_EL1', [3, 0, 5, 4, 1], '', 'rw', ERROR_RECORD),
  row('ERXSTATUS_EL1', [3, 0, 5, 4, 2], '', 'rw', ERROR_RECORD),
  row('ERXADDR_EL1', [3, 0, 5, 4, 3], '', 'rw', ERROR_RECORD),
  row('ERXMISC0_EL1', [3, 0, 5, 5, 0], '', 'rw', ERROR_RECORD),
  row('ERXMISC1_EL1', [3, 0, 5, 5, 1], '', 'rw', ERROR_RECORD),
];

const EXCEPTIONS: readonly SysregRow[] = [
  row('SPSR_EL1', [3, 0, 4, 0, 0], '', 'rw', { writable: LOW32 }),
  row('ELR_EL1', [3, 0, 4, 0, 1], '', 'rw'),
  row('AFSR0_EL1', [3, 0, 5, 1, 0], '', 'rw', { writable: 0n, ...LISTED }),
  row('AFSR1_EL1', [3, 0, 5, 1, 1], '', 'rw', { writable: 0n, ...LISTED }),
  row('ESR_EL1', [3, 0, 5, 2, 0], '', 'rw', { writable: LOW32, ...LISTED }),
  row('FAR_EL1', [3, 0, 6, 0, 0], '', 'rw', LISTED),
  row('VBAR_EL1', [3, 0, 12, 0, 0], '', 'rw', { writable: ALL & ~0x7ffn, ...LISTED }),
  row('ISR_EL1', [3, 0, 12, 1, 0], '', 'r', { kind: 'computed' }),
  row('DISR_EL1', [3, 0, 12, 1, 1], '', 'rw', { writable: 0x81ff_ffffn, feature: 'FEAT_RAS', ...LISTED }),
];

const UMA: El0Control = { register: 'SCTLR_EL1', mask: 1 << 9, trapWhen: 'clear' };
const COMPUTED: Extra = { kind: 'computed' };

const PROCESS_STATE: readonly SysregRow[] = [
  row('SP_EL0', [3, 0, 4, 1, 0], '', 'rw', COMPUTED),
  row('SP_EL1', [3, 4, 4, 1, 0], '', '', COMPUTED),
  row('SPSel', [3, 0, 4, 2, 0], '', 'rw', COMPUTED),
  row('CurrentEL', [3, 0, 4, 2, 2], '', 'r', COMPUTED),
  row('PAN', [3, 0, 4, 2, 3], '', 'rw', { ...COMPUTED, feature: 'FEAT_PAN' }),
  row('UAO', [3, 0, 4, 2, 4], '', 'rw', { ...COMPUTED, feature: 'FEAT_UAO' }),
  row('NZCV', [3, 3, 4, 2, 0], 'rw', 'rw', COMPUTED),
  row('DAIF', [3, 3, 4, 2, 1], 'rw', 'rw', { ...COMPUTED, el0Control: UMA }),
  row('DIT', [3, 3, 4, 2, 5], 'rw', 'rw', { ...COMPUTED, feature: 'FEAT_DIT' }),
  row('SSBS', [3, 3, 4, 2, 6], 'rw', 'rw', { ...COMPUTED, feature: 'FEAT_SSBS' }),
  row('RNDR', [3, 3, 2, 4, 0], 'r', 'r', { ...COMPUTED, feature: 'FEAT_RNG' }),
  row('RNDRRS', [3, 3, 2, 4, 1], 'r', 'r', { ...COMPUTED, feature: 'FEAT_RNG' }),
  row('FPCR', [3, 3, 4, 4, 0], 'rw', 'rw', {
    writable: 0x07f7_0000n,
    // FZ16.
    withFeature: { feature: 'FEAT_FP16', writable: 0x0008_0000n },
    floatingPoint: true,
  }),
  row('FPSR', [3, 3, 4, 4, 1], 'rw', 'rw', { writable: 0xf800_009fn, floatingPoint: true }),
];

const THREADS: readonly SysregRow[] = [
  row('CONTEXTIDR_EL1', [3, 0, 13, 0, 1], '', 'rw', { writable: LOW32, ...LISTED }),
  row('TPIDR_EL1', [3, 0, 13, 0, 4], '', 'rw', LISTED),
  row('TPIDR_EL0', [3, 3, 13, 0, 2], 'rw', 'rw', LISTED),
  row('TPIDRRO_EL0', [3, 3, 13, 0, 3], 'r', 'rw', LISTED),
];

function counter(mask: number): Extra {
  return { el0Control: { register: 'CNTKCTL_EL1', mask, trapWhen: 'clear' } };
}
/** CNTKCTL_EL1: EL0PCTEN, EL0VCTEN, EL0VTEN, EL0PTEN. */
const PCTEN = counter(1 << 0);
const VCTEN = counter(1 << 1);
const EITHER = counter(3);
const VTEN = counter(1 << 8);
const PTEN = counter(1 << 9);

const TIMERS: readonly SysregRow[] = [
  row('CNTKCTL_EL1', [3, 0, 14, 1, 0], '', 'rw', { writable: 0x3ffn, ...LISTED }),
  row('CNTFRQ_EL0', [3, 3, 14, 0, 0], 'r', 'r', { reset: 62_500_000n, writable: 0n, ...EITHER }),
  row('CNTPCT_EL0', [3, 3, 14, 0, 1], 'r', 'r', { ...COMPUTED, ...PCTEN }),
  row('CNTVCT_EL0', [3, 3, 14, 0, 2], 'r', 'r', { ...COMPUTED, ...VCTEN, ...LISTED }),
  row('CNTP_TVAL_EL0', [3, 3, 14, 2, 0], 'rw', 'rw', { ...COMPUTED, ...PTEN }),
  row('CNTP_CTL_EL0', [3, 3, 14, 2, 1], 'rw', 'rw', { writable: 3n, ...PTEN, ...LISTED }),
  row('CNTP_CVAL_EL0', [3, 3, 14, 2, 2], 'rw', 'rw', { ...PTEN, ...LISTED }),
  row('CNTV_TVAL_EL0', [3, 3, 14, 3, 0], 'rw', 'rw', { ...COMPUTED, ...VTEN }),
  row('CNTV_CTL_EL0', [3, 3, 14, 3, 1], 'rw', 'rw', { writable: 3n, ...VTEN, ...LISTED }),
  row('CNTV_CVAL_EL0', [3, 3, 14, 3, 2], 'rw', 'rw', { ...VTEN, ...LISTED }),
];

/** AArch32 state that EL2 keeps for a guest; EL1 has no access. */
const AARCH32: readonly SysregRow[] = [
  row('DACR32_EL2', [3, 4, 3, 0, 0], '', '', LISTED),
  row('SPSR_irq', [3, 4, 4, 3, 0], '', ''),
  row('SPSR_abt', [3, 4, 4, 3, 1], '', ''),
  row('SPSR_und', [3, 4, 4, 3, 2], '', ''),
  row('SPSR_fiq', [3, 4, 4, 3, 3], '', ''),
  row('IFSR32_EL2', [3, 4, 5, 0, 1], '', '', LISTED),
  row('FPEXC32_EL2', [3, 4, 5, 3, 0], '', '', { reset: 0x700n, ...LISTED }),
];

/** Every register, grouped as above. */
export const SYSREGS: readonly SysregRow[] = [
  ...DEBUG,
  ...IDENTIFICATION,
  ...MEMORY,
  ...LIMITED_ORDERING,
  ...ERROR_RECORDS,
  ...EXCEPTIONS,
  ...PROCESS_STATE,
  ...THREADS,
  ...TIMERS,
  ...AARCH32,
];

export const SYSREG_BY_KEY: ReadonlyMap<SysregKey, SysregRow> = new Map(SYSREGS.map((r) => [r.key, r]));
export const SYSREG_BY_NAME: ReadonlyMap<string, SysregRow> = new Map(SYSREGS.map((r) => [r.name, r]));

/** `MDSCR_EL1`, or the generic form `S2_0_C0_C2_2` for an encoding without a row. */
export function sysregName(key: SysregKey): string {
  const known = SYSREG_BY_KEY.get(key);
  if (known !== undefined) return known.name;
  return `S${key >>> 14}_${(key >>> 11) & 7}_C${(key >>> 7) & 15}_C${(key >>> 3) & 15}_${key & 7}`;
}

/** The key of a register by its Arm ARM name. */
export function sysregByName(name: string): SysregKey | undefined {
  return SYSREG_BY_NAME.get(name)?.key;
}
