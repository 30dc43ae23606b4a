/** Which lanes an Advanced SIMD instruction works on: element size, 64 or 128 bits, or the lowest element alone. */
import type { Fields, OperandFields, Operands, Row } from '../../decode/row.ts';
import { k64, k128, vec } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import { LANE_SIZES, type LaneSize } from '../lanes.ts';
import { setImm2, VECTOR } from '../operands.ts';
import { halves } from '../vector.ts';

/**
 * `either`: 64 or 128 bits, as imm2 says, so that long code exists once for both. `scalar`: the lowest element.
 */
export type Form = 'half' | 'full' | 'either' | 'scalar';
export interface Arrangement {
  readonly size: LaneSize;
  readonly form: Form;
}

export const B: readonly LaneSize[] = [1];
export const BH: readonly LaneSize[] = [1, 2];
export const HS: readonly LaneSize[] = [2, 4];
export const BHS: readonly LaneSize[] = [1, 2, 4];
export const BHSD: readonly LaneSize[] = LANE_SIZES;
export const D: readonly LaneSize[] = [8];

/** The variants of a row and how its fields select one. */
export interface Arrangements {
  readonly variants: readonly Arrangement[];
  /** Index of the variant for log2 of the element size; -1 when the combination is UNALLOCATED. */
  indexOf(log2: number, Q: number): number;
}

/** `quick`: 64 and 128 bits have code of their own. A doubleword needs 128 bits. */
export function vectorArrangements(sizes: readonly LaneSize[], quick: boolean): Arrangements {
  const forms: readonly Form[] = quick ? ['half', 'full'] : ['either'];
  const variants = sizes.flatMap((size) =>
    forms.filter((form) => size < 8 || form !== 'half').map((form): Arrangement => ({ size, form })),
  );
  const table = [0, 1].map((Q) =>
    LANE_SIZES.map((size) => {
      if (size === 8 && Q === 0) return -1;
      const form = quick ? forms[Q] : 'either';
      return variants.findIndex((v) => v.size === size && v.form === form);
    }),
  );
  return { variants, indexOf: (log2, Q) => table[Q]![log2]! };
}

export function scalarArrangements(sizes: readonly LaneSize[]): Arrangements {
  const variants = sizes.map((size): Arrangement => ({ size, form: 'scalar' }));
  const table = LANE_SIZES.map((size) => sizes.indexOf(size));
  return { variants, indexOf: (log2) => table[log2]! };
}

/** imm2: the upper half of the mask of existing lanes, for `either`. */
export function setArrangement(f: Fields, o: Operands, index: number): void {
  o.variant = index;
  setImm2(o, -f.Q, -f.Q);
}

const LOW_HALF = k128(0xffff_ffff_ffff_ffffn);

/** `v` with zeros in lanes that the arrangement has not. */
export function existing(e: Emitter, o: OperandFields, { size, form }: Arrangement, v: V128): V128 {
  switch (form) {
    case 'full':
      return v;
    case 'half':
      return vec('and', v, LOW_HALF);
    case 'scalar':
      return vec('and', v, k128((1n << BigInt(8 * size)) - 1n));
    case 'either':
      return vec('and', v, halves(k64(-1), e.imm(o.imm2)));
  }
}

/**
 * Write lanes to Vd; those that do not exist become zero. `saturates`: they must not set FPSR.QC, so they are zero in
 * the sources that `operation` passes through `source`, and with them in its result.
 */
export function writeLanes(
  e: Emitter,
  o: OperandFields,
  arrangement: Arrangement,
  saturates: boolean,
  operation: (source: (v: V128) => V128) => V128,
): void {
  if (saturates)
    e.setV(
      o.rd,
      operation((v) => existing(e, o, arrangement, v)),
    );
  else
    e.setV(
      o.rd,
      existing(
        e,
        o,
        arrangement,
        operation((v) => v),
      ),
    );
}

/** How many lanes can exist. */
export const laneCount = ({ size, form }: Arrangement): number =>
  form === 'scalar' ? 1 : (form === 'half' ? 8 : 16) / size;

/** The name of an instruction's scalar encoding. */
export const scalarName = (name: string): string =>
  name.endsWith(')') ? `${name.slice(0, -1)}, scalar)` : `${name} (scalar)`;

/** A row that works lane by lane on Rn and what Rd held. */
export interface ArrangedRow {
  readonly name: string;
  readonly encodingClass: string;
  readonly pattern: string;
  readonly arrangements: Arrangements;
  /** 64 and 128 bits have code of their own: the row is common and short. */
  readonly quick: true | undefined;
  /** May set FPSR.QC. */
  readonly saturates: true | undefined;
  /** log2 of the element size; `size` unless given. */
  readonly elementOf?: (f: Fields) => number;
  /** Instead of what the arrangements say. */
  readonly allocated?: (f: Fields) => boolean;
  /** Operands besides Rd and Rn. */
  readonly more?: (f: Fields, o: Operands) => void;
  /** Lanes of the result, from `n`, those of Rn; `source` makes lanes of another register. */
  readonly operation: (
    e: Emitter,
    arrangement: Arrangement,
    o: OperandFields,
    n: V128,
    source: (v: V128) => V128,
  ) => V128;
}
export function arrangedRow(description: ArrangedRow): Row<Arrangement> {
  const { name, encodingClass, pattern, arrangements, more, operation } = description;
  const elementOf = description.elementOf ?? ((f: Fields) => f.size);
  const indexOf = (f: Fields): number => arrangements.indexOf(elementOf(f), f.Q);
  return {
    name,
    encodingClass,
    pattern,
    fp: true,
    ...(description.quick === true ? {} : { cold: true }),
    allocated: description.allocated ?? ((f) => indexOf(f) >= 0),
    variants: arrangements.variants,
    operands(f, o) {
      setArrangement(f, o, indexOf(f));
      o.rd = f.Rd;
      o.ra = f.Rd;
      o.rn = f.Rn;
      o.vectorMask = VECTOR.rd | VECTOR.rn | VECTOR.ra;
      more?.(f, o);
    },
    emit(e, arrangement, o) {
      writeLanes(e, o, arrangement, description.saturates === true, (source) =>
        operation(e, arrangement, o, e.let(source(e.V(o.rn))), source),
      );
    },
  };
}
