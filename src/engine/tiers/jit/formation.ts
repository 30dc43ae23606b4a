/**
 * Which instructions a region is made of: from a hot record on, branches, calls and returns are followed through code
 * that has run before, the way that is taken most often first, and ways that are hardly ever taken not at all. A call is followed for
 * itself, so that what returns from it has one place to go.
 */
import { POOL_PAGE, RECORD } from '../../host-map.ts';
import { type CodeSource, type Instruction, pageOf, recordIn } from './source.ts';

/** How large a region may be. */
export interface Extent {
  readonly instructions: number;
  readonly blocks: number;
}
export const SMALL: Extent = { instructions: 200, blocks: 40 };
export const LARGE: Extent = { instructions: 500, blocks: 120 };
/** Calls within calls that are followed. */
const MOST_DEPTH = 8;
/** Targets of one indirect branch that are followed. */
const MOST_LANDINGS = 64;
/**
 * Ways that a branch takes more seldom than that are not followed; and where another region begins, no way on which control comes
 * there more seldom for each time that it comes to the head.
 */
const RARE = 1 / 64;
/** Of the places that an indirect branch goes to it is not known how often each is: as often as if there were no more than that. */
const MOST_LIKELY = 4;
/** A branch that has run less often than that says nothing about its ways. */
const FEWEST_RUNS = 32;
/** Beyond any record's address. */
const FRAME = 2 ** 32;

/** Where control goes. */
export interface Edge {
  /** 0 when the page has no records in this context. */
  readonly record: number;
  /** Of the block there. */
  readonly key: number;
  readonly lo: number;
  readonly hi: number;
}
export interface Step {
  readonly record: number;
  readonly instruction: Instruction;
}

/** A call that is followed. Code of a function is in the region once for each. */
export interface Frame {
  readonly id: number;
  /** Record at which the function starts. */
  readonly start: number;
  readonly caller: Frame | null;
  /** Keys of the blocks to which it returns: one, or more where the function calls itself. */
  readonly returns: Set<number>;
}

/** An instruction in a frame, as a number. */
export const keyOf = (frame: Frame, record: number): number => frame.id * FRAME + record;
const recordOf = (key: number): number => key % FRAME;

export class Formation {
  readonly #source: CodeSource;
  readonly #extent: Extent;
  /** By key. */
  readonly steps = new Map<number, Step>();
  readonly leaders = new Map<number, Frame>();
  /** Records at which formation ended because there was nothing to compile. */
  readonly stops = new Set<number>();
  /** Records that were not followed because there was no room left, or another region begins there. */
  readonly brinks = new Set<number>();
  /** Records that were not followed because control hardly ever goes there, and the branch that says so. */
  readonly rare = new Map<number, number>();
  /** Frames of the functions called, by key of the call. */
  readonly #calls = new Map<number, Frame>();
  /** Keys of where an indirect branch is known to go, by its own. */
  readonly #landings = new Map<number, readonly number[]>();
  #frames = 0;
  /** Keys of leaders that are still to be followed, and how often control comes there for each time that it comes to the head. */
  readonly #waiting = new Map<number, number>();

  /** `begins`: a region starts at a record already. */
  constructor(source: CodeSource, head: number, extent: Extent, begins: (record: number) => boolean) {
    this.#source = source;
    this.#extent = extent;
    this.#lead(this.#frame(head, null), head, 1);
    while (this.#waiting.size > 0) {
      const [leader, often] = this.#oftenest();
      this.#waiting.delete(leader);
      const record = recordOf(leader);
      if (often < RARE && begins(record) && !this.steps.has(leader)) this.brinks.add(record);
      else this.#follow(this.leaders.get(leader)!, record, often);
    }
  }

  #frame(start: number, caller: Frame | null): Frame {
    return { id: this.#frames++, start, caller, returns: new Set() };
  }
  #oftenest(): readonly [leader: number, often: number] {
    let best: readonly [number, number] = [0, -1];
    for (const one of this.#waiting) if (one[1] > best[1]) best = one;
    return best;
  }
  #lead(frame: Frame, record: number, often: number): void {
    const key = keyOf(frame, record);
    const already = this.#waiting.get(key);
    if (already !== undefined) this.#waiting.set(key, already + often);
    if (record === 0 || this.leaders.has(key)) return;
    if (this.leaders.size === this.#extent.blocks) {
      this.brinks.add(record);
      return;
    }
    this.leaders.set(key, frame);
    this.#waiting.set(key, often);
  }
  /** Straight on from a leader. */
  #follow(frame: Frame, leader: number, often: number): void {
    let record = leader;
    while (!this.steps.has(keyOf(frame, record))) {
      if (this.steps.size === this.#extent.instructions) {
        this.brinks.add(record);
        return;
      }
      const instruction = this.#source.instructionAt(record);
      if (instruction === null) {
        this.stops.add(record);
        return;
      }
      const step = { record, instruction };
      this.steps.set(keyOf(frame, record), step);
      if (instruction.form.control !== 'next') {
        this.#branch(frame, step, often);
        return;
      }
      const next = this.next(frame, step).record;
      if (next !== record + RECORD.SIZE) {
        this.#lead(frame, next, often);
        return;
      }
      record = next;
    }
  }
  #branch(frame: Frame, step: Step, often: number): void {
    switch (step.instruction.form.control) {
      case 'branch':
        this.#lead(frame, this.taken(frame, step).record, often);
        return;
      case 'conditional':
        this.#either(frame, step, often);
        return;
      case 'call':
        this.#call(
          frame,
          step,
          this.#target(step.record, step.instruction.operands.branchOffset).record,
          often,
        );
        return;
      case 'indirect-call': {
        const { lo, hi } = this.#source.calledLast(step.record);
        const callee = this.#at(lo, hi);
        if (callee !== 0) this.#call(frame, step, callee, often);
        return;
      }
      case 'indirect': {
        const landings = this.#landingsIn(pageOf(step.record));
        this.#landings.set(
          keyOf(frame, step.record),
          landings.map((record) => keyOf(frame, record)),
        );
        for (const record of landings)
          this.#lead(frame, record, often / Math.min(landings.length, MOST_LIKELY));
        return;
      }
    }
  }
  /** The ways of a conditional branch, as tier 1 has seen it go. */
  #either(frame: Frame, step: Step, often: number): void {
    const { run, taken } = this.#source.ways(step.record);
    const known = run >= FEWEST_RUNS && taken <= run;
    const share = known ? taken / run : 1 / 2;
    this.#way(frame, step, this.taken(frame, step).record, often, share);
    this.#way(frame, step, this.next(frame, step).record, often, 1 - share);
  }
  #way(frame: Frame, { record }: Step, to: number, often: number, share: number): void {
    if (share < RARE && !this.leaders.has(keyOf(frame, to))) this.rare.set(to, record);
    else this.#lead(frame, to, often * share);
  }
  /** A function within itself, however indirectly, is not followed again: it goes on in the frame that it has. */
  #call(frame: Frame, step: Step, start: number, often: number): void {
    const back = this.next(frame, step).record;
    let callee: Frame | null = frame;
    let depth = 0;
    for (; callee !== null && callee.start !== start; callee = callee.caller) depth++;
    if (callee === null && depth > MOST_DEPTH) return;
    callee ??= this.#frame(start, frame);
    if (back !== 0) callee.returns.add(keyOf(frame, back));
    this.#calls.set(keyOf(frame, step.record), callee);
    this.#lead(callee, start, often);
    this.#lead(frame, back, often);
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
  next(frame: Frame, step: Step): Edge {
    return this.#edge(frame, step.record, 4);
  }
  /** The target of a direct branch. */
  taken(frame: Frame, step: Step): Edge {
    const called = this.#calls.get(keyOf(frame, step.record));
    return this.#edge(called ?? frame, step.record, step.instruction.operands.branchOffset);
  }
  /** Keys of where an indirect branch or call is known to go. */
  goesTo(frame: Frame, { record }: Step): readonly number[] {
    const key = keyOf(frame, record);
    const called = this.#calls.get(key);
    return called === undefined ? (this.#landings.get(key) ?? []) : [keyOf(called, called.start)];
  }
  #edge(frame: Frame, from: number, offset: number): Edge {
    const { record, lo, hi } = this.#target(from, offset);
    return { record, key: keyOf(frame, record), lo, hi };
  }
  #target(from: number, offset: number): { lo: number; hi: number; record: number } {
    const at = this.#source.addressOf(from);
    const lo = (at.lo + offset) | 0;
    const carry = (at.lo >>> 0) + (offset >>> 0) > 0xffff_ffff ? 1 : 0;
    const hi = (at.hi + (offset >> 31) + carry) | 0;
    const near = hi === at.hi && ((lo ^ at.lo) & -4096) === 0;
    return { lo, hi, record: near ? recordIn(pageOf(from), lo) : this.#at(lo, hi) };
  }
  #at(lo: number, hi: number): number {
    const page = this.#source.pageAt(lo, hi);
    return page === 0 ? 0 : recordIn(page, lo);
  }
}
