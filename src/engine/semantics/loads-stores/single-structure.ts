/** Arm ARM, Advanced SIMD load/store single structure, and (post-indexed). */
import type { Fields, Row } from '../../decode/row.ts';
import { k64 } from '../build.ts';
import { LANE_SIZES, type LaneSize, laneMask, splatLane } from '../lanes.ts';
import { setImm, setImm2 } from '../operands.ts';
import { insertBits, selectedBits, setVector, vectorImmediate } from '../vector.ts';
import { combine } from '../width.ts';
import {
  advance,
  isAllocatedAddress,
  isImmediatePostIndex,
  setStructureOperands,
} from './structure-address.ts';

const encodingClass = 'Advanced SIMD load/store single structure';
const NEXT = [0, 1, 2, 3] as const;
type Count = 1 | 2 | 3 | 4;
const COUNTS = [1, 2, 3, 4] as const;
/** The R bit, and the low bit of the opcode. */
const selection = (registers: Count): { R: number; selem: number } => ({
  R: (registers - 1) & 1,
  selem: (registers - 1) >> 1,
});

interface LaneForm {
  readonly size: LaneSize;
  /** Bits 15..10, around the low bit of the opcode. */
  readonly bits: (selem: number) => string;
  readonly index: (f: Fields) => number;
}
const LANE_FORMS: readonly LaneForm[] = [
  { size: 1, bits: (s) => `00 ${s} S:1 size:2`, index: (f) => (f.Q << 3) | (f.S << 2) | f.size },
  { size: 2, bits: (s) => `01 ${s} S:1 sz:1 0`, index: (f) => (f.Q << 2) | (f.S << 1) | f.sz },
  { size: 4, bits: (s) => `10 ${s} S:1 00`, index: (f) => (f.Q << 1) | f.S },
  { size: 8, bits: (s) => `10 ${s} 0 01`, index: (f) => f.Q },
];

interface PostIndex {
  /** The address moves on by the size of the transfer. */
  readonly immediate: boolean;
}

/** imm, imm2: the bits of the element. */
function singleStructure(load: boolean, registers: Count, { size, bits, index }: LaneForm): Row<PostIndex> {
  const { R, selem } = selection(registers);
  const which = NEXT.slice(0, registers);
  const access = { size, bytes: size * registers };
  return {
    name: `${load ? 'LD' : 'ST'}${registers} (single structure, ${size * 8}-bit)`,
    encodingClass,
    pattern: `0 Q:1 001101 post:1 ${load ? 1 : 0} ${R} Rm:5 ${bits(selem)} Rn:5 Rt:5`,
    fp: true,
    cold: true,
    allocated: isAllocatedAddress,
    variants: [{ immediate: false }, { immediate: true }],
    operands(f, o) {
      o.variant = isImmediatePostIndex(f) ? 1 : 0;
      setStructureOperands(f, o);
      const [low, high] = laneMask(size, index(f));
      setImm(o, low.lo, low.hi);
      setImm2(o, high.lo, high.hi);
    },
    emit(e, { immediate }, o) {
      const address = e.let(e.X(o.rn));
      if (load) {
        const h = e.load(address, access);
        const elements = which.map((r) => e.let(e.peek(h, size, r * size)));
        const mask = e.let(vectorImmediate(e, o.imm, o.imm2));
        for (const r of which) {
          e.setV(o.rd, insertBits(e, e.V(o.rd, r), splatLane(size, elements[r]!), mask), r);
        }
      } else {
        const pieces = which.map((r) => {
          return { offset: r * size, size, value: selectedBits(e, e.V(o.rd, r), o.imm, o.imm2) };
        });
        e.store(address, access, pieces);
      }
      advance(e, o.rn, o.rm, address, k64(immediate ? access.bytes : 0));
    },
  };
}

interface Replicated {
  readonly size: LaneSize;
  readonly full: boolean;
}

/** imm: what an immediate post-index adds. */
function replicate(registers: Count): Row<Replicated> {
  const { R, selem } = selection(registers);
  const which = NEXT.slice(0, registers);
  return {
    name: `LD${registers}R`,
    encodingClass,
    pattern: `0 Q:1 001101 post:1 1 ${R} Rm:5 11 ${selem} 0 size:2 Rn:5 Rt:5`,
    fp: true,
    cold: true,
    allocated: isAllocatedAddress,
    variants: combine({ full: [false, true], size: LANE_SIZES }),
    operands(f, o) {
      o.variant = f.Q * LANE_SIZES.length + f.size;
      setStructureOperands(f, o);
      setImm(o, isImmediatePostIndex(f) ? registers << f.size : 0);
    },
    emit(e, { size, full }, o) {
      const address = e.let(e.X(o.rn));
      const h = e.load(address, { size, bytes: size * registers });
      const elements = which.map((r) => e.let(e.peek(h, size, r * size)));
      for (const r of which) setVector(e, full, o.rd, splatLane(size, elements[r]!), r);
      advance(e, o.rn, o.rm, address, e.imm(o.imm));
    },
  };
}

export const SINGLE_STRUCTURE: readonly Row[] = [
  ...COUNTS.flatMap((registers) =>
    LANE_FORMS.flatMap((form) => [
      singleStructure(false, registers, form),
      singleStructure(true, registers, form),
    ]),
  ),
  ...COUNTS.map(replicate),
];
