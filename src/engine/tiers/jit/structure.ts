/**
 * The shape of a region as WebAssembly wants it: loops and blocks that nest. Follows N. Ramsey, Beyond Relooper
 * (ICFP 2022): the dominator tree gives the nesting; irreducible edges are cut and leave the region.
 */
import { assert } from '../../../base/assert.ts';
import type { Block, Region } from './region.ts';

export interface Shape {
  /** Position in reverse postorder: an edge to a lower or equal one goes back. */
  readonly order: number;
  predecessors: Block[];
  dominator: Block | null;
  /** Blocks that this one immediately dominates. */
  readonly children: Block[];
  /** Target of a back edge. */
  loop: boolean;
  /** Several ways lead forward to it. */
  merge: boolean;
  /** Most instructions from its start to where the budget is looked at next. */
  need: number;
}
export interface Structure {
  shape(block: Block): Shape;
  /** The edge leaves the region. */
  isCut(from: Block, to: Block): boolean;
  /** The edge closes a loop: the budget is looked at before it is followed. */
  goesBack(from: Block, to: Block): boolean;
}

function postorder(entry: Block): Block[] {
  const done: Block[] = [];
  const seen = new Set([entry]);
  const stack = [{ block: entry, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const successor = top.block.successors[top.next++];
    if (successor === undefined) {
      done.push(top.block);
      stack.pop();
    } else if (!seen.has(successor)) {
      seen.add(successor);
      stack.push({ block: successor, next: 0 });
    }
  }
  return done;
}

class Analysis {
  readonly blocks: readonly Block[];
  readonly shapes = new Map<Block, Shape>();

  constructor(entry: Block) {
    this.blocks = postorder(entry).reverse();
    for (const [order, block] of this.blocks.entries()) {
      this.shapes.set(block, {
        order,
        predecessors: [],
        dominator: null,
        children: [],
        loop: false,
        merge: false,
        need: 0,
      });
    }
    for (const block of this.blocks) {
      for (const successor of block.successors) this.of(successor).predecessors.push(block);
    }
    this.#dominators(entry);
  }
  of(block: Block): Shape {
    const shape = this.shapes.get(block);
    assert(shape !== undefined, 'the block is reachable');
    return shape;
  }

  /** Cooper, Harvey and Kennedy, A Simple, Fast Dominance Algorithm. */
  #dominators(entry: Block): void {
    this.of(entry).dominator = entry;
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of this.blocks) {
        if (block === entry) continue;
        const shape = this.of(block);
        let common: Block | null = null;
        for (const p of shape.predecessors) {
          if (this.of(p).dominator !== null) common = common === null ? p : this.#common(common, p);
        }
        if (common !== shape.dominator) {
          shape.dominator = common;
          changed = true;
        }
      }
    }
    for (const block of this.blocks)
      if (block !== entry) this.of(this.of(block).dominator!).children.push(block);
  }
  #common(one: Block, other: Block): Block {
    let a = one;
    let b = other;
    while (a !== b) {
      while (this.of(a).order > this.of(b).order) a = this.of(a).dominator!;
      while (this.of(b).order > this.of(a).order) b = this.of(b).dominator!;
    }
    return a;
  }
  dominates(a: Block, block: Block): boolean {
    let b = block;
    while (this.of(b).order > this.of(a).order) b = this.of(b).dominator!;
    return a === b;
  }

  /** Edges that go back to a block which does not dominate their start. */
  irreducible(): [from: Block, to: Block][] {
    return this.blocks.flatMap((to) =>
      this.of(to)
        .predecessors.filter((from) => this.of(from).order >= this.of(to).order && !this.dominates(to, from))
        .map((from): [Block, Block] => [from, to]),
    );
  }
  classify(): void {
    for (const block of this.blocks) {
      const shape = this.of(block);
      let forward = 0;
      for (const p of shape.predecessors) {
        if (this.of(p).order >= shape.order) shape.loop = true;
        // An indirect branch needs a label to go to.
        else forward += p.candidates.length > 0 ? 2 : 1;
      }
      shape.merge = forward >= 2;
    }
    for (const block of [...this.blocks].reverse()) {
      const shape = this.of(block);
      const onward = block.successors.map((s) => this.of(s)).filter((s) => s.order > shape.order);
      shape.need = block.steps.length + Math.max(0, ...onward.map((s) => s.need));
    }
  }
}

/** Cuts irreducible edges out of the region's `successors`. */
export function structureOf(region: Region): Structure {
  const cuts = new Map<Block, Set<Block>>();
  for (;;) {
    const analysis = new Analysis(region.entry);
    const bad = analysis.irreducible();
    if (bad.length === 0) {
      analysis.classify();
      return {
        shape: (block) => analysis.of(block),
        isCut: (from, to) => cuts.get(from)?.has(to) === true,
        goesBack: (from, to) => analysis.of(to).order <= analysis.of(from).order,
      };
    }
    for (const [from, to] of bad) {
      from.successors = from.successors.filter((s) => s !== to);
      cuts.set(from, (cuts.get(from) ?? new Set()).add(to));
    }
  }
}
