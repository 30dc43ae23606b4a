/**
 * Regions: the instructions that are compiled together, as a graph of basic blocks. Formed from a hot record by
 * following branches, calls and returns through code that has run before.
 */
import { POOL_PAGE, RECORD } from '../../host-map.ts';
import { RecordSet } from './record-set.ts';
import { type CodeSource, type Instruction, pageOf, recordIn } from './source.ts';

const MOST_INSTRUCTIONS = 200;
const MOST_BLOCKS = 40;
/** Targets of one indirect branch that are followed. */
const MOST_LANDINGS = 64;

/** Where control goes; `record` is 0 when the page has no records in this context. */
export interface Edge {
  readonly record: number;
  readonly lo: number;
  readonly hi: number;
}
export interface Step {
  readonly record: number;
  readonly instruction: Instruction;
}
export interface Block {
  readonly id: number;
  /** Record of its first instruction, and the page of that record. */
  readonly record: number;
  readonly page: number;
  readonly steps: readonly Step[];
  /** Side exit before this instruction, which ends the block. */
  readonly outside: Step | null;
  readonly fall: Edge | null;
  readonly taken: Edge | null;
  /** Blocks to which the indirect branch or return at the end is known to go. */
  candidates: readonly Block[];
  successors: Block[];
}
export interface Region {
  readonly entry: Block;
  /** By the record of the first instruction. */
  readonly blocks: ReadonlyMap<number, Block>;
  readonly instructions: number;
  /** Records that it was made from: its instructions, and where it ended because there was nothing to compile. */
  readonly records: RecordSet;
}

class Formation {
  readonly #source: CodeSource;
  readonly steps = new Map<number, Step>();
  readonly leaders = new Set<number>();
  /** Records at which formation ended because there was nothing to compile. */
  readonly stops = new Set<number>();
  readonly returns = new Set<number>();
  readonly landings = new Map<number, readonly number[]>();
  readonly #queue: number[] = [];

  constructor(source: CodeSource, head: number) {
    this.#source = source;
    this.#lead(head);
    for (let leader = this.#queue.shift(); leader !== undefined; leader = this.#queue.shift())
      this.#follow(leader);
  }

  #lead(record: number): void {
    if (record === 0 || this.leaders.has(record) || this.leaders.size >= MOST_BLOCKS) return;
    this.leaders.add(record);
    this.#queue.push(record);
  }
  /** Straight on from a leader. */
  #follow(leader: number): void {
    let record = leader;
    while (!this.steps.has(record) && this.steps.size < MOST_INSTRUCTIONS) {
      const instruction = this.#source.instructionAt(record);
      if (instruction === null) {
        this.stops.add(record);
        return;
      }
      const step = { record, instruction };
      this.steps.set(record, step);
      if (instruction.form.control !== 'next') {
        this.#branch(step);
        return;
      }
      const next = this.next(step).record;
      if (next !== record + RECORD.SIZE) {
        this.#lead(next);
        return;
      }
      record = next;
    }
  }
  #branch(step: Step): void {
    switch (step.instruction.form.control) {
      case 'branch':
        this.#lead(this.taken(step).record);
        return;
      case 'conditional':
        this.#lead(this.taken(step).record);
        this.#lead(this.next(step).record);
        return;
      case 'call': {
        const next = this.next(step).record;
        this.#lead(this.taken(step).record);
        this.#lead(next);
        this.returns.add(next);
        return;
      }
      case 'indirect': {
        const page = pageOf(step.record);
        const landings = this.#landingsIn(page);
        this.landings.set(step.record, landings);
        for (const record of landings) this.#lead(record);
        return;
      }
    }
  }
  #landingsIn(page: number): number[] {
    const found: number[] = [];
    for (let n = 0; n < POOL_PAGE.RECORDS && found.length < MOST_LANDINGS; n++) {
      const record = page + n * RECORD.SIZE;
      if (this.#source.isLanding(record)) found.push(record);
    }
    return found;
  }

  /** The instruction behind one. */
  next(step: Step): Edge {
    return this.#edge(step.record, 4);
  }
  /** The target of a direct branch. */
  taken(step: Step): Edge {
    return this.#edge(step.record, step.instruction.operands.branchOffset);
  }
  #edge(from: number, offset: number): Edge {
    const at = this.#source.addressOf(from);
    const lo = (at.lo + offset) | 0;
    const carry = (at.lo >>> 0) + (offset >>> 0) > 0xffff_ffff ? 1 : 0;
    const hi = (at.hi + (offset >> 31) + carry) | 0;
    const near = hi === at.hi && ((lo ^ at.lo) & -4096) === 0;
    const page = near ? pageOf(from) : this.#source.pageAt(lo, hi);
    return { lo, hi, record: page === 0 ? 0 : recordIn(page, lo) };
  }
}

function blockAt(formation: Formation, record: number, id: number): Block {
  const steps: Step[] = [];
  const page = pageOf(record);
  const base = {
    id,
    record,
    page,
    steps,
    outside: null,
    fall: null,
    taken: null,
    candidates: [],
    successors: [],
  };
  for (let at = record; ; ) {
    const step = formation.steps.get(at)!;
    const { control } = step.instruction.form;
    if (control === 'outside') return { ...base, outside: step };
    steps.push(step);
    const next = formation.next(step);
    switch (control) {
      case 'branch':
      case 'call':
        return { ...base, taken: formation.taken(step) };
      case 'conditional':
        return { ...base, taken: formation.taken(step), fall: next };
      case 'indirect':
      case 'indirect-call':
      case 'return':
        return base;
      case 'next':
        if (
          next.record !== at + RECORD.SIZE ||
          formation.leaders.has(next.record) ||
          !formation.steps.has(next.record)
        ) {
          return { ...base, fall: next };
        }
        at = next.record;
    }
  }
}

function connect(formation: Formation, blocks: ReadonlyMap<number, Block>): void {
  const known = (records: Iterable<number>): Block[] =>
    [...records].flatMap((record) => blocks.get(record) ?? []).sort((a, b) => a.record - b.record);
  for (const block of blocks.values()) {
    const last = block.steps.at(-1);
    const control = block.outside !== null ? 'outside' : last?.instruction.form.control;
    if (control === 'return') block.candidates = known(formation.returns);
    if (control === 'indirect') block.candidates = known(formation.landings.get(last!.record) ?? []);
    const direct = [block.taken, block.fall].flatMap((edge) =>
      edge === null ? [] : (blocks.get(edge.record) ?? []),
    );
    block.successors = [...new Set([...direct, ...block.candidates])];
  }
}

/** The region that starts at a record; null when its first instruction cannot be compiled. */
export function formRegion(source: CodeSource, head: number): Region | null {
  const formation = new Formation(source, head);
  const blocks = new Map<number, Block>();
  for (const record of formation.leaders) {
    if (formation.steps.has(record)) blocks.set(record, blockAt(formation, record, blocks.size));
  }
  const entry = blocks.get(head);
  if (entry === undefined || entry.steps.length === 0) return null;
  connect(formation, blocks);
  const records = new RecordSet();
  for (const record of formation.steps.keys()) records.add(record);
  for (const record of formation.stops) records.add(record);
  const instructions = [...formation.steps.values()].filter(
    (s) => s.instruction.form.control !== 'outside',
  ).length;
  return { entry, blocks, instructions, records };
}
