/** Collects the exits of one run, as the text that will be stored, until they are reported. */
import { hex64 } from '../../base/u64.ts';
import type { DebugCause, GuestDebug, Vcpu } from '../../kvm/contract.ts';
import { explainExit } from '../../kvm/explain.ts';
import { rowTime } from '../event-rows.ts';
import { type ExitBody, exitFields, explanationFields } from '../exit-json.ts';
import { storedStep } from '../stored-body.ts';
import type { RunId, SessionId, VmId } from '../types.ts';
import type { Outcome } from './outcome.ts';
import type { ExitRows, SymbolColumns } from './protocol.ts';
import { symbolAt } from './symbols.ts';

/** What every exit of the run has in common. */
export interface RecordedRun {
  readonly session: SessionId;
  readonly vm: VmId;
  readonly run: RunId;
}

function slotOf(cause: DebugCause | undefined): number | null {
  return cause?.source === 'breakpoint' || cause?.source === 'watchpoint' ? cause.slot : null;
}

function quoted(text: string | null | undefined): string {
  return text === null || text === undefined ? 'null' : `"${text}"`;
}

export class Recorder {
  readonly #head: string;
  readonly #symbols: SymbolColumns;
  readonly #symbolAt: (address: bigint) => string | null;
  readonly #now: () => number;
  /** Guest debug by vcpu: it cannot change while the run is on. */
  readonly #debug = new Map<number, GuestDebug>();
  #text = '';
  #count = 0;
  /** The newest exit by vcpu. */
  #newest: ExitRows['newest'][number][] = [];

  constructor({ session, vm, run }: RecordedRun, symbols: SymbolColumns, now: () => number) {
    this.#head = `["exit","${session}","${vm}","${run}",`;
    this.#symbols = symbols;
    this.#symbolAt = (address) => symbolAt(this.#symbols, address);
    this.#now = now;
  }

  get count(): number {
    return this.#count;
  }

  /** `interruption`: why KVM_EXIT_INTR came. */
  add(vcpu: Vcpu, outcome: Outcome, interruption?: string): void {
    const { exit, detail } = outcome;
    const cause = detail.causes[0];
    const body =
      storedStep(exit, detail, this.#symbolAt) ?? JSON.stringify(this.#body(vcpu, outcome, interruption));
    const text = `${this.#head}${vcpu.index},"${rowTime(this.#now())}",${quoted(exit?.reason)},${quoted(cause?.source)},${slotOf(cause)},"${hex64(detail.pc)}",${body}]`;
    this.#newest[vcpu.index] = { index: this.#count, text };
    this.#text += this.#count === 0 ? text : `,${text}`;
    this.#count += 1;
  }

  /** The exits since the last call; null when there are none. */
  take(): ExitRows | null {
    if (this.#count === 0) {
      return null;
    }
    const rows = { count: this.#count, text: this.#text, newest: this.#newest.filter(Boolean) };
    this.#text = '';
    this.#count = 0;
    this.#newest = [];
    return rows;
  }

  #body(vcpu: Vcpu, { exit, errno, detail }: Outcome, interruption: string | undefined): ExitBody {
    const explanation = explainExit(exit, detail, this.#debugOf(vcpu), vcpu.debugResources);
    const fields = explanationFields(explanation);
    return {
      vcpu: vcpu.index,
      reason: exit?.reason ?? null,
      errno,
      ...exitFields(exit),
      pc: hex64(detail.pc),
      pstate: hex64(detail.pstate),
      explanation: {
        ...fields,
        access: fields.access && {
          ...fields.access,
          symbol: this.#symbolAt(explanation.access!.address),
        },
        ...(interruption !== undefined && exit?.reason === 'KVM_EXIT_INTR' && { summary: interruption }),
        symbol: this.#symbolAt(detail.pc),
        instructionCount: detail.instructionCount,
        virtualTimeNs: detail.virtualTimeNs,
      },
    };
  }

  #debugOf(vcpu: Vcpu): GuestDebug {
    let debug = this.#debug.get(vcpu.index);
    if (debug === undefined) {
      debug = vcpu.getGuestDebug();
      this.#debug.set(vcpu.index, debug);
    }
    return debug;
  }
}
