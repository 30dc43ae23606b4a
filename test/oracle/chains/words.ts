/** The words of a chain: random instructions of a class that do not hide each other's results. */
import { randomWord } from '../../../src/engine/decode/encoder.ts';
import type { Row } from '../../../src/engine/decode/row.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { isFloatingPoint } from '../floating-operands.ts';
import { isKnownDifference } from '../known-differences.ts';
import type { Rng } from '../numbers.ts';
import {
  armingLoad,
  CLREX,
  generator,
  isBranch,
  isStoreExclusive,
  makeProgram,
  pickWord,
  type Program,
} from '../program.ts';
import { chainOf, misjudgedWords } from './chain.ts';
import { Registers } from './registers.ts';

const SHORTEST = 14;
const LENGTHS = 11;
/** Words that a chain of branches jumps about in. */
const BRANCHES = 24;
const ATTEMPTS = 12;
/** One program of so many is a single instruction: with branches to anywhere, and nothing before it. */
const SINGLE = 16;
const CHAIN_SALT = 0x5eed;
const ZERO_REGISTER = 31;

const MRS_NZCV = 0xd53b_4200;
const MRS_FPSR = 0xd53b_4420;
const MSR_FPSR_XZR = 0xd51b_443f;

const SETS_FLAGS = /^(ADDS|SUBS|ANDS|BICS|ADCS|SBCS|CCM[NP]|FCMP|FCCMP)/;
const SATURATES = /^(U?S?Q|SUQ|USQ)[A-Z]/;

/** What becomes visible of an instruction only when it is looked at. */
function looksAt(row: Row): readonly number[] {
  const flags = SETS_FLAGS.test(row.name) ? [MRS_NZCV] : [];
  return isFloatingPoint(row) || SATURATES.test(row.name) ? [...flags, MRS_FPSR] : flags;
}
const LOOKS = ROWS.map(looksAt);

/** The field of a direct branch that holds its offset: lowest bit, and width. */
function offsetField({ encodingClass }: Row): readonly [low: number, width: number] | undefined {
  if (!encodingClass.endsWith('(immediate)')) return undefined;
  if (encodingClass.startsWith('Unconditional')) return [0, 26];
  return encodingClass.startsWith('Test') ? [5, 14] : [5, 19];
}

/** Branches from each word to any other. */
function branchWords(rng: Rng, rows: readonly number[]): number[] {
  return Array.from({ length: BRANCHES }, (_, at) => {
    const row = rows[rng() % rows.length]!;
    const word = randomWord(row, rng);
    const field = offsetField(ROWS[row]!);
    if (field === undefined) return ((word >>> 5) & 31) === ZERO_REGISTER ? (word & ~(1 << 5)) >>> 0 : word;
    const [low, width] = field;
    const mask = (2 ** width - 1) << low;
    return ((word & ~mask) | ((((rng() % BRANCHES) - at) << low) & mask)) >>> 0;
  });
}

/** An instruction with registers of its own, or undefined when there are none left. */
function claimWord(rng: Rng, registers: Registers, row: number): number | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const word = registers.claim(row, pickWord(row, rng));
    if (word !== undefined) return word;
  }
  return undefined;
}

/** What comes before a store exclusive: the load that arms the monitor, or what clears it. */
function armingWord(rng: Rng, registers: Registers, store: number): number | undefined {
  if (rng() % 4 === 0) return CLREX;
  const [rt, rt2] = [registers.take(), registers.take()];
  return rt === undefined || rt2 === undefined ? undefined : armingLoad(store, rt, rt2);
}

/** Instructions one after the other, with looks at flags after those that set some. */
function straightWords(rng: Rng, rows: readonly number[]): number[] {
  const registers = new Registers(rng);
  const units: { readonly words: number[]; readonly looks: readonly number[] }[] = [];
  const length = SHORTEST + (rng() % LENGTHS);
  for (let i = 0; i < length; i++) {
    const row = rows[rng() % rows.length]!;
    const word = claimWord(rng, registers, row);
    if (word === undefined) continue;
    const before = isStoreExclusive(ROWS[row]!) ? armingWord(rng, registers, word) : undefined;
    units.push({ words: before === undefined ? [word] : [before, word], looks: LOOKS[row]! });
  }
  // Afterwards: results have no register any more that an instruction might have wanted.
  for (const { words, looks } of units) {
    for (const look of looks) {
      const register = registers.take();
      if (register !== undefined) words.push((look | register) >>> 0);
    }
    if (looks.includes(MRS_FPSR) && rng() % 4 > 0) words.push(MSR_FPSR_XZR);
  }
  return units.flatMap(({ words }) => words);
}

export interface Made {
  /** Undefined when it would be a single instruction that meets a known difference. */
  readonly program: Program | undefined;
  /** Instructions that are not in the program because they meet a known difference. */
  readonly known: number;
}

/** A program of these rows, which are of one encoding class: the same for the same seed. */
export function makeChain(rows: readonly number[], seed: number): Made {
  const rng = generator(seed, CHAIN_SALT + rows[0]!);
  if (rng() % SINGLE === 0) {
    const program = makeProgram(rows[rng() % rows.length]!, seed);
    return isKnownDifference(program) ? { program: undefined, known: 1 } : { program, known: 0 };
  }
  const isBranches = isBranch(ROWS[rows[0]!]!);
  const words = isBranches ? branchWords(rng, rows) : straightWords(rng, rows);
  return withoutKnown(words, seed);
}

/** Leave out what meets a known difference; again, since operands depend on which instructions are there. */
function withoutKnown(words: readonly number[], seed: number): Made {
  const program = chainOf(words, seed);
  const misjudged = misjudgedWords(program);
  if (misjudged.length === 0) return { program, known: 0 };
  const rest = withoutKnown(
    words.filter((word) => !misjudged.includes(word)),
    seed,
  );
  return { program: rest.program, known: rest.known + misjudged.length };
}
