/**
 * A chain: several instructions of an encoding class in a row, each with registers of its own to write. Its state follows
 * from its words and its seed; a word that is left out changes little of it.
 */
import { blankOperands } from '../../../src/engine/decode/decoder.ts';
import type { Row } from '../../../src/engine/decode/row.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { randomFpcr, randomFpsr, randomVector } from '../floating-operands.ts';
import { randomLanes } from '../integer-operands.ts';
import { isKnownDifference, mayBeMisjudged } from '../known-differences.ts';
import type { Rng } from '../numbers.ts';
import {
  accessesMemory,
  aimIndex,
  DATA_MIDDLE,
  decoder,
  fillState,
  generator,
  helpToMatch,
  isBranch,
  keepSmall,
  kindOf,
  MEMORY,
  needsAlignment,
  type Program,
} from '../program.ts';

const STATE_SALT = 0xc4a1;
/** How often branches branch. */
const BRANCHES = 12;
/** Room for an aligned pair of 64 bits. */
const SLOT = 16;

const operands = blankOperands();
const rowOf = (word: number): number => decoder.decode(word, 0, 0, operands);
const registerAt = (word: number, low: number): number => (word >>> low) & 31;

/** Bases are addresses in the middle of the data range, of aligned accesses each one its own. */
function prepareAccess(rng: Rng, row: Row, word: number, x: BigUint64Array): void {
  const base = registerAt(word, 5);
  aimIndex(rng, row, word, x);
  const low = needsAlignment(row) ? base * SLOT : rng() % 256;
  x[base] = BigInt(DATA_MIDDLE + low);
  if (row.encodingClass.startsWith('Compare and swap')) helpToMatch(rng, word, x);
  if (/^LD[SU](MAX|MIN)$/.test(row.name)) keepSmall(rng, word, x);
}

/** The V registers that an instruction may read hold what it is likely to be interesting with. */
function prepareVectors(rng: Rng, row: number, word: number, v: Int32Array): void {
  const kind = kindOf(row);
  if (kind === 'other') return;
  for (const low of [5, 16, 10, 0]) {
    if (kind === 'integer') randomLanes(rng, ROWS[row]!, v, registerAt(word, low));
    else randomVector(rng, ROWS[row]!, word, v, registerAt(word, low));
  }
}

/** Branches to registers go into the chain; half of the registers that are compared with zero are zero, in 32 bits at least. */
function prepareBranch(
  rng: Rng,
  row: Row,
  word: number,
  x: BigUint64Array,
  words: readonly number[],
  at: number,
): void {
  if (row.encodingClass.endsWith('(register)')) {
    x[registerAt(word, 5)] = BigInt(at + 4 * (rng() % words.length));
  }
  if (row.encodingClass.startsWith('Compare') && rng() % 2 === 0) {
    const register = registerAt(word, 0);
    x[register] = rng() % 2 === 0 ? 0n : (x[register]! >> 32n) << 32n;
  }
}

/** The program of these words and a seed: always the same. */
export function chainOf(words: readonly number[], seed: number): Program {
  const rng = generator(seed, STATE_SALT);
  const x = new BigUint64Array(32);
  const v = new BigUint64Array(64);
  fillState(rng, new Int32Array(x.buffer), new Int32Array(v.buffer));
  const nzcv = rng() >>> 28;
  const fpcr = randomFpcr(rng);
  const fpsr = randomFpsr(rng);
  const at = MEMORY.nopStart + MEMORY.nopSize / 4 + (rng() % (MEMORY.nopSize / 32)) * 16;
  const rows = words.map(rowOf);
  const row = rows.find((index) => !isLook(ROWS[index]!)) ?? rows[0]!;
  const vectors = new Int32Array(v.buffer);
  for (const [i, word] of words.entries()) {
    const description = ROWS[rows[i]!]!;
    if (isLook(description)) continue;
    const own = generator(seed, word);
    prepareVectors(own, rows[i]!, word, vectors);
    if (accessesMemory(description)) prepareAccess(own, description, word, x);
    if (isBranch(description)) prepareBranch(own, description, word, x, words, at);
  }
  const branches = isBranch(ROWS[row]!);
  const entry = branches ? words.length >> 1 : 0;
  const counted = rows.filter((index) => ROWS[index]!.encodingClass === ROWS[row]!.encodingClass).length;
  const steps = branches ? BRANCHES : words.length;
  return {
    seed,
    row,
    pc: at + 4 * entry,
    words,
    entry,
    steps,
    branches,
    counted,
    chain: true,
    x,
    v,
    nzcv,
    fpcr,
    fpsr,
  };
}

/** Reads and writes of NZCV and FPSR, which are there to see what an instruction did. */
const isLook = ({ encodingClass }: Row): boolean => encodingClass === 'System register move';

/** The words that meet a known difference. */
export function misjudgedWords(chain: Program): readonly number[] {
  return chain.words.filter((word) => {
    const row = rowOf(word);
    return mayBeMisjudged(ROWS[row]!) && isKnownDifference({ ...chain, row, words: [word] });
  });
}
