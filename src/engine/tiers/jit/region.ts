/**
 * Regions: the instructions that are compiled together, as a graph of basic blocks. Formed from a hot record by
 * following branches, calls and returns through code that has run before.
 */
import { RECORD } from '../../host-map.ts';
import { type Edge, type Extent, Formation, type Frame, keyOf, type Step } from './formation.ts';
import { RecordSet } from './record-set.ts';
import { type CodeSource, pageOf } from './source.ts';

export interface Block {
  readonly id: number;
  readonly key: number;
  /** The call that it belongs to. */
  readonly frame: Frame;
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
  /** By key. */
  readonly blocks: ReadonlyMap<number, Block>;
  readonly instructions: number;
  /** Records that it was made from: its instructions, and where it ended because there was nothing to compile. */
  readonly records: RecordSet;
  /** Records to which it does not go because it would be too large, or because another region begins there. */
  readonly brinks: ReadonlySet<number>;
  /** Records to which it does not go because that is rare, and the branches that do. */
  readonly rare: ReadonlyMap<number, number>;
}

function blockAt(formation: Formation, frame: Frame, record: number, id: number): Block {
  const steps: Step[] = [];
  const page = pageOf(record);
  const base = {
    id,
    key: keyOf(frame, record),
    frame,
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
    const step = formation.steps.get(keyOf(frame, at))!;
    const { control } = step.instruction.form;
    if (control === 'outside') return { ...base, outside: step };
    steps.push(step);
    const next = formation.next(frame, step);
    switch (control) {
      case 'branch':
      case 'call':
        return { ...base, taken: formation.taken(frame, step) };
      case 'conditional':
        return { ...base, taken: formation.taken(frame, step), fall: next };
      case 'indirect':
      case 'indirect-call':
      case 'return':
        return base;
      case 'next':
        if (
          next.record !== at + RECORD.SIZE ||
          formation.leaders.has(next.key) ||
          !formation.steps.has(next.key)
        ) {
          return { ...base, fall: next };
        }
        at = next.record;
    }
  }
}

function connect(formation: Formation, blocks: ReadonlyMap<number, Block>): void {
  const known = (keys: Iterable<number>): Block[] =>
    [...keys].flatMap((key) => blocks.get(key) ?? []).sort((a, b) => a.record - b.record);
  for (const block of blocks.values()) {
    const last = block.steps.at(-1);
    const control = block.outside !== null ? 'outside' : last?.instruction.form.control;
    if (control === 'return') block.candidates = known(block.frame.returns);
    if (control === 'indirect' || control === 'indirect-call')
      block.candidates = known(formation.goesTo(block.frame, last!));
    const direct = [block.taken, block.fall].flatMap((edge) =>
      edge === null ? [] : (blocks.get(edge.key) ?? []),
    );
    block.successors = [...new Set([...direct, ...block.candidates])];
  }
}

/** The region that starts at a record, others starting where `begins` says; null when its first instruction cannot be compiled. */
export function formRegion(
  source: CodeSource,
  head: number,
  extent: Extent,
  begins: (record: number) => boolean,
): Region | null {
  const formation = new Formation(source, head, extent, begins);
  const blocks = new Map<number, Block>();
  for (const [key, frame] of formation.leaders) {
    const step = formation.steps.get(key);
    if (step !== undefined) blocks.set(key, blockAt(formation, frame, step.record, blocks.size));
  }
  const [entry] = blocks.values();
  if (entry === undefined || entry.steps.length === 0) return null;
  connect(formation, blocks);
  const records = new RecordSet();
  for (const { record } of formation.steps.values()) records.add(record);
  for (const record of formation.stops) records.add(record);
  const instructions = [...formation.steps.values()].filter(
    (s) => s.instruction.form.control !== 'outside',
  ).length;
  return { entry, blocks, instructions, records, brinks: formation.brinks, rare: formation.rare };
}
