/** Collects the exits of one run as columns until they are reported. */
import type { KvmExit } from '../../abi/kvm/exits.ts';
import type { Errno } from '../../base/errno.ts';
import { hex64 } from '../../base/u64.ts';
import type { DebugCause, ExitDetail, GuestDebug, Vcpu } from '../../kvm/contract.ts';
import { explainExit } from '../../kvm/explain.ts';
import { type ExitBody, exitFields, explanationFields } from '../exit-json.ts';
import type { ExitColumns, SymbolColumns } from './protocol.ts';
import { symbolAt } from './symbols.ts';

/** How KVM_RUN came back: with an exit, or with an errno and what kvm_run then holds. */
export interface Outcome {
  readonly exit: KvmExit | null;
  readonly errno: Errno | null;
  readonly detail: ExitDetail;
}

function exitBody(symbols: SymbolColumns, vcpu: Vcpu, debug: GuestDebug, outcome: Outcome): ExitBody {
  const { exit, detail } = outcome;
  const explanation = explainExit(exit, detail, debug, vcpu.debugResources);
  return {
    vcpu: vcpu.index,
    reason: exit?.reason ?? null,
    errno: outcome.errno,
    ...exitFields(exit),
    pc: hex64(detail.pc),
    pstate: hex64(detail.pstate),
    explanation: {
      ...explanationFields(explanation),
      symbol: symbolAt(symbols, detail.pc),
      instructionCount: detail.instructionCount,
      virtualTimeNs: detail.virtualTimeNs,
    },
  };
}

function slotOf(cause: DebugCause | undefined): number | null {
  return cause?.source === 'breakpoint' || cause?.source === 'watchpoint' ? cause.slot : null;
}

export class Recorder {
  readonly #symbols: SymbolColumns;
  readonly #now: () => number;
  /** Guest debug by vcpu: it cannot change while the run is on. */
  readonly #debug = new Map<number, GuestDebug>();
  #vcpu: number[] = [];
  #at: number[] = [];
  #reason: (string | null)[] = [];
  #cause: (string | null)[] = [];
  #slot: (number | null)[] = [];
  #pc: bigint[] = [];
  #body: string[] = [];

  constructor(symbols: SymbolColumns, now: () => number) {
    this.#symbols = symbols;
    this.#now = now;
  }

  get count(): number {
    return this.#body.length;
  }

  add(vcpu: Vcpu, outcome: Outcome): void {
    const cause = outcome.detail.causes[0];
    this.#vcpu.push(vcpu.index);
    this.#at.push(this.#now());
    this.#reason.push(outcome.exit?.reason ?? null);
    this.#cause.push(cause?.source ?? null);
    this.#slot.push(slotOf(cause));
    this.#pc.push(outcome.detail.pc);
    this.#body.push(JSON.stringify(exitBody(this.#symbols, vcpu, this.#debugOf(vcpu), outcome)));
  }

  #debugOf(vcpu: Vcpu): GuestDebug {
    let debug = this.#debug.get(vcpu.index);
    if (debug === undefined) {
      debug = vcpu.getGuestDebug();
      this.#debug.set(vcpu.index, debug);
    }
    return debug;
  }

  /** The exits since the last call; null when there are none. */
  take(): ExitColumns | null {
    if (this.#body.length === 0) {
      return null;
    }
    const columns: ExitColumns = {
      vcpu: this.#vcpu,
      at: this.#at,
      reason: this.#reason,
      cause: this.#cause,
      slot: this.#slot,
      pc: BigUint64Array.from(this.#pc),
      body: this.#body,
    };
    this.#vcpu = [];
    this.#at = [];
    this.#reason = [];
    this.#cause = [];
    this.#slot = [];
    this.#pc = [];
    this.#body = [];
    return columns;
  }
}
