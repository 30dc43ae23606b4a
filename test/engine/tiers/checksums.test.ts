/**
 * CRC32 and CRC32C against the check values of both polynomials: the remainder of the nine bytes "123456789", as
 * catalogues of CRC algorithms list it (CRC-32/ISO-HDLC, CRC-32/ISCSI). Words are GNU as output.
 */
import { describe, expect, it } from 'vitest';
import { HVC, MODEL, machineWith } from '../machine-fixture.ts';

const CHECK = { crc32: 0xcbf4_3926n, crc32c: 0xe306_9283n } as const;
const MESSAGE = Buffer.from('123456789');
/** Bit 12 of the encodings: CRC32C. */
const CASTAGNOLI = 1 << 12;

/** mov w0, #-1, what follows, mvn w0, w0: X2 has the message's first eight bytes, X3 the ninth. */
const WAYS = {
  // crc32x w0, w0, x2; crc32b w0, w0, w3
  'a doubleword and a byte': [0x9ac24c00, 0x1ac34000],
  // crc32b w0, w0, w2; lsr x4, x2, #8; crc32h w0, w0, w4; lsr x4, x2, #24; crc32w w0, w0, w4;
  // lsr x4, x2, #56; bfi x4, x3, #8, #8; crc32h w0, w0, w4
  'a byte, a halfword, a word and a halfword': [
    0x1ac24000, 0xd348fc44, 0x1ac44400, 0xd358fc44, 0x1ac44800, 0xd378fc44, 0xb3781c64, 0x1ac44400,
  ],
} as const;
const MOV_W0_ONES = 0x12800000;
const MVN_W0 = 0x2a2003e0;
/** subs x1, x1, #1; b.ne to `words` instructions back */
const again = (words: number): number[] => [0xf1000421, (0x54000001 | ((-(words + 1) & 0x7ffff) << 5)) >>> 0];
/** Data-processing (2 source) with opcode 0100xx. */
const isChecksum = (word: number): boolean => (word & 0x7fe0_f000) === 0x1ac0_4000;

describe.each(['interpreter', 'jit'] as const)('in tier %s', (tier) => {
  it.each(
    Object.entries(WAYS).flatMap(([way, words]) =>
      (['crc32', 'crc32c'] as const).map((name) => ({ way, words, name })),
    ),
  )('$name by $way', ({ words, name }) => {
    const polynomial = name === 'crc32c' ? CASTAGNOLI : 0;
    const program = words.map((word) => (isChecksum(word) ? word | polynomial : word) >>> 0);
    const loop = [MOV_W0_ONES, ...program, MVN_W0];
    const vcpu = machineWith([...loop, ...again(loop.length), HVC], 1, MODEL, tier).vcpus[0]!;
    vcpu.setX(1, 1000n);
    vcpu.setX(2, MESSAGE.readBigUInt64LE(0));
    vcpu.setX(3, 0xffff_ff00n | BigInt(MESSAGE[8]!));
    expect(vcpu.run(1_000_000).kind).toBe('hvc');
    expect(vcpu.getX(0)).toBe(CHECK[name]);
  });
});
