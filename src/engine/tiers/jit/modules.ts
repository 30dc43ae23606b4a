/**
 * Modules of regions, shared by the VMs of a thread: guests that run the same image form the same regions, and a guest that
 * is made again finds them compiled. The ones used last are kept.
 */
import type { BranchType } from '../../semantics/emitter.ts';
import { generateRegion, type RegionCode } from './compile.ts';
import type { Edge } from './formation.ts';
import type { MadeFor } from './made-for.ts';
import type { Region } from './region.ts';
import type { CodeSource } from './source.ts';

/** A module with its machine code is 20 to 80 KB. */
const MOST_MODULES = 1024;

export interface RegionModule extends Pick<RegionCode, 'dependsOnAlignment' | 'dependsOnFloating'> {
  readonly module: WebAssembly.Module;
}

/** By key, the one used longest ago first. */
const kept = new Map<string, RegionModule>();

/** Those that may be refused: it depends on the guarded bit of the page whether they are, which no instruction word tells. */
const BRANCH_TYPES: readonly BranchType[] = [1, 2, 3];

/** Everything that `generateRegion` makes a difference of, as text. */
function keyOf(
  source: CodeSource,
  region: Region,
  { strict, fast, fused, refused, windows }: MadeFor,
): string {
  const key: (number | string)[] = [
    Number(strict),
    Number(fast),
    Number(fused),
    windows,
    region.entry.record,
  ];
  const edge = (to: Edge | null): void => {
    if (to === null) key.push('-');
    else key.push(to.record, to.lo, to.hi, region.blocks.get(to.key)?.id ?? '-');
  };
  for (const block of region.blocks.values()) {
    const { lo, hi } = source.addressOf(block.record);
    key.push('b', block.id, block.record, lo, hi);
    for (const { record, instruction } of block.steps)
      key.push(source.wordOf(record), refused.has(record) ? -instruction.opcode : instruction.opcode);
    key.push('o', block.outside === null ? '-' : block.outside.instruction.opcode);
    edge(block.fall);
    edge(block.taken);
    for (const { id, record } of block.candidates)
      key.push(id, ...BRANCH_TYPES.map((type) => Number(source.accepts(record, type))));
  }
  return key.join();
}

/** The module of a region: one that is kept, or a new one. */
export function moduleOf(source: CodeSource, region: Region, madeFor: MadeFor): RegionModule {
  const key = keyOf(source, region, madeFor);
  let found = kept.get(key);
  if (found === undefined) {
    const { bytes, dependsOnAlignment, dependsOnFloating } = generateRegion(source, region, madeFor);
    found = { module: new WebAssembly.Module(bytes), dependsOnAlignment, dependsOnFloating };
    if (kept.size === MOST_MODULES) kept.delete(kept.keys().next().value!);
  }
  // The newest is last.
  kept.delete(key);
  kept.set(key, found);
  return found;
}
