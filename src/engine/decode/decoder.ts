/** From an instruction word to a row and its operands. No BigInt, no allocation per instruction. */
import { REG } from '../layout.ts';
import { ROWS } from '../semantics/rows.ts';
import { type Pattern, type PatternField, parsePattern } from './pattern.ts';
import { FIELD_NAMES, type Feature, type FieldName, type Fields, type Operands, type Row } from './row.ts';

/** Returned for words that no implemented encoding claims: UNALLOCATED, hence UNDEFINED. */
export const UNALLOCATED = -1;

export interface Decoder {
  /**
   * Index in `ROWS` of the encoding that `word` is, with `out` filled in; `UNALLOCATED` leaves `out` unspecified.
   * `pcLo` and `pcHi` are the instruction's address as int32 halves; `guarded`: it is in a guarded page (FEAT_BTI).
   */
  decode(word: number, pcLo: number, pcHi: number, out: Operands, guarded?: boolean): number;
}

interface Candidate {
  readonly index: number;
  readonly row: Row;
  readonly mask: number;
  readonly value: number;
  readonly fields: readonly PatternField[];
  /** Reused for every word that this candidate matches. */
  readonly values: MutableFields;
}

/** Patterns of `ROWS`, in their order. */
export const PATTERNS: readonly Pattern[] = ROWS.map((row) => parsePattern(row.pattern));

type MutableFields = Record<keyof Fields, number>;

/** What a pattern lacks is 0. */
const NO_FIELDS = Object.fromEntries(FIELD_NAMES.map((name) => [name, 0])) as Record<FieldName, number>;

/** Room for the fields of a pattern: few properties of its own, the rest inherited. */
function blankFields(fields: readonly PatternField[]): MutableFields {
  const own = Object.create(NO_FIELDS) as MutableFields;
  for (const { name } of fields) own[name] = 0;
  own.word = 0;
  own.branchTypes = 0;
  return own;
}

/** Values of a pattern's fields in `word`. */
function extractFields(word: number, fields: readonly PatternField[], into: MutableFields): Fields {
  for (const field of fields) into[field.name] = (word >>> field.low) & (0xffff_ffff >>> (32 - field.width));
  into.word = word >>> 0;
  return into;
}

/** The fields of row `index` in a word that matches its pattern. */
export function fieldsOf(index: number, word: number): Fields {
  const { fields } = PATTERNS[index]!;
  return extractFields(word, fields, blankFields(fields));
}

export function blankOperands(): Operands {
  return reset({} as Operands);
}

function reset(o: Operands): Operands {
  o.variant = 0;
  o.rd = REG.SINK;
  o.rn = REG.ZERO;
  o.rm = REG.ZERO;
  o.ra = REG.ZERO;
  o.cond = 0;
  o.immLo = 0;
  o.immHi = 0;
  o.imm2Lo = 0;
  o.imm2Hi = 0;
  o.branchOffset = 0;
  o.vectorMask = 0;
  return o;
}

/** The first level is indexed by bits 31..21, which tell most encodings apart. */
const INDEX_SHIFT = 21;

function buildTable(candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const table = Array.from({ length: 1 << (32 - INDEX_SHIFT) }, (): Candidate[] => []);
  for (const candidate of candidates) {
    const mask = candidate.mask >>> INDEX_SHIFT;
    const value = candidate.value >>> INDEX_SHIFT;
    for (let top = 0; top < table.length; top++) {
      if ((top & mask) === value) table[top]!.push(candidate);
    }
  }
  return table;
}

/** A decoder for a profile: rows whose feature is not listed are UNDEFINED. */
export function createDecoder(features: Iterable<Feature>): Decoder {
  const present = new Set<Feature>(features);
  const candidates = ROWS.map((row, index): Candidate => {
    const pattern = PATTERNS[index]!;
    return { index, row, ...pattern, values: blankFields(pattern.fields) };
  }).filter(({ row }) => row.feature === undefined || present.has(row.feature));
  const table = buildTable(candidates);
  const branchTypes = present.has('bti');
  return {
    decode(word, pcLo, pcHi, out, guarded = false) {
      for (const candidate of table[word >>> INDEX_SHIFT]!) {
        if ((word & candidate.mask) !== candidate.value) continue;
        const { row } = candidate;
        candidate.values.branchTypes = branchTypes ? (guarded ? 2 : 1) : 0;
        const fields = extractFields(word, candidate.fields, candidate.values);
        if (row.allocated !== undefined && !row.allocated(fields)) continue;
        row.operands(fields, reset(out), pcLo, pcHi);
        return candidate.index;
      }
      return UNALLOCATED;
    },
  };
}
