import { describe, expect, it } from 'vitest';
import { blankOperands, createDecoder, fieldsOf, PATTERNS } from '../../../src/engine/decode/decoder.ts';
import { encode, randomInstruction, randomWord } from '../../../src/engine/decode/encoder.ts';
import { overlaps } from '../../../src/engine/decode/pattern.ts';
import { INLINE_REGISTERS } from '../../../src/engine/inline-registers.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { assemble, assemblerIsInstalled, format, readGolden } from '../../oracle/assemble.ts';
import { FEATURES } from '../../oracle/program.ts';
import { xorshift } from '../../oracle/random.ts';

const decoder = createDecoder(FEATURES);
const operands = blankOperands();
const nameOf = (word: number): string | undefined => ROWS[decoder.decode(word, 0, 0, operands)]?.name;
/** Row and operands of a word at an address. */
function decodeAt(word: number, pc: bigint) {
  const o = blankOperands();
  const row = decoder.decode(word, Number(BigInt.asIntN(32, pc)), Number(BigInt.asIntN(32, pc >> 32n)), o);
  const imm = (BigInt.asUintN(32, BigInt(o.immHi)) << 32n) | BigInt.asUintN(32, BigInt(o.immLo));
  return { ...o, name: ROWS[row]?.name, imm };
}

/** Whether some words that match both patterns, out of many, are allocated in both rows. */
function shareWords(i: number, j: number): boolean {
  const [a, b] = [PATTERNS[i]!, PATTERNS[j]!];
  const rng = xorshift(1 + i * ROWS.length + j);
  const isAllocated = (row: number, word: number) => ROWS[row]!.allocated?.(fieldsOf(row, word)) ?? true;
  return Array.from({ length: 1000 }).some(() => {
    const word = ((rng() & ~(a.mask | b.mask)) | a.value | b.value) >>> 0;
    return isAllocated(i, word) && isAllocated(j, word);
  });
}

describe('rows', () => {
  it('have unique names', () => {
    const names = ROWS.map((row) => row.name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('never claim the same word twice', () => {
    const both: string[] = [];
    for (const [i, a] of PATTERNS.entries()) {
      for (const [j, b] of PATTERNS.entries()) {
        if (j < i && overlaps(a, b) && shareWords(i, j)) both.push(`${ROWS[i]!.name} and ${ROWS[j]!.name}`);
      }
    }
    expect(both).toEqual([]);
  });

  it('decode what they encode, to a variant that exists', () => {
    const rng = xorshift(0x5eed);
    for (const [index, row] of ROWS.entries()) {
      for (let i = 0; i < 40; i++) {
        const word = randomWord(index, rng);
        expect(encode(index, fieldsOf(index, word)), row.name).toBe(word);
        expect(decoder.decode(word, 0, 0, operands), row.name).toBe(index);
        expect(row.variants[operands.variant], row.name).toBeDefined();
      }
    }
  });

  it('give random instructions that the decoder takes back', () => {
    const rng = xorshift(0xace);
    for (let i = 0; i < 2000; i++) {
      const { index, word } = randomInstruction(rng);
      expect(decoder.decode(word, 0, 0, operands)).toBe(index);
    }
  });

  it('use every variant', () => {
    const rng = xorshift(0xc0de);
    const plain = createDecoder(FEATURES.filter((feature) => feature !== 'bti'));
    const branchTypes = createDecoder([...FEATURES, 'bti']);
    // Too few of all system registers to be met by chance: MSR and MRS of each.
    const moves = INLINE_REGISTERS.flatMap(({ row }) =>
      [0xd500_0000, 0xd520_0000].map((w) => w | (row.key << 5)),
    );
    for (const [index, row] of ROWS.entries()) {
      const unseen = new Set(row.variants.keys());
      const see = (used: typeof decoder, word: number, guarded = false): void => {
        if (used.decode(word, 0, 0, operands, guarded) === index) unseen.delete(operands.variant);
      };
      if (row.encodingClass === 'System register move') for (const word of moves) see(plain, word);
      for (let i = 0; i < 30_000 && unseen.size > 0; i++) {
        const word = randomWord(index, rng);
        see(plain, word);
        see(branchTypes, word, (i & 1) === 1);
      }
      expect([...unseen], row.name).toEqual([]);
    }
  });
});

describe('decoder', () => {
  const golden = readGolden();

  it('finds the row of every instruction that the GNU assembler made', () => {
    const wrong = golden.filter(({ word, row }) => nameOf(word) !== row);
    expect(wrong.map(({ text, word }) => `${text}: ${nameOf(word)}`)).toEqual([]);
  });

  it('is tested with an assembled instruction of every row', () => {
    const rows = new Set(golden.map(({ row }) => row));
    expect(ROWS.map((row) => row.name).filter((name) => !rows.has(name))).toEqual([]);
  });

  it('is tested with what the assembler makes today', (context) => {
    if (!assemblerIsInstalled()) context.skip('aarch64-linux-gnu-as is not installed');
    expect(assemble().map(format)).toEqual(golden.map(format));
  });

  it.each([
    ['UDF #0', 0x0000_0000],
    ['ADD (immediate, extended) with a shift of 5', 0x8b22_1400],
    ['ADD (shifted register) ROR', 0x8bc0_0000],
    ['ADD (shifted register) 32-bit by 32', 0x0b00_8000],
    ['AND (immediate) 32-bit with N = 1', 0x1240_0000],
    ['AND (immediate) of all ones', 0x9240_fc00],
    ['MOVZ 32-bit by 32', 0x52c0_0000],
    ['UBFM with N unlike sf', 0xd300_0000],
    ['EXTR 32-bit by 32', 0x1380_8000],
    ['LDR (register offset) with UXTB', 0xf860_0800],
    ['CASP of an odd register', 0x4821_7c00],
    ['DUP of a doubleword into 64 bits', 0x0e08_0400],
    ['LD2 of one doubleword per register', 0x0c40_8c00],
    ['CRC32X with sf = 0', 0x1ac0_4c00],
    ['ADD (vector) of one doubleword', 0x0ee0_8400],
    ['MUL (vector) of doublewords', 0x4ee0_9c00],
    ['PMUL of halfwords', 0x6e60_9c00],
    ['SQDMULH (vector) of bytes', 0x4e20_b400],
    ['ADD (vector, scalar) of words', 0x5ea0_8400],
    ['SMULL (vector) of doublewords', 0x0ee0_c000],
    ['PMULL of halfwords', 0x0e60_e000],
    ['REV32 (vector) of words', 0x6ea0_0800],
    ['XTN to doublewords', 0x0ee1_2800],
    ['ADDV of two words', 0x0eb1_b800],
    ['SSHR of one doubleword', 0x0f40_0400],
    ['SHRN from quadwords', 0x0f40_8400],
    ['MUL (by element) of bytes', 0x0f00_8000],
    ['EXT of 8 bytes from the ninth', 0x2e00_4000],
    ['ZIP1 of one doubleword', 0x0ec0_3800],
    ['SDOT of halfwords', 0x0e40_9400],
    ['SB (Armv8.5)', 0xd503_30ff],
  ])('leaves %s unallocated', (_, word) => {
    expect(nameOf(word)).toBeUndefined();
  });

  it('hides the rows of absent features', () => {
    const plain = createDecoder([]);
    for (const [index, row] of ROWS.entries()) {
      const word = randomWord(index, xorshift(index + 1));
      expect(plain.decode(word, 0, 0, operands), row.name).toBe(row.feature === undefined ? index : -1);
    }
  });

  it('resolves register 31 by position', () => {
    // add sp, sp, #16 ; adds xzr, sp, #16 ; add xzr, xzr, xzr ; ldr xzr, [sp] ; str xzr, [sp]
    expect(decodeAt(0x9100_43ff, 0n)).toMatchObject({ rd: 32, rn: 32 });
    expect(decodeAt(0xb100_43ff, 0n)).toMatchObject({ rd: 33, rn: 32 });
    expect(decodeAt(0x8b1f_03ff, 0n)).toMatchObject({ rd: 33, rn: 31, rm: 31 });
    expect(decodeAt(0xf940_03ff, 0n)).toMatchObject({ rd: 33, rn: 32 });
    expect(decodeAt(0xf900_03ff, 0n)).toMatchObject({ rd: 31, rn: 32 });
  });

  it('adds offsets to 64-bit addresses', () => {
    // adr x0, .-1 ; adrp x0, .+4096 ; adrp x0, -4 GiB ; ldr x0, .+1048572 ; bl .+4
    expect(decodeAt(0x70ff_ffe0, 0n).imm).toBe(0xffff_ffff_ffff_ffffn);
    expect(decodeAt(0xb000_0000, 0xffff_ffff_ffff_f123n).imm).toBe(0n);
    expect(decodeAt(0x9080_0000, 0x1_0000_0fffn).imm).toBe(0n);
    expect(decodeAt(0x587f_ffe0, 0xffff_f000n).imm).toBe(0x1_000f_effcn);
    expect(decodeAt(0x9400_0001, 0xffff_fffcn)).toMatchObject({ imm: 0x1_0000_0000n, branchOffset: 4 });
  });
});
