/**
 * The pattern language of decode rows: bit literals and `name:width` fields, most significant first,
 * separated by spaces. `sf:1 0 0 100010 sh:1 imm12:12 Rn:5 Rd:5` is ADD (immediate).
 */
import { assert } from '../../base/assert.ts';
import { FIELD_NAMES, type FieldName } from './row.ts';

export interface PatternField {
  readonly name: FieldName;
  /** Position of the field's least significant bit. */
  readonly low: number;
  readonly width: number;
}

/** A word matches when `(word & mask) === value`; both are int32. */
export interface Pattern {
  readonly mask: number;
  readonly value: number;
  readonly fields: readonly PatternField[];
}

const NAMES: ReadonlySet<string> = new Set(FIELD_NAMES);
const isFieldName = (name: string): name is FieldName => NAMES.has(name);

/** Parse a pattern; a malformed one is a bug in the row and is asserted. */
export function parsePattern(text: string): Pattern {
  const fields: PatternField[] = [];
  let mask = 0;
  let value = 0;
  let left = 32;
  for (const token of text.split(' ')) {
    const literal = /^[01]+$/.test(token);
    const [name = '', digits = ''] = token.split(':');
    const width = literal ? token.length : Number(digits);
    assert(Number.isInteger(width) && width > 0 && width <= left, `pattern ${text}: bad width at ${token}`);
    left -= width;
    if (literal) {
      mask |= (0xffff_ffff >>> (32 - width)) << left;
      value |= Number.parseInt(token, 2) << left;
      continue;
    }
    assert(isFieldName(name), `pattern ${text}: unknown field ${name}`);
    assert(!fields.some((field) => field.name === name), `pattern ${text}: ${name} appears twice`);
    fields.push({ name, low: left, width });
  }
  assert(left === 0, `pattern ${text}: ${32 - left} bits instead of 32`);
  return { mask, value, fields };
}

/** Whether some word matches both. */
export function overlaps(a: Pattern, b: Pattern): boolean {
  return ((a.value ^ b.value) & a.mask & b.mask) === 0;
}
