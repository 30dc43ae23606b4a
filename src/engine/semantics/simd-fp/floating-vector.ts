/** What Advanced SIMD floating-point rows share: lanes of 32 or 64 bits (16 with FEAT_FP16), all of a register or the lowest one. */
import type { Row } from '../../decode/row.ts';
import type { FpSize } from '../../fp/format.ts';
import { k128, vec } from '../build.ts';
import type { Emitter, FpShape, RegisterField } from '../emitter.ts';
import type { I64, V128 } from '../ir.ts';
import { extractLane, type LaneSize, replaceLane, SHAPES } from '../lanes.ts';
import { vectorOperands } from './floating.ts';

/** Encodings of an instruction: on vectors, and on the lowest lanes. */
export type Form = 'vector' | 'SIMD scalar';

export type Arrangement = FpShape;
const VECTORS: readonly Arrangement[] = [
  { size: 32, lanes: 2 },
  { size: 32, lanes: 4 },
  { size: 64, lanes: 2 },
];
const HALF_VECTORS: readonly Arrangement[] = [
  { size: 16, lanes: 4 },
  { size: 16, lanes: 8 },
];
const SCALARS: readonly Arrangement[] = [
  { size: 32, lanes: 1 },
  { size: 64, lanes: 1 },
];
const HALF_SCALARS: readonly Arrangement[] = [{ size: 16, lanes: 1 }];

/** What rows of a form have in common: arrangements, and operands that pick one by `sz` and `Q`. */
type Common = Omit<Row<Arrangement>, 'name' | 'encodingClass' | 'pattern' | 'emit'>;
export function arrangements(form: Form, half = false): Common {
  const presence = half ? ({ fp: true, feature: 'fp16', cold: true } as const) : ({ fp: true } as const);
  if (form === 'SIMD scalar') {
    return { ...presence, variants: half ? HALF_SCALARS : SCALARS, operands: vectorOperands };
  }
  return {
    ...presence,
    variants: half ? HALF_VECTORS : VECTORS,
    // One doubleword is no vector.
    allocated: (f) => f.sz === 0 || f.Q === 1,
    operands(f, o, pcLo, pcHi) {
      vectorOperands(f, o, pcLo, pcHi);
      o.variant = f.sz === 1 ? 2 : f.Q;
    },
  };
}
/** An instruction at single and double precision, and at half precision where that exists. */
export const withHalf = <T>(make: (half: boolean) => T): T[] => [false, true].map(make);

/** Bits 31..23 of most encodings, `o` being bit 23, and what follows. */
export const formPattern = (form: Form, U: 0 | 1, o: 0 | 1, tail: string): string =>
  `${form === 'vector' ? `0 Q:1 ${U} 01110` : `01 ${U} 11110`} ${o} ${tail}`;
/** The encoding class of a form: `Advanced SIMD scalar three same`, `Advanced SIMD three same (FP16)`. */
export const classOf = (form: Form, name: string, half: boolean): string =>
  `Advanced SIMD ${form === 'vector' ? '' : 'scalar '}${name}${half ? ' (FP16)' : ''}`;

const bytesOf = (size: number): LaneSize => (size / 8) as LaneSize;

/** Lanes of a register from lane `first` on, zero-extended. */
export function readLanes(e: Emitter, r: RegisterField, size: FpSize, lanes: number, first = 0): I64[] {
  return Array.from({ length: lanes }, (_, i) => extractLane(bytesOf(size), first + i, e.V(r)));
}

/** `into` with lanes replaced from `first` on by the low bits of `values`. */
export function withLanes(size: FpSize, values: readonly I64[], into: V128, first = 0): V128 {
  return values.reduce((v, value, i) => replaceLane(bytesOf(size), first + i, v, value), into);
}
/** Write a register; lanes beyond the values become zero. */
export const writeLanes = (e: Emitter, r: RegisterField, size: FpSize, values: readonly I64[]): void =>
  e.setV(r, withLanes(size, values, k128(0n)));

/** Lanes of all ones for lanes of one. */
export const allOnes = ({ size }: FpShape, v: V128): V128 => vec(`${SHAPES[bytesOf(size)]}.neg`, v);

/** `operands` of a row whose Vd is read, too. */
export const readsDestination =
  (operands: Row['operands']): Row['operands'] =>
  (f, o, pcLo, pcHi) => {
    operands(f, o, pcLo, pcHi);
    o.ra = f.Rd;
  };
