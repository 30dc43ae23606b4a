/** The decoder's inverse, for tests and random programs. */
import { assert } from '../../base/assert.ts';
import { ROWS } from '../semantics/rows.ts';
import { fieldsOf, PATTERNS } from './decoder.ts';
import type { FieldName } from './row.ts';

/** The word of row `index` with the given field values; absent fields are 0. Unsigned. */
export function encode(index: number, fields: Partial<Readonly<Record<FieldName, number>>>): number {
  const pattern = PATTERNS[index]!;
  let word = pattern.value;
  for (const { name, low, width } of pattern.fields) {
    const value = fields[name] ?? 0;
    assert(
      value >= 0 && value < 2 ** width,
      () => `${ROWS[index]!.name}: ${name} = ${value} needs more than ${width} bits`,
    );
    word |= value << low;
  }
  return word >>> 0;
}

/** A random allocated word of row `index`. `rng` gives uint32 values. */
export function randomWord(index: number, rng: () => number): number {
  const { mask, value } = PATTERNS[index]!;
  const row = ROWS[index]!;
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const word = ((rng() & ~mask) | value) >>> 0;
    if (row.allocated === undefined || row.allocated(fieldsOf(index, word))) return word;
  }
  assert(false, `${row.name}: no allocated word found`);
}

/** A random allocated instruction: any row with the same probability, then any word of it. */
export function randomInstruction(rng: () => number): { index: number; word: number } {
  const index = rng() % ROWS.length;
  return { index, word: randomWord(index, rng) };
}
