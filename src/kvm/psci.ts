/**
 * Hypercalls: PSCI 0.1 to 1.3 and the SMCCC basics, as KVM answers them. Source: Arm DEN 0022 and DEN 0028; Linux
 * arch/arm64/kvm/psci.c and hypercalls.c for what KVM supports. Unknown functions return -1.
 */
import type { KvmExit, SystemEventType } from '../abi/kvm/exits.ts';
import {
  KVM_VENDOR_UID,
  PSCI_0_1_FN,
  PSCI_64BIT,
  PSCI_AFFINITY_LEVEL_OFF,
  PSCI_AFFINITY_LEVEL_ON,
  PSCI_FN,
  PSCI_FN64,
  PSCI_RET,
  PSCI_TOS_MP,
  PSCI_VERSION,
  type PsciFunction,
  SMCCC_FN,
  SMCCC_NOT_REQUIRED,
  SMCCC_VERSION_1_1,
  SMCCC_WORKAROUND,
  SMCCC_WORKAROUND_UNAFFECTED,
  SYSTEM_EVENT_FLAG,
  VENDOR_HYP_FEATURE,
} from '../abi/kvm/psci.ts';

/** What a hypercall may do to the VM. */
export interface PsciVcpu {
  readonly mpidr: bigint;
  readonly poweredOff: boolean;
  readonly psciVersion: number;
  /** KVM_REG_ARM_VENDOR_HYP_BMAP. */
  readonly vendorHypFeatures: bigint;
  /** User space handles SYSTEM_SUSPEND: KVM_CAP_ARM_SYSTEM_SUSPEND was enabled. */
  readonly systemSuspend: boolean;
  /** Ask for a reset and start there when the vcpu next runs. */
  powerOn(entry: bigint, context: bigint): void;
  powerOff(): void;
}

interface HypercallResult {
  /** x0 and on. Registers without a value stay. */
  readonly values?: readonly bigint[];
  /** The vcpu waits as in WFI. */
  readonly suspend?: true;
  readonly exit?: KvmExit;
}

type Arguments = readonly [bigint, bigint, bigint];
interface Call {
  readonly caller: PsciVcpu;
  readonly all: readonly PsciVcpu[];
  readonly args: Arguments;
}

const MPIDR_AFFINITY = 0xff_00ff_ffffn;

function value(result: bigint): HypercallResult {
  return { values: [result, 0n, 0n, 0n] };
}
const NOT_SUPPORTED = value(PSCI_RET.NOT_SUPPORTED);
const INVALID = value(PSCI_RET.INVALID_PARAMETERS);

/** Bits of an affinity argument beside the affinity fields are reserved; KVM refuses them. */
const hasReservedBits = (affinity: bigint): boolean => (affinity & ~MPIDR_AFFINITY) !== 0n;

function cpuOn({ caller, all, args: [target, entry, context] }: Call): HypercallResult {
  if (hasReservedBits(target)) return INVALID;
  const vcpu = all.find((one) => (one.mpidr & MPIDR_AFFINITY) === target);
  if (vcpu === undefined) return INVALID;
  if (!vcpu.poweredOff) {
    return caller.psciVersion === PSCI_VERSION.V0_1 ? INVALID : value(PSCI_RET.ALREADY_ON);
  }
  vcpu.powerOn(entry, context);
  return value(PSCI_RET.SUCCESS);
}

function affinityInfo({ all, args: [target, level] }: Call): HypercallResult {
  if (hasReservedBits(target) || level > 3n) return INVALID;
  const mask = MPIDR_AFFINITY & ~((1n << (level * 8n)) - 1n);
  const matching = all.filter((one) => (one.mpidr & mask) === (target & mask));
  if (matching.length === 0) return INVALID;
  const on = matching.some((one) => !one.poweredOff);
  return value(on ? PSCI_AFFINITY_LEVEL_ON : PSCI_AFFINITY_LEVEL_OFF);
}

function systemEvent({ all }: Call, type: SystemEventType, flags: bigint, result: bigint): HypercallResult {
  for (const vcpu of all) vcpu.powerOff();
  return {
    ...value(result),
    exit: { reason: 'KVM_EXIT_SYSTEM_EVENT', systemEvent: { type, data: [flags] } },
  };
}

/** Oldest version that has the function. */
const SINCE: Readonly<Partial<Record<PsciFunction, number>>> = {
  PSCI_VERSION: PSCI_VERSION.V0_2,
  CPU_SUSPEND: PSCI_VERSION.V0_2,
  CPU_OFF: PSCI_VERSION.V0_2,
  CPU_ON: PSCI_VERSION.V0_2,
  AFFINITY_INFO: PSCI_VERSION.V0_2,
  MIGRATE_INFO_TYPE: PSCI_VERSION.V0_2,
  SYSTEM_OFF: PSCI_VERSION.V0_2,
  SYSTEM_RESET: PSCI_VERSION.V0_2,
  PSCI_FEATURES: PSCI_VERSION.V1_0,
  SYSTEM_SUSPEND: PSCI_VERSION.V1_0,
  SYSTEM_RESET2: PSCI_VERSION.V1_1,
  SYSTEM_OFF2: PSCI_VERSION.V1_3,
};

function offers(caller: PsciVcpu, name: PsciFunction): boolean {
  const since = SINCE[name];
  if (since === undefined || since > caller.psciVersion) return false;
  return name !== 'SYSTEM_SUSPEND' || caller.systemSuspend;
}

/** User space reads the arguments from the registers, so they stay as they are. */
const systemSuspend = (): HypercallResult => ({
  exit: { reason: 'KVM_EXIT_SYSTEM_EVENT', systemEvent: { type: 'KVM_SYSTEM_EVENT_SUSPEND', data: [] } },
});

const RESET2_VENDOR = 0x8000_0000n;
const HIBERNATE_OFF = 1n;

function features({ caller, args: [wanted] }: Call): HypercallResult {
  const id = Number(wanted & 0xffff_ffffn);
  if (id === SMCCC_FN.SMCCC_VERSION) return value(PSCI_RET.SUCCESS);
  const name = functionOf(id);
  if (name === undefined || !offers(caller, name)) return NOT_SUPPORTED;
  return value(name === 'SYSTEM_OFF2' ? HIBERNATE_OFF : PSCI_RET.SUCCESS);
}

function systemReset2(call: Call): HypercallResult {
  const [type] = call.args;
  if (type !== 0n && type < RESET2_VENDOR) return INVALID;
  const failure = PSCI_RET.INTERNAL_FAILURE;
  const flags = SYSTEM_EVENT_FLAG.RESET_PSCI_RESET2;
  // Unlike the other calls this one leaves the arguments in their registers.
  return { ...systemEvent(call, 'KVM_SYSTEM_EVENT_RESET', flags, failure), values: [failure] };
}

function systemOff2(call: Call): HypercallResult {
  const [type, cookie] = call.args;
  if ((type !== 0n && type !== HIBERNATE_OFF) || cookie !== 0n) return INVALID;
  const flags = SYSTEM_EVENT_FLAG.SHUTDOWN_PSCI_OFF2;
  return systemEvent(call, 'KVM_SYSTEM_EVENT_SHUTDOWN', flags, PSCI_RET.INTERNAL_FAILURE);
}

const SYSTEM_OFF = (call: Call): HypercallResult =>
  systemEvent(call, 'KVM_SYSTEM_EVENT_SHUTDOWN', 0n, PSCI_RET.INTERNAL_FAILURE);
const SYSTEM_RESET = (call: Call): HypercallResult =>
  systemEvent(call, 'KVM_SYSTEM_EVENT_RESET', 0n, PSCI_RET.INTERNAL_FAILURE);

function cpuOff({ caller }: Call): HypercallResult {
  caller.powerOff();
  return value(PSCI_RET.SUCCESS);
}

const suspended = (): HypercallResult => ({ ...value(PSCI_RET.SUCCESS), suspend: true });

const FUNCTIONS: Readonly<Partial<Record<PsciFunction, (call: Call) => HypercallResult>>> = {
  PSCI_VERSION: ({ caller }) => value(BigInt(caller.psciVersion)),
  CPU_SUSPEND: suspended,
  CPU_OFF: cpuOff,
  CPU_ON: cpuOn,
  AFFINITY_INFO: affinityInfo,
  MIGRATE_INFO_TYPE: () => value(PSCI_TOS_MP),
  SYSTEM_OFF,
  SYSTEM_RESET,
  PSCI_FEATURES: features,
  SYSTEM_SUSPEND: systemSuspend,
  SYSTEM_RESET2: systemReset2,
  SYSTEM_OFF2: systemOff2,
};

const BY_ID = new Map<number, PsciFunction>(
  (Object.keys(PSCI_FN) as PsciFunction[]).flatMap((name): [number, PsciFunction][] =>
    PSCI_FN64.has(name)
      ? [
          [PSCI_FN[name], name],
          [PSCI_FN[name] + PSCI_64BIT, name],
        ]
      : [[PSCI_FN[name], name]],
  ),
);
function functionOf(id: number): PsciFunction | undefined {
  return BY_ID.get(id);
}

/** PSCI 0.1, for vcpus without the `psci_0_2` feature: power on and off, nothing else. */
function psci01(id: number, call: Call): HypercallResult {
  if (id === PSCI_0_1_FN.CPU_OFF) return cpuOff(call);
  if (id === PSCI_0_1_FN.CPU_ON) return cpuOn(call);
  return NOT_SUPPORTED;
}

/** SMCCC_ARCH_FEATURES: the emulated PE does not speculate, so that it needs no workaround. */
function archFeatures(asked: number): HypercallResult {
  switch (asked) {
    case SMCCC_WORKAROUND[1]:
    case SMCCC_WORKAROUND[3]:
      return value(SMCCC_WORKAROUND_UNAFFECTED);
    case SMCCC_WORKAROUND[2]:
      return value(SMCCC_NOT_REQUIRED);
    default:
      return NOT_SUPPORTED;
  }
}

/** Calls that are not PSCI's. TRNG, stolen time and PTP are not offered; see the firmware registers. */
function smccc(caller: PsciVcpu, id: number, x1: bigint): HypercallResult | undefined {
  switch (id) {
    case SMCCC_FN.SMCCC_VERSION:
      return value(SMCCC_VERSION_1_1);
    case SMCCC_FN.SMCCC_ARCH_FEATURES:
      return archFeatures(Number(x1 & 0xffff_ffffn));
    case SMCCC_FN.VENDOR_HYP_UID:
      return identifies(caller) ? { values: KVM_VENDOR_UID } : NOT_SUPPORTED;
    case SMCCC_FN.VENDOR_HYP_FEATURES:
      return identifies(caller) ? value(caller.vendorHypFeatures) : NOT_SUPPORTED;
    default:
      return undefined;
  }
}

const identifies = (caller: PsciVcpu): boolean =>
  (caller.vendorHypFeatures & VENDOR_HYP_FEATURE.FUNC_FEAT) !== 0n;

/** Carry out the call whose function is in W0 and whose arguments are in x1 to x3. */
export function hypercall(
  caller: PsciVcpu,
  all: readonly PsciVcpu[],
  x0: bigint,
  [x1, x2, x3]: Arguments,
): HypercallResult {
  const id = Number(x0 & 0xffff_ffffn);
  const common = smccc(caller, id, x1);
  if (common !== undefined) return common;
  const narrow = (id & PSCI_64BIT) === 0 ? 0xffff_ffffn : 0xffff_ffff_ffff_ffffn;
  const call: Call = { caller, all, args: [x1 & narrow, x2 & narrow, x3 & narrow] };
  if (caller.psciVersion === PSCI_VERSION.V0_1) return psci01(id, call);
  const name = functionOf(id);
  if (name === undefined || !offers(caller, name)) return NOT_SUPPORTED;
  return FUNCTIONS[name]?.(call) ?? NOT_SUPPORTED;
}
