/** What an exit means and every cause that fired, in words and numbers. */
import { EC, EC_NAMES, ISS_ABORT, ISS_STEP, esrEc, esrIss } from '../abi/arm/esr.ts';
import type { KvmExit, SystemEventType } from '../abi/kvm/exits.ts';
import { hex32, hex64 } from '../base/u64.ts';
import type { DataAccess, DebugCause, DebugResources, ExitDetail, GuestDebug } from './contract.ts';
import {
  explainGuestDebug,
  type GuestDebugExplanation,
  type SlotExplanation,
} from './explain-guest-debug.ts';

export interface CauseExplanation {
  readonly source: DebugCause['source'];
  /** Breakpoint or watchpoint slot; null for the others. */
  readonly slot: number | null;
  /** Lowest watched byte accessed; null unless a watchpoint. */
  readonly address: bigint | null;
  /** Why it fired, with the arithmetic. */
  readonly words: string;
}

export interface ExitExplanation {
  /** One sentence. */
  readonly summary: string;
  /** Exception class of `hsr`; null for exits without a syndrome. */
  readonly exceptionClass: { readonly value: number; readonly name: string } | null;
  /** Instruction-specific syndrome, field by field. */
  readonly iss: readonly { readonly name: string; readonly value: number; readonly meaning: string }[];
  readonly causes: readonly CauseExplanation[];
  /** The data access that the exit is about. */
  readonly access: {
    readonly address: bigint;
    readonly bytes: number;
    readonly direction: 'load' | 'store' | 'load and store';
  } | null;
  /** The instruction word at pc, when it can be read. */
  readonly instruction: number | null;
}

type IssField = ExitExplanation['iss'][number];

const DEBUG_STATUS = { name: 'IFSC', value: 0x22, meaning: 'Debug exception' };

function issFields(hsr: number): IssField[] {
  const iss = esrIss(hsr);
  const bit = (mask: number): number => ((iss & mask) === 0 ? 0 : 1);
  switch (esrEc(hsr)) {
    case EC.BREAKPOINT_LOWER:
      return [DEBUG_STATUS];
    case EC.STEP_LOWER: {
      const isv = bit(ISS_STEP.ISV);
      const ex = bit(ISS_STEP.EX);
      const valid = isv
        ? 'EX is valid: the PE stepped an instruction'
        : 'EX is not valid: the step was pending on entry, after an emulated instruction or an exception';
      return [
        { name: 'ISV', value: isv, meaning: valid },
        {
          name: 'EX',
          value: ex,
          meaning: ex ? 'a load-exclusive was stepped' : 'no load-exclusive was stepped',
        },
        DEBUG_STATUS,
      ];
    }
    case EC.WATCHPOINT_LOWER:
      return [
        {
          name: 'CM',
          value: bit(ISS_ABORT.CM),
          meaning: bit(ISS_ABORT.CM) ? 'cache maintenance' : 'no cache maintenance',
        },
        { name: 'WnR', value: bit(ISS_ABORT.WNR), meaning: bit(ISS_ABORT.WNR) ? 'write' : 'read' },
        { ...DEBUG_STATUS, name: 'DFSC' },
      ];
    case EC.BRK64:
      return [{ name: 'comment', value: iss & 0xffff, meaning: 'immediate of the BRK' }];
    default:
      return [];
  }
}

function directionOf(access: DataAccess): 'load' | 'store' | 'load and store' {
  if (access.read && access.write) return 'load and store';
  return access.write ? 'store' : 'load';
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}

function slotOf(
  set: GuestDebugExplanation,
  kind: SlotExplanation['kind'],
  slot: number,
): SlotExplanation | undefined {
  return set.slots.find((one) => one.kind === kind && one.slot === slot && one.fires);
}

/** A slot of the guest's own registers fires too, where the kernel leaves them live. */
const GUESTS_OWN =
  'a register of the guest, which this kernel leaves live while the host debugs without USE_HW';

function stepCause(pc: bigint): CauseExplanation {
  const words = `single-step: ${hex64(pc)} is the next instruction`;
  return { source: 'software-step', slot: null, address: null, words };
}

/** `set` is asked only for causes that have a slot. */
function explainCause(
  cause: DebugCause,
  detail: ExitDetail,
  set: () => GuestDebugExplanation,
): CauseExplanation {
  const { pc, access } = detail;
  switch (cause.source) {
    case 'breakpoint': {
      const slot = slotOf(set(), 'breakpoint', cause.slot);
      const why = slot === undefined ? GUESTS_OWN : `${slot.when}; ${slot.arithmetic ?? 'any address'}`;
      return {
        source: cause.source,
        slot: cause.slot,
        address: null,
        words: `breakpoint ${cause.slot} at ${hex64(pc)}: ${why}`,
      };
    }
    case 'watchpoint': {
      const slot = slotOf(set(), 'watchpoint', cause.slot);
      const why = slot === undefined ? GUESTS_OWN : `${slot.when}; ${slot.arithmetic}`;
      const what =
        access === undefined
          ? 'an access'
          : `a ${directionOf(access)} of ${bytes(access.bytes)} at ${hex64(access.address)}`;
      const words = `watchpoint ${cause.slot}: ${what} touches ${hex64(cause.address)}: ${why}`;
      return { source: cause.source, slot: cause.slot, address: cause.address, words };
    }
    case 'software-step':
      return stepCause(pc);
    case 'brk':
      return {
        source: cause.source,
        slot: null,
        address: null,
        words: `BRK #0x${cause.comment.toString(16)} at ${hex64(pc)}`,
      };
  }
}

const SYSTEM_EVENT_WORDS: Readonly<Record<SystemEventType, string>> = {
  KVM_SYSTEM_EVENT_SHUTDOWN: 'the guest asked PSCI to power the machine off; all vcpus are stopped',
  KVM_SYSTEM_EVENT_RESET: 'the guest asked PSCI to reset the machine; all vcpus are stopped',
  KVM_SYSTEM_EVENT_CRASH: 'the guest reported a crash',
  KVM_SYSTEM_EVENT_WAKEUP: 'an interrupt is pending for a suspended vcpu; make it runnable to go on',
  KVM_SYSTEM_EVENT_SUSPEND: 'the guest asked PSCI to suspend the machine; its arguments are in x0 to x3',
};

/** What a store finds may be memory that is read-only. */
const absent = (write: boolean): string =>
  write ? 'where there is no memory to write to' : 'where there is no memory';

function summaryOf(exit: KvmExit | null, detail: ExitDetail, causes: readonly CauseExplanation[]): string {
  switch (exit?.reason) {
    case undefined:
      return 'KVM_RUN returned before the guest ran, as immediate_exit asks';
    case 'KVM_EXIT_DEBUG':
      return causes.map((cause) => cause.words).join('; ');
    case 'KVM_EXIT_MMIO': {
      const { isWrite, len, physAddr, data } = exit.mmio;
      const what = isWrite
        ? `store of ${bytes(len)} (0x${data.toString(16)}) to`
        : `load of ${bytes(len)} from`;
      return `${what} ${hex64(physAddr)}, ${absent(isWrite)}; the next KVM_RUN completes it`;
    }
    case 'KVM_EXIT_SYSTEM_EVENT':
      return SYSTEM_EVENT_WORDS[exit.systemEvent.type];
    case 'KVM_EXIT_INTR':
      return 'a signal interrupted KVM_RUN; run again to go on';
    case 'KVM_EXIT_ARM_NISV':
      return `access to ${hex64(exit.armNisv.faultIpa)}, ${absent((Number(exit.armNisv.esrIss) & ISS_ABORT.WNR) !== 0)}, by an instruction whose syndrome does not describe it`;
    case 'KVM_EXIT_INTERNAL_ERROR':
      return `fault of the emulator, not of the guest: ${exit.internal.message}`;
    case 'KVM_EXIT_FAIL_ENTRY':
      return 'the hardware refused to enter the guest';
    case 'KVM_EXIT_UNKNOWN':
      return detail.access === undefined
        ? 'KVM_RUN failed'
        : `KVM cannot emulate the access to ${hex64(detail.access.address)}, ${absent(detail.access.write)}: the instruction gives no valid syndrome (pairs, SIMD, writeback); create the VM with KVM_CAP_ARM_NISV_TO_USER (enableCapabilities of POST /v1/vms), or give the address memory`;
  }
}

function exceptionClass(hsr: number): { value: number; name: string } {
  const value = esrEc(hsr);
  return { value, name: EC_NAMES.get(value) ?? `reserved exception class in ${hex32(hsr)}` };
}

/** What of a single step's explanation follows from its syndrome and pc: steps come by the million. */
export function explainStep(
  hsr: number,
  pc: bigint,
): Pick<ExitExplanation, 'summary' | 'exceptionClass' | 'iss' | 'causes'> {
  const cause = stepCause(pc);
  return { summary: cause.words, exceptionClass: exceptionClass(hsr), iss: issFields(hsr), causes: [cause] };
}

/**
 * Explain an exit. `exit` null: KVM_RUN returned an error and left `kvm_run` alone. `debug` is what the host had set
 * when the exit came.
 */
export function explainExit(
  exit: KvmExit | null,
  detail: ExitDetail,
  debug: GuestDebug,
  resources: DebugResources,
): ExitExplanation {
  const set = (): GuestDebugExplanation => explainGuestDebug(debug, resources);
  const causes = detail.causes.map((cause) => explainCause(cause, detail, set));
  const { access } = detail;
  const isDebug = exit?.reason === 'KVM_EXIT_DEBUG';
  return {
    summary: summaryOf(exit, detail, causes),
    exceptionClass: isDebug ? exceptionClass(exit.debug.hsr) : null,
    iss: isDebug ? issFields(exit.debug.hsr) : [],
    causes,
    access:
      access === undefined
        ? null
        : { address: access.address, bytes: access.bytes, direction: directionOf(access) },
    instruction: detail.instruction ?? null,
  };
}
