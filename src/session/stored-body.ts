/**
 * Bodies as they are stored, and as clients see them. They are the same, except for single steps, which come by the
 * million: of those only the facts are stored; the rest of the body follows from them and from the event's columns,
 * and is put together when a client reads it.
 */
import { hex32, hex64 } from '../base/u64.ts';
import type { KvmExit } from '../abi/kvm/exits.ts';
import type { ExitDetail } from '../kvm/contract.ts';
import { explainStep } from '../kvm/explain.ts';
import { type ExitBody, explanationFields } from './exit-json.ts';
import type { ExitRecord, TimelineEvent } from './types.ts';

/** The stored body of a single step. */
interface StoredStep {
  readonly step: {
    readonly hsr: number;
    readonly flags: number;
    readonly pstate: number;
    readonly instruction: number | null;
    readonly symbol: string | null;
    readonly instructionCount: number;
    readonly virtualTimeNs: number;
  };
}

/**
 * The stored body of an exit that is a single step and nothing else; null for any other. By hand, because it is made
 * for every step of a run that records them all.
 */
export function storedStep(
  exit: KvmExit | null,
  detail: ExitDetail,
  symbol: (pc: bigint) => string | null,
): string | null {
  const { causes, access } = detail;
  if (exit?.reason !== 'KVM_EXIT_DEBUG' || causes.length !== 1 || causes[0]!.source !== 'software-step') {
    return null;
  }
  const { hsr, hsrHigh, far, flags } = exit.debug;
  if (hsrHigh !== 0 || far !== 0n || access !== undefined) {
    return null;
  }
  const name = symbol(detail.pc);
  return `{"step":{"hsr":${hsr >>> 0},"flags":${flags},"pstate":${detail.pstate},"instruction":${detail.instruction ?? null},"symbol":${name === null ? null : JSON.stringify(name)},"instructionCount":${detail.instructionCount},"virtualTimeNs":${detail.virtualTimeNs}}}`;
}

function stepBody({ vcpu, pc }: ExitRecord, { step }: StoredStep): ExitBody {
  const { hsr, flags, pstate, instruction, symbol, instructionCount, virtualTimeNs } = step;
  const explanation = explanationFields({ ...explainStep(hsr, pc!), access: null, instruction });
  return {
    vcpu,
    reason: 'KVM_EXIT_DEBUG',
    errno: null,
    debug: { hsr: hex32(hsr), hsrHigh: hex32(0), far: hex64(0n), flags: hex32(flags) },
    pc: hex64(pc!),
    pstate: hex64(BigInt(pstate)),
    explanation: { ...explanation, access: null, symbol, instructionCount, virtualTimeNs },
  };
}

function isExit(event: TimelineEvent): event is ExitRecord {
  return event.kind === 'exit';
}

/** The body of an exit. */
export function exitBody(exit: ExitRecord): ExitBody {
  const stored = JSON.parse(exit.body) as StoredStep | ExitBody;
  return 'step' in stored ? stepBody(exit, stored) : stored;
}

/** The JSON text of the body of any event. */
export function bodyText(event: TimelineEvent): string {
  return isExit(event) && event.body.startsWith('{"step"') ? JSON.stringify(exitBody(event)) : event.body;
}
