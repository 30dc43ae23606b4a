/**
 * Programs of many instructions as data: a list of units, each of which stands for itself, so that a program stays a
 * program when units are taken out of it.
 */

export const PAGE = 4096;
/** Where programs are, what they load and store, and where they keep their stack: virtual addresses. */
export const SPACE = {
  code: 0x4000_0000,
  codePages: 8,
  vectors: 0x4000_7000,
  data: 0x4010_0000,
  dataPages: 64,
  /** Base registers point to the pages from here on. */
  basePage: 16,
  basePages: 3,
} as const;

/** A displacement to another unit, in a word of this one. */
export interface Fixup {
  readonly word: number;
  readonly field: 'imm26' | 'imm19' | 'imm14' | 'adr';
  /** Index of the unit; a unit that has been taken out is the next one. */
  readonly target: number;
}

export interface Unit {
  readonly words: readonly number[];
  readonly fixups?: readonly Fixup[];
}

export interface Sequence {
  /** It meets exceptions and changes of translation, and a host that interferes: for our tiers only. */
  readonly rough: boolean;
  /** Of the state that it starts in. */
  readonly seed: number;
  /** Byte offset of the first instruction in the code range. */
  readonly start: number;
  readonly units: readonly Unit[];
}

const FIELDS = {
  imm26: [0, 26],
  imm19: [5, 19],
  imm14: [5, 14],
} as const;

function withDisplacement(word: number, field: Fixup['field'], words: number): number {
  if (field === 'adr') {
    const bytes = words * 4;
    return ((word & 0x9f00_001f) | ((bytes & 3) << 29) | (((bytes >> 2) & 0x7_ffff) << 5)) >>> 0;
  }
  const [low, width] = FIELDS[field];
  const mask = (2 ** width - 1) * 2 ** low;
  return ((word & ~mask) | ((words << low) & mask)) >>> 0;
}

/** The words of a program, from its first instruction on. */
export function assembleSequence({ units }: Sequence): number[] {
  const starts: number[] = [];
  let length = 0;
  for (const { words } of units) {
    starts.push(length);
    length += words.length;
  }
  return units.flatMap(({ words, fixups = [] }, index) => {
    const out = words.map((word) => word >>> 0);
    for (const { word, field, target } of fixups)
      out[word] = withDisplacement(out[word]!, field, starts[target]! - starts[index]! - word);
    return out;
  });
}

/** One line for each unit that has words. */
export function formatSequence(sequence: Sequence): string {
  const words = assembleSequence(sequence).map((word) => word.toString(16).padStart(8, '0'));
  let at = 0;
  const lines = sequence.units.flatMap((unit) => {
    const mine = words.slice(at, at + unit.words.length);
    at += unit.words.length;
    return mine.length === 0 ? [] : [mine.join(' ')];
  });
  return `seed ${sequence.seed}, at 0x${(SPACE.code + sequence.start).toString(16)}\n  ${lines.join('\n  ')}`;
}
