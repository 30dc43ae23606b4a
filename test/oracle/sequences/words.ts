/** Random instructions for programs: which rows, and with registers that keep the program going. */
import { blankOperands, createDecoder } from '../../../src/engine/decode/decoder.ts';
import { randomWord } from '../../../src/engine/decode/encoder.ts';
import type { Row } from '../../../src/engine/decode/row.ts';
import { REG } from '../../../src/engine/layout.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import type { Rng } from '../numbers.ts';
import { FEATURES, isComparable } from '../program.ts';

/** Registers with a purpose: nothing else writes them. X0 to X15 belong to the random instructions. */
export const REGISTER = { branch: 16, index: 18, address: 19, base: 20, bases: 8, link: 30, sp: 31 } as const;
export const COUNTERS = [28, 29, 17] as const;
const LAST_FREE = 15;
const ZERO_REGISTER = 31;

const decoder = createDecoder(FEATURES);

/** What Unicorn 2.0.1 does not do as the Arm ARM says: see `../known-differences.ts`. */
const MISJUDGED = /^LD[SU](MAX|MIN)$|^FCVTZS \(SIMD scalar, 16-bit fixed-point, half\)$/;

function classesOf(accept: (row: Row) => boolean): readonly (readonly number[])[] {
  const classes = new Map<string, number[]>();
  for (const [index, row] of ROWS.entries()) {
    const present = row.feature === undefined || row.feature === 'base' || FEATURES.includes(row.feature);
    if (!present || !isComparable(row) || MISJUDGED.test(row.name) || !accept(row)) continue;
    const rows = classes.get(row.encodingClass) ?? [];
    rows.push(index);
    classes.set(row.encodingClass, rows);
  }
  return [...classes.values()];
}
const isMemory = ({ encodingClass }: Row): boolean =>
  /^(Load\/store|Advanced SIMD load|Atomic|Compare and swap)/.test(encodingClass);
const isVector = ({ encodingClass }: Row): boolean =>
  /^(Advanced SIMD|Cryptographic|Floating|Conversion)/.test(encodingClass);
const isBranch = ({ encodingClass }: Row): boolean => /branch/.test(encodingClass);
const isLiteral = ({ encodingClass }: Row): boolean => encodingClass === 'Load register (literal)';
const isExclusive = ({ encodingClass }: Row): boolean => /exclusive/.test(encodingClass);

export const CLASSES = {
  integer: classesOf((row) => !isMemory(row) && !isVector(row) && !isBranch(row) && !isLiteral(row)),
  flags: classesOf((row) => /^(Add.subtract|Logical|Conditional [sc])/.test(row.encodingClass)),
  vector: classesOf((row) => isVector(row) && !isMemory(row)),
  scalar: classesOf((row) => /^(Floating|Conversion)/.test(row.encodingClass)),
  memory: classesOf((row) => isMemory(row) && !isExclusive(row)),
  plainMemory: classesOf((row) => /^Load\/store register/.test(row.encodingClass)),
} as const;

const isFree = (register: number): boolean => register <= LAST_FREE || register === ZERO_REGISTER;

/** Whether an instruction that is no branch and accesses no memory leaves the registers with a purpose alone. */
function isHarmless(word: number): boolean {
  const o = blankOperands();
  decoder.decode(word, 0, 0, o);
  return (o.vectorMask & 1) === 1 || o.rd === REG.SINK || isFree(o.rd);
}

function pick(rng: Rng, classes: readonly (readonly number[])[]): number {
  const rows = classes[rng() % classes.length]!;
  return rows[rng() % rows.length]!;
}

/** A random word of these classes that accesses no memory. */
export function plainWord(rng: Rng, classes: readonly (readonly number[])[]): number {
  for (;;) {
    const word = randomWord(pick(rng, classes), rng);
    if (isHarmless(word)) return word;
  }
}

const field = (word: number, low: number): number => (word >>> low) & 31;
const withField = (word: number, low: number, value: number): number =>
  ((word & ~(31 << low)) | (value << low)) >>> 0;

const isLoadPair = ({ name }: Row): boolean => /^LDN?P|^LDPSW|^LDAXP|^LDXP/.test(name);
const isAligned = ({ encodingClass }: Row): boolean => /ordered|Atomic|swap/.test(encodingClass);
const mayChangeBase = ({ encodingClass }: Row): boolean => /indexed|Advanced SIMD/.test(encodingClass);
const hasIndex = ({ encodingClass }: Row): boolean => encodingClass.endsWith('(register offset)');

/** Whether an access is below its base: what is above the stack pointer are saved registers. */
const isBelow = (word: number, { encodingClass }: Row): boolean =>
  (/\((unscaled immediate|unprivileged)\)$/.test(encodingClass) && ((word >>> 20) & 1) === 1) ||
  (/pair \(offset\)$/.test(encodingClass) && ((word >>> 21) & 1) === 1);

/** Whether the registers that an access loads, or swaps with, are free ones and none twice. */
function isHarmlessAccess(word: number, row: Row): boolean {
  const isVectorAccess = ((word >>> 26) & 1) === 1;
  if (isVectorAccess) return !isLoadPair(row) || field(word, 0) !== field(word, 10);
  const isPair = / pair/.test(row.encodingClass);
  if (!isFree(field(word, 0)) || (isPair && !isFree(field(word, 10)))) return false;
  if (isPair && isLoadPair(row) && field(word, 0) === field(word, 10)) return false;
  if (!/Atomic|swap/.test(row.encodingClass)) return true;
  const source = field(word, 16);
  return row.encodingClass === 'Compare and swap pair'
    ? source <= LAST_FREE && field(word, 0) <= LAST_FREE
    : isFree(source);
}

/** AND (immediate), 64-bit, of ~15. */
const alignedCopy = (to: number, from: number): number => (0x927c_ec00 | (from << 5) | to) >>> 0;
/** MOV (register). */
const copy = (to: number, from: number): number => (0xaa00_03e0 | (from << 16) | to) >>> 0;
/** AND Xd, Xn, #0xff. */
const lowByte = (to: number, from: number): number => (0x9240_1c00 | (from << 5) | to) >>> 0;

/** A load, store or atomic operation of these classes, with what prepares its address: one unit. */
export function accessWords(rng: Rng, classes: readonly (readonly number[])[]): number[] {
  for (;;) {
    const index = pick(rng, classes);
    const row = ROWS[index]!;
    let word = randomWord(index, rng);
    if (!isHarmlessAccess(word, row)) continue;
    const words: number[] = [];
    const belowStack = isBelow(word, row) && rng() % 3 === 0;
    let base = belowStack ? REGISTER.sp : REGISTER.base + (rng() % REGISTER.bases);
    if (isAligned(row) || mayChangeBase(row)) {
      words.push(isAligned(row) ? alignedCopy(REGISTER.address, base) : copy(REGISTER.address, base));
      base = REGISTER.address;
    }
    word = withField(word, 5, base);
    if (hasIndex(row)) {
      words.push(lowByte(REGISTER.index, rng() % (LAST_FREE + 1)));
      word = withField(word, 16, REGISTER.index);
    }
    // Small offsets, most of the time: then accesses meet each other.
    if (row.encodingClass.endsWith('(unsigned immediate)') && rng() % 4 > 0)
      word = (word & ~0x003f_0000 & ~(0x38 << 10)) >>> 0;
    words.push(word);
    return words;
  }
}
