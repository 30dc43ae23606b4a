/** What an exit tells beside `struct kvm_run`. */
import type { DataAccess, DebugCause } from '../engine/stop.ts';
import type { ExitDetail } from './contract.ts';

/** Where the instruction of an exit can still be read. */
interface InstructionSource {
  /** How often KVM_RUN was called. */
  readonly entries: number;
  /** The instruction at `pc` if the vcpu still is where it was at exit number `exit`. */
  instructionAt(pc: bigint, exit: number): number | undefined;
}

/** Most exits are never explained: the instruction word is fetched only when somebody looks. */
export class Detail implements ExitDetail {
  declare readonly causes: readonly DebugCause[];
  declare readonly access?: DataAccess;
  declare readonly pc: bigint;
  declare readonly instructionCount: number;
  declare readonly virtualTimeNs: number;
  readonly #pstate: number;
  readonly #source: InstructionSource;
  readonly #exit: number;

  constructor(
    source: InstructionSource,
    causes: readonly DebugCause[],
    access: DataAccess | undefined,
    pc: bigint,
    pstate: number,
    instructionCount: number,
    virtualTimeNs: number,
  ) {
    this.#source = source;
    this.#exit = source.entries;
    this.causes = causes;
    if (access !== undefined) this.access = access;
    this.pc = pc;
    this.#pstate = pstate;
    this.instructionCount = instructionCount;
    this.virtualTimeNs = virtualTimeNs;
  }

  get pstate(): bigint {
    return BigInt(this.#pstate);
  }
  get instruction(): number | undefined {
    return this.#source.instructionAt(this.pc, this.#exit);
  }
}
