/** Which registers an instruction of a chain has for itself, so that no later one hides what it did. */
import { blankOperands, PATTERNS } from '../../../src/engine/decode/decoder.ts';
import type { FieldName, Row } from '../../../src/engine/decode/row.ts';
import { REG } from '../../../src/engine/layout.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { mayBeMisjudged } from '../known-differences.ts';
import type { Rng } from '../numbers.ts';
import { accessesMemory, decoder } from '../program.ts';

const SP = 31;
const operands = blankOperands();
const GENERAL: readonly FieldName[] = ['Rn', 'Rm', 'Rs', 'Rt', 'Rt2'];

const field = (word: number, low: number): number => (word >>> low) & 31;
const withField = (word: number, low: number, value: number): number =>
  ((word & ~(31 << low)) | (value << low)) >>> 0;

/** Fields of a load or store that name general registers: not Rt and Rt2 of vector ones, nor Rm without post-index. */
function generalFields(index: number, word: number): readonly { name: FieldName; low: number }[] {
  const isVector = ((word >>> 26) & 1) === 1;
  const hasOffset = !ROWS[index]!.encodingClass.startsWith('Advanced SIMD') || ((word >>> 23) & 1) === 1;
  return PATTERNS[index]!.fields.filter(({ name }) => {
    if (name === 'Rm') return hasOffset;
    return GENERAL.includes(name) && !(isVector && name.startsWith('Rt'));
  });
}

/** Comparisons have none. */
const hasDestination = (index: number): boolean =>
  PATTERNS[index]!.fields.some(({ name }) => name === 'Rd' || name === 'Rt');

export class Registers {
  /** General registers that nothing uses yet, in random order; not SP. */
  readonly #pool: number[] = [];
  readonly #taken = new Set<number>();
  readonly #takenVectors = new Set<number>();

  constructor(rng: Rng) {
    for (let n = 0; n < 31; n++) this.#pool.splice(rng() % (n + 1), 0, n);
  }

  /** A general register for nothing else, or undefined. */
  take(accept: (register: number) => boolean = () => true): number | undefined {
    const found = this.#pool.find((register) => !this.#taken.has(register) && accept(register));
    if (found !== undefined) this.#taken.add(found);
    return found;
  }

  /** The word, with registers of its own where it needs them; undefined when there are not enough. */
  claim(index: number, word: number): number | undefined {
    const row = ROWS[index]!;
    return accessesMemory(row) ? this.#rename(index, row, word) : this.#claimDestination(index, word);
  }

  #claimDestination(index: number, word: number): number | undefined {
    const row = ROWS[index]!;
    decoder.decode(word, 0, 0, operands);
    const { rd, rn, vectorMask } = operands;
    const isVector = (vectorMask & 1) === 1;
    const taken = isVector ? this.#takenVectors : this.#taken;
    const destination = rd === REG.SP ? SP : rd;
    const isRegister = hasDestination(index) && rd !== REG.SINK && (isVector || rd !== REG.ZERO);
    if (isRegister && taken.has(destination)) return undefined;
    if (mayBeMisjudged(row)) {
      // Its operand has to be what the program starts with.
      if (this.#takenVectors.has(rn)) return undefined;
      this.#takenVectors.add(rn);
    }
    if (isRegister) taken.add(destination);
    return word;
  }

  /** Equal registers stay equal, different ones different. */
  #rename(index: number, { encodingClass }: Row, word: number): number | undefined {
    const isPair = encodingClass === 'Compare and swap pair';
    const names = new Map<number, number>();
    let renamed = word;
    for (const { name: which, low } of generalFields(index, word)) {
      const old = field(word, low);
      // The zero register, but SP as a base: once, since others may rely on what is there.
      if (old === SP && (which !== 'Rn' || !this.#taken.has(SP))) {
        if (which === 'Rn') this.#taken.add(SP);
        continue;
      }
      const key = which === 'Rn' && (old === SP || isPair) ? -1 : old;
      const register = names.get(key) ?? (isPair && which !== 'Rn' ? this.#takePair() : this.take());
      if (register === undefined) return undefined;
      names.set(key, register);
      renamed = withField(renamed, low, register);
    }
    return renamed;
  }
  /** An even register and the next one. */
  #takePair(): number | undefined {
    const even = this.take((register) => register % 2 === 0 && !this.#taken.has(register + 1));
    if (even !== undefined) this.#taken.add(even + 1);
    return even;
  }
}
