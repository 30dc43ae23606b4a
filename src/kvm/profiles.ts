/**
 * Hosts to choose from: a PE model and the kernel that runs on it. ID registers are what a guest of that kernel reads;
 * those in the recordings are as recorded, the others claim no more than the emulated PE does.
 */
import type { KernelGeneration, Profile } from './contract.ts';
import { KvmError } from './errors.ts';
import { DEFAULT_KERNEL, KERNEL_BEHAVIOUR } from './kernel-behaviour.ts';

interface Model {
  readonly description: string;
  readonly breakpoints: number;
  readonly watchpoints: number;
  readonly contextAware: number;
  /** ID_AA64DFR0_EL1.DebugVer of the hardware; the kernel may show less. */
  readonly debugVer: bigint;
  readonly features: readonly string[];
  readonly idRegisters: Readonly<Record<string, bigint>>;
}

const V8_0 = ['FEAT_CRC32', 'FEAT_AES', 'FEAT_PMULL', 'FEAT_SHA1', 'FEAT_SHA256'];
const V8_2 = [
  ...V8_0,
  'FEAT_LSE',
  'FEAT_FP16',
  'FEAT_RDM',
  'FEAT_DotProd',
  'FEAT_LOR',
  'FEAT_PAN',
  'FEAT_PAN2',
  'FEAT_UAO',
  'FEAT_RAS',
];
const V8_5 = [...V8_2, 'FEAT_DIT', 'FEAT_BTI', 'FEAT_TLBIOS', 'FEAT_TLBIRANGE', 'FEAT_RNG'];

/** FEAT_PAN2, FEAT_LOR and 16-bit VMIDs. */
const MMFR1_V8_2 = 0x0021_0020n;
/** ID_AA64PFR1_EL1.BT. */
const PFR1_BTI = 1n;
/** 64-byte DC ZVA blocks. */
const DCZID = 4n;

const MODELS: Readonly<Record<string, Model>> = {
  'cortex-a53': {
    description: 'Arm Cortex-A53: Armv8.0-A, 6 breakpoints, 4 watchpoints',
    breakpoints: 6,
    watchpoints: 4,
    contextAware: 2,
    debugVer: 6n,
    features: V8_0,
    idRegisters: {
      midr_el1: 0x410f_d034n,
      ctr_el0: 0x8444_8004n,
      clidr_el1: 0x0a20_0023n,
      dczid_el0: DCZID,
      id_aa64pfr0_el1: 0x1100_0000_0100_0222n,
      id_aa64isar0_el1: 0x0001_1120n,
      id_aa64mmfr0_el1: 0x1122n,
    },
  },
  'cortex-a57': {
    description: 'Arm Cortex-A57: Armv8.0-A, 6 breakpoints, 4 watchpoints',
    breakpoints: 6,
    watchpoints: 4,
    contextAware: 2,
    debugVer: 6n,
    features: V8_0,
    idRegisters: {
      midr_el1: 0x411f_d070n,
      ctr_el0: 0x8444_c004n,
      clidr_el1: 0x0a20_0023n,
      dczid_el0: DCZID,
      id_aa64pfr0_el1: 0x1000_0000_0100_0222n,
      id_aa64isar0_el1: 0x0001_1120n,
      id_aa64mmfr0_el1: 0x1124n,
    },
  },
  'cortex-a72': {
    description: 'Arm Cortex-A72: Armv8.0-A, 6 breakpoints, 4 watchpoints',
    breakpoints: 6,
    watchpoints: 4,
    contextAware: 2,
    debugVer: 6n,
    features: V8_0,
    idRegisters: {
      midr_el1: 0x410f_d083n,
      ctr_el0: 0x8444_c004n,
      clidr_el1: 0x0a20_0023n,
      dczid_el0: DCZID,
      id_aa64pfr0_el1: 0x1000_0000_0100_0222n,
      id_aa64isar0_el1: 0x0001_1120n,
      id_aa64mmfr0_el1: 0x1124n,
    },
  },
  'cortex-a76': {
    description: 'Arm Cortex-A76: Armv8.2-A, 6 breakpoints, 4 watchpoints',
    breakpoints: 6,
    watchpoints: 4,
    contextAware: 2,
    debugVer: 8n,
    features: V8_2,
    idRegisters: {
      midr_el1: 0x414f_d0b1n,
      ctr_el0: 0x8444_c004n,
      clidr_el1: 0x8200_0023n,
      dczid_el0: DCZID,
      id_aa64pfr0_el1: 0x1100_0000_1111_0112n,
      id_aa64isar0_el1: 0x1000_1021_1120n,
      id_aa64mmfr0_el1: 0x10_1122n,
      id_aa64mmfr1_el1: MMFR1_V8_2,
      id_aa64mmfr2_el1: 0x1011n,
    },
  },
  'neoverse-n1': {
    description: 'Arm Neoverse N1: Armv8.2-A, 6 breakpoints, 4 watchpoints',
    breakpoints: 6,
    watchpoints: 4,
    contextAware: 2,
    debugVer: 8n,
    features: V8_2,
    idRegisters: {
      midr_el1: 0x414f_d0c1n,
      ctr_el0: 0x8444_c004n,
      clidr_el1: 0x8200_0023n,
      dczid_el0: DCZID,
      id_aa64pfr0_el1: 0x1100_0000_1111_0112n,
      id_aa64isar0_el1: 0x1000_1021_1120n,
      id_aa64mmfr0_el1: 0x10_1125n,
      id_aa64mmfr1_el1: MMFR1_V8_2,
      id_aa64mmfr2_el1: 0x1011n,
    },
  },
  max: {
    description:
      'The most that the emulated PE offers: Armv8.2-A with FEAT_DIT and FEAT_BTI, 6 breakpoints, 4 watchpoints',
    breakpoints: 6,
    watchpoints: 4,
    contextAware: 2,
    debugVer: 9n,
    features: V8_5,
    idRegisters: {
      midr_el1: 0x000f_0510n,
      ctr_el0: 0x8444_c004n,
      clidr_el1: 0x0a20_0023n,
      dczid_el0: DCZID,
      id_aa64pfr0_el1: 0x1101_0010_2111_0222n,
      id_aa64pfr1_el1: PFR1_BTI,
      id_aa64isar0_el1: 0x1221_1111_1021_2120n,
      id_aa64mmfr0_el1: 0x323_1020_1126n,
      id_aa64mmfr1_el1: MMFR1_V8_2,
      id_aa64mmfr2_el1: 0x1021_0110_1001_1011n,
    },
  },
};

/** ID_AA64PFR0_EL1.GIC. */
const PFR0_GIC = 0xfn << 24n;
/** ID_AA64DFR0_EL1 without the counts: neither PMU nor trace. */
function dfr0(debugVer: bigint, breakpoints: number, watchpoints: number, contextAware: number): bigint {
  return (
    (BigInt(contextAware - 1) << 28n) |
    (BigInt(watchpoints - 1) << 20n) |
    (BigInt(breakpoints - 1) << 12n) |
    debugVer
  );
}

/** `idRegisters` with the counts of breakpoints, watchpoints and context-aware breakpoints replaced. */
export function withDebugResources(
  idRegisters: Readonly<Record<string, bigint>>,
  counts: { breakpoints: number; watchpoints: number; contextAware: number },
): Readonly<Record<string, bigint>> {
  const debugVer = (idRegisters['id_aa64dfr0_el1'] ?? 0n) & 0xfn;
  const { breakpoints, watchpoints, contextAware } = counts;
  return { ...idRegisters, id_aa64dfr0_el1: dfr0(debugVer, breakpoints, watchpoints, contextAware) };
}

/** ID_AA64PFR0_EL1.GIC as a VM with an interrupt controller shows it: 1 with a GICv3's system registers. */
export function withGic(
  idRegisters: Readonly<Record<string, bigint>>,
  board: { readonly gic: 2 | 3 } | undefined,
): Readonly<Record<string, bigint>> {
  if (board === undefined) return idRegisters;
  const others = (idRegisters['id_aa64pfr0_el1'] ?? 0n) & ~PFR0_GIC;
  return { ...idRegisters, id_aa64pfr0_el1: others | (board.gic === 3 ? 1n << 24n : 0n) };
}

function build(name: string, model: Model, kernel: KernelGeneration): Profile {
  const behaviour = KERNEL_BEHAVIOUR[kernel];
  const { breakpoints, watchpoints, contextAware } = model;
  const debugVer = model.debugVer < behaviour.maxDebugVer ? model.debugVer : behaviour.maxDebugVer;
  const pfr0 = model.idRegisters['id_aa64pfr0_el1']!;
  return {
    name,
    description: model.description,
    kernel,
    breakpoints,
    watchpoints,
    contextAware,
    features: model.features,
    idRegisters: {
      ...model.idRegisters,
      id_aa64pfr0_el1: behaviour.showsGicWithoutVgic ? pfr0 : pfr0 & ~PFR0_GIC,
      id_aa64dfr0_el1: dfr0(debugVer, breakpoints, watchpoints, contextAware),
      id_aa64dfr1_el1: 0n,
    },
  };
}

/** Names that `profile` takes. */
export const PROFILE_NAMES: readonly string[] = Object.keys(MODELS);
export const DEFAULT_PROFILE = 'neoverse-n1';

/** A host by name. @throws KvmError ENOENT when there is none of that name. */
export function profile(name: string, kernel: KernelGeneration = DEFAULT_KERNEL): Profile {
  if (!Object.hasOwn(MODELS, name)) {
    throw new KvmError('ENOENT', `there is no profile ${name}; choose one of ${PROFILE_NAMES.join(', ')}`);
  }
  return build(name, MODELS[name]!, kernel);
}

/** All named hosts with one kernel. */
export function profiles(kernel: KernelGeneration = DEFAULT_KERNEL): readonly Profile[] {
  return PROFILE_NAMES.map((name) => profile(name, kernel));
}

export interface CustomProfile {
  /** Name of the profile that supplies everything else; default `neoverse-n1`. */
  readonly base?: string;
  /** 2 to 16. */
  readonly breakpoints?: number;
  /** 2 to 16. */
  readonly watchpoints?: number;
  /** 1 to `breakpoints`. */
  readonly contextAware?: number;
  readonly kernel?: KernelGeneration;
}

function checkCount(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new KvmError('EINVAL', `${what} is ${value}; the architecture and KVM allow ${least} to ${most}`);
}

/** A host with slot counts of one's own. @throws KvmError EINVAL for counts out of range, ENOENT for the base. */
export function customProfile(choice: CustomProfile): Profile {
  const base = profile(choice.base ?? DEFAULT_PROFILE, choice.kernel);
  const breakpoints = choice.breakpoints ?? base.breakpoints;
  const watchpoints = choice.watchpoints ?? base.watchpoints;
  checkCount('breakpoints', breakpoints, 2, 16);
  checkCount('watchpoints', watchpoints, 2, 16);
  const contextAware = choice.contextAware ?? Math.min(base.contextAware, breakpoints);
  checkCount('contextAware', contextAware, 1, breakpoints);
  const counts = { breakpoints, watchpoints, contextAware };
  return {
    ...base,
    ...counts,
    name: 'custom',
    description: `${base.name} with ${breakpoints} breakpoints (${contextAware} context-aware) and ${watchpoints} watchpoints`,
    idRegisters: withDebugResources(base.idRegisters, counts),
  };
}
