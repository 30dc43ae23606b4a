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
   * `pcLo` and `pcHi` are the instruction's address as int32 halves.
   */
  decode(word: number, pcLo: number, pcHi: number, out: Operands): number;
}

interface Candidate {
  readonly index: number;
  readonly row: Row;
  readonly mask: number;
  readonly value: number;
  readonly fields: readonly PatternField[];
  /** Reused for every word that this candidate matches. */
  readonly values: Record<FieldName | 'word', number>;
}

/** Patterns of `ROWS`, in their order. */
export const PATTERNS: readonly Pattern[] = ROWS.map((row) => parsePattern(row.pattern));

function blankFields(): Record<FieldName | 'word', number> {
  const names = Object.fromEntries(FIELD_NAMES.map((name) => [name, 0])) as Record<FieldName, number>;
  return { ...names, word: 0 };
}

/** Values of a pattern's fields in `word`. */
function extractFields(
  word: number,
  fields: readonly PatternField[],
  into: Record<FieldName | 'word', number>,
): Fields {
  for (const field of fields) into[field.name] = (word >>> field.low) & (0xffff_ffff >>> (32 - field.width));
  into.word = word >>> 0;
  return into;
}

/** The fields of row `index` in a word that matches its pattern. */
export function fieldsOf(index: number, word: number): Fields {
  return extractFields(word, PATTERNS[index]!.fields, blankFields());
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
  return Array.from({ length: 1 << (32 - INDEX_SHIFT) }, (_, top) =>
    candidates.filter((c) => (((top << INDEX_SHIFT) ^ c.value) & c.mask & (-1 << INDEX_SHIFT)) === 0),
  );
}

/** A decoder for a profile: rows whose feature is not listed are UNDEFINED. */
export function createDecoder(features: Iterable<Feature>): Decoder {
  const present = new Set<Feature>(features);
  const candidates = ROWS.map((row, index): Candidate => {
    return { index, row, ...PATTERNS[index]!, values: blankFields() };
  }).filter(({ row }) => row.feature === undefined || present.has(row.feature));
  const table = buildTable(candidates);
  return {
    decode(word, pcLo, pcHi, out) {
      for (const candidate of table[word >>> INDEX_SHIFT]!) {
        if ((word & candidate.mask) !== candidate.value) continue;
        const { row } = candidate;
        const fields = extractFields(word, candidate.fields, candidate.values);
        if (row.allocated !== undefined && !row.allocated(fields)) continue;
        row.operands(fields, reset(out), pcLo, pcHi);
        return candidate.index;
      }
      return UNALLOCATED;
    },
  };
}
