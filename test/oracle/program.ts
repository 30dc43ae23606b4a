/** Random programs with a state that lets them do something: what the oracle and the engine both run. */
import { blankOperands, createDecoder } from '../../src/engine/decode/decoder.ts';
import { randomWord } from '../../src/engine/decode/encoder.ts';
import type { Feature, Row } from '../../src/engine/decode/row.ts';
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { isFloatingPoint, randomFpcr, randomFpsr, randomVector } from './floating-operands.ts';
import { isVectorInteger, randomLanes } from './integer-operands.ts';
import { Halves, interesting, type Rng } from './numbers.ts';
import { xorshift } from './random.ts';

const MIB = 0x10_0000;
/**
 * Memory of every program: the data range holds `DATA_PATTERN` over and over, the code range `CODE_PATTERN`, but
 * NOPs where the programs are.
 */
export const MEMORY = {
  code: 0x2_0000_0000,
  codeSize: 3 * MIB,
  data: 0x4_0000_0000,
  dataSize: 0x4_0000,
  nopStart: 0x2_0000_0000 + MIB,
  nopSize: MIB,
} as const;
export const DATA_PATTERN: Uint8Array = (() => {
  const rng = xorshift(0x9a77e12);
  return Uint8Array.from({ length: 8191 }, () => rng() >>> 24);
})();
/** Words that differ for loads and do no harm as the instruction after a branch: MOVZ. */
export const CODE_PATTERN: Uint8Array = (() => {
  const rng = xorshift(0xc0de);
  const words = Uint32Array.from({ length: 2047 }, () => 0xd280_0000 | (rng() & 0x007f_ffff));
  return new Uint8Array(words.buffer);
})();
/** The byte that memory holds at an address before a program runs, NOPs aside. */
export function patternAt(address: number): number {
  return address < MEMORY.data
    ? CODE_PATTERN[(address - MEMORY.code) % CODE_PATTERN.length]!
    : DATA_PATTERN[(address - MEMORY.data) % DATA_PATTERN.length]!;
}

export const FEATURES: readonly Feature[] = [
  'crc32',
  'lse',
  'lor',
  'rcpc',
  'fp16',
  'rdm',
  'dotprod',
  'aes',
  'pmull',
  'sha1',
  'sha256',
];
export const decoder = createDecoder(FEATURES);

export interface Program {
  readonly seed: number;
  /** Index in `ROWS` of the last instruction. */
  readonly row: number;
  /** Address of the word that runs first. */
  readonly pc: number;
  readonly words: readonly number[];
  /** Index of the word that runs first. */
  readonly entry: number;
  /** Instructions that run. */
  readonly steps: number;
  /** Whether words branch: then what runs is not simply one word after the other. */
  readonly branches: boolean;
  /** Words that are of the row's encoding class, not there to prepare or to look. */
  readonly counted: number;
  /** Whether `chainOf` made it of its words, not `programOf`. */
  readonly chain: boolean;
  /** X0..X30, SP. */
  readonly x: BigUint64Array;
  /** V0..V31, low half and high half of each. */
  readonly v: BigUint64Array;
  readonly nzcv: number;
  readonly fpcr: number;
  readonly fpsr: number;
}

/** Where the words of a program begin. */
export const codeOf = ({ pc, entry }: Program): number => pc - 4 * entry;

/** Rows that leave what Unicorn can show: registers, flags and memory. */
export function isComparable(row: Row): boolean {
  const system = ['Exception generation', 'Hints', 'PSTATE', 'System instructions', 'System register move'];
  return !system.includes(row.encodingClass) && row.name !== 'ERET' && row.name !== 'DRPS';
}
export const isBranch = ({ encodingClass }: Row): boolean => /branch/.test(encodingClass);
export const accessesMemory = (row: Row): boolean =>
  /^(Load\/store|Advanced SIMD load|Atomic|Compare and swap)/.test(row.encodingClass);
export const needsAlignment = (row: Row): boolean => /exclusive|ordered|Atomic|swap/.test(row.encodingClass);
export const isStoreExclusive = (row: Row): boolean => /^STL?X/.test(row.name);

export const CLREX = 0xd503_3f5f;
const LOAD_BIT = 1 << 22;
/** The load exclusive that arms the monitor for a store exclusive, into these registers. */
export const armingLoad = (store: number, rt: number, rt2: number): number =>
  ((store & ~0x001f_7c1f) | LOAD_BIT | (31 << 16) | (rt2 << 10) | rt) >>> 0;
/** Registers that the store does not use. */
function otherRegisters(store: number): [number, number] {
  const others = [2, 3, 4, 5, 6, 7, 8, 9, 10].filter(
    (r) => ![0, 5, 10, 16].some((low) => ((store >>> low) & 31) === r),
  );
  return others.slice(0, 2) as [number, number];
}

export const DATA_MIDDLE = MEMORY.data + MEMORY.dataSize / 2;

/** Give the index register a small number. */
export function aimIndex(rng: Rng, row: Row, word: number, x: BigUint64Array): void {
  const rm = (word >>> 16) & 31;
  if (!row.encodingClass.endsWith('(register offset)') || rm === 31 || row.name.startsWith('PRFM')) return;
  // UXTW makes a huge offset of a negative number.
  const isUnsignedWord = ((word >>> 13) & 7) === 2;
  const offset = isUnsignedWord ? rng() % 4096 : (rng() % 8192) - 4096;
  const isSignedWord = ((word >>> 13) & 7) === 6;
  const above = isSignedWord || isUnsignedWord ? BigInt(rng()) << 32n : 0n;
  x[rm] = above === 0n ? BigInt.asUintN(64, BigInt(offset)) : above | BigInt(offset >>> 0);
}
/** Give the base register an address in the data range, and the index register a small number. */
function aim(rng: Rng, row: Row, word: number, x: BigUint64Array): void {
  aimIndex(rng, row, word, x);
  const low = needsAlignment(row) ? (rng() % 16) * 16 : rng() % 256;
  x[(word >>> 5) & 31] = BigInt(DATA_MIDDLE + low);
}

/** Whether base and index are the same register, which no aim can serve. */
const isHopeless = (row: Row, word: number): boolean =>
  row.encodingClass.endsWith('(register offset)') && ((word >>> 5) & 31) === ((word >>> 16) & 31);

/** A random word of a row that an aim can serve. */
export function pickWord(row: number, rng: Rng): number {
  for (;;) {
    const word = randomWord(row, rng);
    if (!isHopeless(ROWS[row]!, word)) return word;
  }
}

export function generator(seed: number, salt: number): Rng {
  const rng = xorshift(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(salt, 0x85eb_ca6b) ^ 0x1234_5678);
  for (let i = 0; i < 8; i++) rng();
  return rng;
}

/** A program of a row: always the same one for the same seed. */
export const makeProgram = (row: number, seed: number): Program =>
  programOf(pickWord(row, generator(seed, row)), seed);

const scratch = new Halves();
/** X0..X30 and SP, V0..V31: numbers at the edges of things as often as any number. */
export function fillState(rng: Rng, x: Int32Array, v: Int32Array): void {
  const put = (words: Int32Array, at: number): void => {
    words[at] = scratch.lo;
    words[at + 1] = scratch.hi;
  };
  for (let n = 0; n < 32; n++) {
    interesting(rng, scratch);
    put(x, 2 * n);
  }
  scratch.any(rng).clearBelow(4);
  put(x, 62);
  for (let n = 0; n < 32; n++) {
    for (const half of [2, 0]) {
      interesting(rng, scratch);
      put(v, 4 * n + half);
    }
  }
}

const KINDS = ROWS.map((row) =>
  isFloatingPoint(row) ? 'floating point' : isVectorInteger(row) ? 'integer' : 'other',
);
/** What the V registers of a row hold. */
export const kindOf = (row: number): string => KINDS[row]!;

/** The program of an instruction and a seed: the state, and what has to come before. */
export function programOf(word: number, seed: number): Program {
  const rng = generator(seed, word);
  const row = decoder.decode(word, 0, 0, blankOperands());
  const x = new BigUint64Array(32);
  const v = new BigUint64Array(64);
  fillState(rng, new Int32Array(x.buffer), new Int32Array(v.buffer));
  const nzcv = rng() >>> 28;
  const description = ROWS[row]!;
  if (accessesMemory(description)) aim(rng, description, word, x);
  const words = [word];
  if (isStoreExclusive(description))
    words.unshift(rng() % 4 === 0 ? CLREX : armingLoad(word, ...otherRegisters(word)));
  if (description.encodingClass.startsWith('Compare and swap')) helpToMatch(rng, word, x);
  if (/^LD[SU](MAX|MIN)$/.test(description.name)) keepSmall(rng, word, x);
  const pc = MEMORY.nopStart + MEMORY.nopSize / 4 + (rng() % (MEMORY.nopSize / 32)) * 16;
  const counted = words[0] === CLREX ? 1 : words.length;
  const run = { entry: 0, steps: words.length, branches: isBranch(description), counted, chain: false };
  const state = { seed, row, pc, words, ...run, x, nzcv };
  const kind = kindOf(row);
  if (kind === 'other') return { ...state, v, fpcr: 0, fpsr: 0 };
  const words32 = new Int32Array(v.buffer);
  for (let n = 0; n < 32; n++) {
    if (kind === 'integer') randomLanes(rng, description, words32, n);
    else randomVector(rng, description, word, words32, n);
  }
  return {
    ...state,
    v,
    fpcr: kind === 'integer' ? 0 : randomFpcr(rng),
    fpsr: randomFpsr(rng),
  };
}

/** Make the expected value of half the compare-and-swaps the one in memory, with other bits above it. */
export function helpToMatch(rng: Rng, word: number, x: BigUint64Array): void {
  if (rng() % 2 === 0) return;
  const rn = (word >>> 5) & 31;
  const rs = (word >>> 16) & 31;
  const isPair = ((word >>> 23) & 1) === 0;
  const bytes = isPair ? ((word >>> 30) & 1 ? 8 : 4) : 1 << (word >>> 30);
  const address = Number(x[rn]!);
  for (let i = 0; i < (isPair ? 2 : 1); i++) {
    if (rs + i >= 31 || rs + i === rn) continue;
    let value = 0n;
    for (let b = bytes - 1; b >= 0; b--) value = (value << 8n) | BigInt(patternAt(address + i * bytes + b));
    const above = bytes === 8 ? 0n : (x[rs + i]! >> BigInt(bytes * 8)) << BigInt(bytes * 8);
    x[rs + i] = above | value;
  }
}

/** Operands of minimum and maximum that are positive numbers of their size, most of the time. */
export function keepSmall(rng: Rng, word: number, x: BigUint64Array): void {
  const source = (word >>> 16) & 31;
  if (source === ((word >>> 5) & 31) || source === 31 || rng() % 4 === 0) return;
  x[source] = BigInt.asUintN((8 << (word >>> 30)) - 1, x[source]!);
}
