/** Where Unicorn 2.0.1 is not the Arm ARM. Programs that meet an entry are not compared. */
import type { Row } from '../../src/engine/decode/row.ts';
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { patternAt, type Program } from './program.ts';

export interface KnownDifference {
  /** Names of the rows that meet it with some operands. */
  readonly rows: RegExp;
  /** What the Arm ARM says, and what Unicorn does instead. */
  readonly reason: string;
  readonly applies: (program: Program) => boolean;
}

/** Operand and memory of an atomic instruction of `bytes` bytes. */
function atomicOperands({ words, x }: Program): { bytes: number; operand: bigint; memory: bigint } {
  const word = words.at(-1)!;
  const bytes = 1 << (word >>> 30);
  const base = (word >>> 5) & 31;
  const source = (word >>> 16) & 31;
  const operand = source === 31 ? 0n : x[source]!;
  let memory = 0n;
  for (let i = bytes - 1; i >= 0; i--) memory = (memory << 8n) | BigInt(patternAt(Number(x[base]!) + i));
  return { bytes, operand, memory };
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason:
      'LDUMAX, LDUMIN: the operand is the low bits of Rs (MemAtomic compares values of the access size); ' +
      'Unicorn compares all 64 bits of Rs.',
    rows: /^LDU(MAX|MIN)$/,
    applies(program) {
      const { bytes, operand } = atomicOperands(program);
      return BigInt.asUintN(8 * bytes, operand) !== operand;
    },
  },
  {
    reason:
      'LDSMAX, LDSMIN: both values are signed numbers of the access size; below 64 bits Unicorn takes memory ' +
      'as unsigned and compares all 64 bits of Rs.',
    rows: /^LDS(MAX|MIN)$/,
    applies(program) {
      const { bytes, operand, memory } = atomicOperands(program);
      const positive = (v: bigint): boolean => BigInt.asUintN(8 * bytes - 1, v) === v;
      return bytes < 8 && !(positive(operand) && positive(memory));
    },
  },
  {
    reason:
      'FCVTZS (scalar, fixed-point) of half precision: the result is one element of 16 bits, the rest of the register ' +
      'is zero; Unicorn writes 32 bits.',
    rows: /^FCVTZS \(SIMD scalar, 16-bit fixed-point, half\)$/,
    applies({ words, v }) {
      const isNegative = ((v[2 * ((words.at(-1)! >>> 5) & 31)]! >> 15n) & 1n) === 1n;
      return isNegative;
    },
  },
];

/** Whether a row meets a known difference with some operands. */
export const mayBeMisjudged = ({ name }: Row): boolean =>
  KNOWN_DIFFERENCES.some(({ rows }) => rows.test(name));

/** Whether the last instruction of a program meets a known difference in the program's first state. */
export const isKnownDifference = (program: Program): boolean =>
  KNOWN_DIFFERENCES.some(({ rows, applies }) => rows.test(ROWS[program.row]!.name) && applies(program));
