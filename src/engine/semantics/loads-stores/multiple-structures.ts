/** Arm ARM, Advanced SIMD load/store multiple structures, and (post-indexed). */
import type { Row } from '../../decode/row.ts';
import { k128 } from '../build.ts';
import type { Emitter, Host, Piece, RegisterField } from '../emitter.ts';
import type { V128 } from '../ir.ts';
import { extractLane, LANE_SIZES, type LaneSize, replaceLane } from '../lanes.ts';
import { setImm } from '../operands.ts';
import { lowHalf, scalar } from '../vector.ts';
import { combine } from '../width.ts';
import {
  advance,
  isAllocatedAddress,
  isImmediatePostIndex,
  setStructureOperands,
} from './structure-address.ts';

const NEXT = [0, 1, 2, 3] as const;

interface Variant {
  readonly size: LaneSize;
  readonly full: boolean;
}
const VARIANTS: readonly Variant[] = combine({ full: [true, false], size: LANE_SIZES });
/** One doubleword per register cannot be interleaved. */
const INTERLEAVED_VARIANTS = VARIANTS.slice(0, -1);
const bytesOf = (full: boolean): 8 | 16 => (full ? 16 : 8);

interface Shape {
  readonly name: string;
  readonly opcode: string;
  readonly registers: 1 | 2 | 3 | 4;
  /** Elements of a structure go to as many registers (LD2 to LD4), or one register after the other (LD1). */
  readonly interleaved: boolean;
}
const SHAPES: readonly Shape[] = [
  { name: '1 (multiple structures, one register)', opcode: '0111', registers: 1, interleaved: false },
  { name: '1 (multiple structures, two registers)', opcode: '1010', registers: 2, interleaved: false },
  { name: '1 (multiple structures, three registers)', opcode: '0110', registers: 3, interleaved: false },
  { name: '1 (multiple structures, four registers)', opcode: '0010', registers: 4, interleaved: false },
  { name: '2 (multiple structures)', opcode: '1000', registers: 2, interleaved: true },
  { name: '3 (multiple structures)', opcode: '0100', registers: 3, interleaved: true },
  { name: '4 (multiple structures)', opcode: '0000', registers: 4, interleaved: true },
];

/** Offset in memory of element `index` of register `r` of an interleaved transfer. */
const elementOffset = (shape: Shape, size: LaneSize, index: number, r: number): number =>
  (index * shape.registers + r) * size;

function gather(e: Emitter, h: Host, shape: Shape, { size, full }: Variant, r: number): V128 {
  const bytes = bytesOf(full);
  if (!shape.interleaved) return full ? e.peekV(h, r * bytes) : scalar(e.peek(h, 8, r * bytes));
  let v: V128 = k128(0n);
  for (let index = 0; index < bytes / size; index++) {
    v = replaceLane(size, index, v, e.peek(h, size, elementOffset(shape, size, index, r)));
  }
  return v;
}

function scatter(v: V128, shape: Shape, { size, full }: Variant, r: number): Piece[] {
  const bytes = bytesOf(full);
  if (!shape.interleaved) {
    return [{ offset: r * bytes, size: bytes, value: full ? v : lowHalf(v) }];
  }
  return Array.from({ length: bytes / size }, (_, index) => ({
    offset: elementOffset(shape, size, index, r),
    size,
    value: extractLane(size, index, v),
  }));
}

function transfer(
  e: Emitter,
  load: boolean,
  shape: Shape,
  variant: Variant,
  rn: RegisterField,
  rd: RegisterField,
) {
  const address = e.let(e.X(rn));
  const access = { size: variant.size, bytes: shape.registers * bytesOf(variant.full) };
  const registers = NEXT.slice(0, shape.registers);
  if (load) {
    const h = e.load(address, access);
    const values = registers.map((r) => e.let(gather(e, h, shape, variant, r)));
    for (const r of registers) e.setV(rd, values[r]!, r);
  } else {
    const pieces = registers.flatMap((r) => scatter(e.let(e.V(rd, r)), shape, variant, r));
    e.store(address, access, pieces);
  }
  return address;
}

/** imm: what an immediate post-index adds. */
const multiple = (load: boolean, shape: Shape): Row<Variant> => ({
  name: `${load ? 'LD' : 'ST'}${shape.name}`,
  encodingClass: 'Advanced SIMD load/store multiple structures',
  pattern: `0 Q:1 001100 post:1 ${load ? 1 : 0} 0 Rm:5 ${shape.opcode} size:2 Rn:5 Rt:5`,
  fp: true,
  cold: true,
  allocated: (f) => isAllocatedAddress(f) && !(shape.interleaved && f.size === 3 && f.Q === 0),
  variants: shape.interleaved ? INTERLEAVED_VARIANTS : VARIANTS,
  operands(f, o) {
    o.variant = (f.Q === 1 ? 0 : LANE_SIZES.length) + f.size;
    setStructureOperands(f, o);
    setImm(o, isImmediatePostIndex(f) ? shape.registers * bytesOf(f.Q === 1) : 0);
  },
  emit(e, variant, o) {
    const address = transfer(e, load, shape, variant, o.rn, o.rd);
    advance(e, o.rn, o.rm, address, e.imm(o.imm));
  },
});

export const MULTIPLE_STRUCTURES: readonly Row<Variant>[] = SHAPES.flatMap((shape) => [
  multiple(false, shape),
  multiple(true, shape),
]);
