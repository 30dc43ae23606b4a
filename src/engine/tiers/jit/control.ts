/** Blocks and the branches between them: structured control flow that follows the dominator tree. */
import { CODE_TLB, HOST } from '../../host-map.ts';
import { BTYPE_SHIFT, STATE } from '../../layout.ts';
import { bin, cmp, k32, k64, ld, wrap } from '../../semantics/build.ts';
import type { BranchType } from '../../semantics/emitter.ts';
import type { FlagKindNumber } from '../../semantics/flags.ts';
import type { I32, I64 } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import { BUDGET, LOCAL } from '../interpreter/abi.ts';
import { lower } from '../lower.ts';
import { bigOf } from './exits.ts';
import { LiveFlags } from './live-flags.ts';
import { MemoryEmitter } from './memory.ts';
import type { Edge, Step } from './formation.ts';
import type { MadeFor } from './made-for.ts';
import type { Block, Region } from './region.ts';
import type { RegionHelpers } from './registers.ts';
import type { CodeSource } from './source.ts';
import type { Structure } from './structure.ts';

/** Up to so many known targets of an indirect branch are compared one by one. */
const MOST_COMPARISONS = 3;
const MOST_TABLE = 1024;

export abstract class ControlEmitter extends MemoryEmitter {
  protected readonly region: Region;
  protected readonly structure: Structure;
  readonly #source: CodeSource;
  readonly #live: LiveFlags;
  /** What is known of the flag locals at the start of blocks that are not emitted yet. */
  readonly #kinds = new Map<Block, FlagKindNumber | 'any'>();

  constructor(
    f: FunctionWriter,
    helpers: RegionHelpers,
    source: CodeSource,
    region: Region,
    structure: Structure,
    madeFor: MadeFor,
  ) {
    super(f, helpers, region.entry, madeFor);
    this.#source = source;
    this.region = region;
    this.structure = structure;
    this.#live = new LiveFlags(region, structure);
  }
  protected abstract instruction(step: Step, n: number): void;

  /** A block and those that it dominates. */
  protected tree(block: Block): void {
    const shape = this.structure.shape(block);
    const { shape: shapeOf } = this.structure;
    const merges = shape.children
      .filter((c) => shapeOf(c).merge)
      .sort((a, b) => shapeOf(b).order - shapeOf(a).order);
    const within = (): void => this.#within(block, merges, 0);
    if (shape.loop) this.f.loop(`loop${block.id}`, within);
    else within();
  }
  #within(block: Block, merges: readonly Block[], n: number): void {
    const merge = merges[n];
    if (merge === undefined) {
      this.#body(block);
      return;
    }
    this.f.block(`block${merge.id}`, () => this.#within(block, merges, n + 1));
    this.tree(merge);
  }
  #body(block: Block): void {
    const shape = this.structure.shape(block);
    this.block = block;
    this.done = 0;
    this.pending = null;
    this.kind = shape.loop || block === this.region.entry ? 'any' : (this.#kinds.get(block) ?? 'any');
    this.step = block.steps[0] ?? block.outside!;
    this.temporaries.release([]);
    if (block.steps.length > 0) this.set(LOCAL.BUDGET, bin('sub', BUDGET, k32(block.steps.length)));
    for (const [n, step] of block.steps.entries()) this.instruction(step, n);
    this.done = block.steps.length;
    if (block.outside !== null) {
      this.syncFlags();
      this.exitBefore(block.outside);
    } else if (block.fall !== null && block.taken === null) {
      this.#go(block.fall);
    }
  }

  /** Go on along an edge. */
  #go(edge: Edge): void {
    const target = this.region.blocks.get(edge.key);
    if (edge.record === 0 || target === undefined || this.structure.isCut(this.block, target)) {
      this.syncFlags();
      this.exitTo(edge);
      return;
    }
    const anotherPage = target.page !== this.block.page;
    if (anotherPage || this.#live.at(target)) this.syncFlags();
    if (anotherPage) this.#leaveIf(this.#isElsewhere(target), k64(bigOf(edge.lo, edge.hi)));
    if (this.structure.goesBack(this.block, target)) {
      lower(this.f, cmp('les', BUDGET, k32(this.structure.shape(target).need)));
      this.f.if(() => {
        this.syncFlags();
        this.exitBefore(target.steps[0] ?? target.outside!);
      });
    }
    this.#enter(target);
  }
  /** The page of a block is no longer mapped to the records that the region was made from. Those of a guarded page are others. */
  #isElsewhere(block: Block): I32 {
    const { lo, hi } = this.#source.addressOf(block.record);
    const entry = k32(HOST.CODE_TLB + ((lo >>> 12) & (CODE_TLB.ENTRIES - 1)) * CODE_TLB.ENTRY);
    const tag = bin('add', k64(bigOf(lo & -4096, hi)), this.context());
    return bin(
      'or',
      cmp('ne', ld('i64', 64, entry, CODE_TLB.TAG), tag),
      cmp('ne', ld('i32', 32, entry, CODE_TLB.BASE), k32(block.page)),
    );
  }
  #leaveIf(c: I32, address: I64): void {
    lower(this.f, c);
    this.f.if(() => this.exitAt(address));
  }
  #note(target: Block): void {
    const known = this.#kinds.get(target);
    this.#kinds.set(target, known === undefined || known === this.kind ? this.kind : 'any');
  }
  #labelOf(target: Block): string {
    return this.structure.goesBack(this.block, target) ? `loop${target.id}` : `block${target.id}`;
  }
  #enter(target: Block): void {
    this.#note(target);
    if (this.structure.shape(target).merge || this.structure.goesBack(this.block, target)) {
      this.f.br(this.#labelOf(target));
      return;
    }
    const saved = [this.block, this.done, this.step, this.kind, this.pending] as const;
    this.tree(target);
    [this.block, this.done, this.step, this.kind, this.pending] = saved;
  }

  jump(): void {
    this.#go(this.block.taken!);
  }
  jumpIf(c: I32): void {
    const { fall, taken } = this.block;
    const { kind } = this;
    lower(this.f, c);
    this.f.if(() => this.#go(taken!));
    this.kind = kind;
    this.#go(fall!);
  }
  jumpRegister(v: I64, _: unknown, type: BranchType = 0): void {
    const target = this.let(v);
    this.syncFlags();
    if (type !== 0) this.#setBranchType(type);
    const known = this.block.candidates.filter(
      (c) => !this.structure.isCut(this.block, c) && this.#source.accepts(c.record, type),
    );
    if (known.length <= MOST_COMPARISONS || !this.#table(target, known)) this.#compare(target, known);
    this.exitAt(target);
  }
  #setBranchType(type: BranchType): void {
    this.setsBranchType = true;
    this.setWord(STATE.BTYPE, k32(type << BTYPE_SHIFT));
    this.setWord(STATE.BTYPE_BUDGET, BUDGET);
  }
  /** Leave while there is enough for what is behind any edge that goes back. */
  #checkBudget(targets: readonly Block[], target: I64): void {
    const back = targets.filter((block) => this.structure.goesBack(this.block, block));
    if (back.length === 0) return;
    const need = Math.max(...back.map((block) => this.structure.shape(block).need));
    this.#leaveIf(cmp('les', BUDGET, k32(need)), target);
  }
  #compare(target: I64, known: readonly Block[]): void {
    for (const block of known) {
      const { lo, hi } = this.#source.addressOf(block.record);
      lower(this.f, cmp('eq', target, k64(bigOf(lo, hi))));
      this.f.if(() => this.#go({ record: block.record, key: block.key, lo, hi }));
    }
  }
  /** A dense switch over the targets in this page; the others are compared. False when the switch would be too large. */
  #table(target: I64, known: readonly Block[]): boolean {
    const inPage = known.filter((block) => block.page === this.block.page);
    const indexOf = (block: Block): number => this.#source.addressOf(block.record).lo >>> 2;
    const first = inPage[0];
    const last = inPage.at(-1);
    if (first === undefined || last === undefined) return false;
    const { lo, hi } = this.#source.addressOf(first.record);
    const span = indexOf(last) - indexOf(first) + 1;
    if (span > MOST_TABLE) return false;
    this.#compare(
      target,
      known.filter((block) => block.page !== this.block.page),
    );
    this.#checkBudget(inPage, target);
    const { f } = this;
    const unknown = `unknown${this.block.id}`;
    const labels = Array<string>(span).fill(unknown);
    for (const block of inPage) {
      this.#note(block);
      labels[indexOf(block) - indexOf(first)] = this.#labelOf(block);
    }
    f.block(unknown, () => {
      const index = this.let(bin('rotr', bin('sub', target, k64(bigOf(lo, hi))), k64(2)));
      lower(f, cmp('geu', index, k64(span)));
      f.brIf(unknown);
      lower(f, wrap(index));
      f.brTable(labels, unknown);
    });
    return true;
  }
}
