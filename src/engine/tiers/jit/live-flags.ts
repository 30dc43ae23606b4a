/** Where NZCV has to be in its locals: at the start of blocks that use it, or may be left, before they set it. */
import type { Edge } from './formation.ts';
import type { Block, Region } from './region.ts';
import type { Structure } from './structure.ts';

export class LiveFlags {
  readonly #region: Region;
  readonly #structure: Structure;
  readonly #known = new Map<Block, boolean>();

  constructor(region: Region, structure: Structure) {
    this.#region = region;
    this.#structure = structure;
  }

  /** The block needs the flags with which it is entered. */
  at(block: Block): boolean {
    let live = this.#known.get(block);
    if (live === undefined) {
      live = this.#find(block);
      this.#known.set(block, live);
    }
    return live;
  }
  #find(block: Block): boolean {
    for (const { instruction } of block.steps) {
      const { flags, leaves } = instruction.form;
      if (leaves || flags === 'reads') return true;
      if (flags === 'sets') return false;
    }
    const edges = [block.taken, block.fall].filter((edge) => edge !== null);
    return edges.length === 0 || edges.some((edge) => this.#along(block, edge));
  }
  /** Leaving is possible along edges to other pages, and along those that go back: the budget is looked at there. */
  #along(from: Block, edge: Edge): boolean {
    const target = this.#region.blocks.get(edge.key);
    if (edge.record === 0 || target === undefined || this.#structure.isCut(from, target)) return true;
    if (target.page !== from.page || this.#structure.goesBack(from, target)) return true;
    return this.at(target);
  }
}
