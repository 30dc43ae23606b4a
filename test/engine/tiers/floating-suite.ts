/** What both builds of the multiply-add have to pass. */
import { describe, expect, it } from 'vitest';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { xorshift } from '../../oracle/random.ts';
import {
  aimedWord,
  FLOATING_ROWS,
  FloatingMachine,
  IXC,
  randomRounds,
  type Round,
} from './floating-programs.ts';

const ROUNDS = 60;
const WORDS = 2;
const SEED = 20_26;

const MIN_NORMAL = 0x0010_0000_0000_0000n;
const MAX = 0x7fef_ffff_ffff_ffffn;
const INFINITY = 0x7ff0_0000_0000_0000n;
const QUIET = 0x7ff8_0000_0000_1234n;
const SIGNALING = 0x7ff0_0000_0000_5678n;
const SIGN = 1n << 63n;
const bitsOf = (x: number): bigint => new BigUint64Array(new Float64Array([x]).buffer)[0]!;

/** Doubles where something begins or ends, each with both signs. */
const EDGES: readonly bigint[] = [
  0n,
  1n,
  MIN_NORMAL - 1n,
  MIN_NORMAL,
  MIN_NORMAL + 1n,
  2n * MIN_NORMAL,
  bitsOf(2 ** -960),
  bitsOf(2 ** -900),
  bitsOf(2 ** -537),
  bitsOf(2 ** -511 * (1 - 2 ** -53)),
  bitsOf(1 - 2 ** -53),
  bitsOf(1),
  bitsOf(1 + 2 ** -52),
  bitsOf(0.5),
  bitsOf(2 ** 52 + 1),
  bitsOf(2 ** 53 - 1),
  bitsOf(2 ** 31),
  bitsOf(2 ** 63),
  bitsOf(2 ** 512),
  MAX,
  INFINITY,
  QUIET,
  SIGNALING,
].flatMap((x) => [x, x | SIGN]);

/** fadd, fmul, fdiv d0, d1, d2; fmadd, fmsub, fnmadd, fnmsub d0, d1, d2, d3; fmla v0.2d, v1.2d, v2.2d; fcvt s0, d1; fcmp d1, d2 */
const EDGE_WORDS = [
  0x1e622820, 0x1e620820, 0x1e621820, 0x1f420c20, 0x1f428c20, 0x1f620c20, 0x1f628c20, 0x4e62cc20, 0x1e624020,
  0x1e622020,
] as const;

/** Factors whose product lies half way between two numbers, and an addend far below that decides. */
function halfWay(rng: () => number, fraction: 23 | 52): readonly [number, number, number] {
  const i = 8 + (rng() % (fraction - 14));
  const factor = (place: number): number => 1 + (2 * (rng() % 8) + 1) * 2 ** -place;
  const sign = rng() % 2 === 0 ? 1 : -1;
  const addend = rng() % 5 === 0 ? 0 : sign * 2 ** -(fraction + 2 + (rng() % 70));
  return [factor(i), factor(fraction + 1 - i), addend];
}
function singleLanes(x: number): bigint {
  const lane = BigInt(new Uint32Array(new Float32Array([x]).buffer)[0]!);
  return lane | (lane << 32n) | (lane << 64n) | (lane << 96n);
}

export function floatingSuite(title: string): void {
  const slow = new FloatingMachine('interpreter');
  const fast = new FloatingMachine('jit');
  const compare = (word: number, rounds: readonly Round[], text: string): void => {
    const expected = slow.run(word, rounds);
    const actual = fast.run(word, rounds);
    for (const [i, line] of expected.entries()) {
      if (line === actual[i]) continue;
      const { operands, fpsr, fpcr } = rounds[i]!;
      const input = `${operands.map((v) => v.toString(16)).join(' ')} fpsr ${fpsr.toString(16)} fpcr ${fpcr.toString(16)}`;
      expect(actual[i], `${text} ${word.toString(16)} on ${input}`).toBe(line);
    }
  };

  describe(`floating point in regions, ${title}`, () => {
    it(`is that of tier 1 on random operands, seed ${SEED}`, () => {
      for (const n of FLOATING_ROWS) {
        const rng = xorshift(SEED + n * 7919);
        for (let i = 0; i < WORDS; i++) {
          const word = aimedWord(n, rng);
          compare(word, randomRounds(n, word, ROUNDS, rng), ROWS[n]!.name);
        }
      }
    }, 60_000);

    it('is that of tier 1 at the edges of double precision', () => {
      for (const word of EDGE_WORDS) {
        const all = EDGES.flatMap((a) =>
          EDGES.map((b, i) => [a, b, EDGES[(i * 7 + 3) % EDGES.length]!] as const),
        );
        // Few of them at a time, so that refused fast paths are tried again.
        for (let at = 0; at < all.length; at += 90) {
          const rounds = all.slice(at, at + 90).map(
            ([a, b, c]): Round => ({
              operands: [a | (b << 64n), b | (c << 64n), c | (a << 64n)],
              fpsr: IXC,
              fpcr: 0,
            }),
          );
          compare(word, rounds, 'edges');
        }
      }
    }, 60_000);

    it('rounds fused operations once, half way between two numbers and close to it', () => {
      const rng = xorshift(4711);
      for (const [word, single] of [
        [0x1f420c20, false],
        [0x4e62cc20, false],
        [0x1f020c20, true],
        [0x4e22cc20, true],
      ] as const) {
        const rounds = Array.from({ length: 90 }, (): Round => {
          const [b, c, a] = halfWay(rng, single ? 23 : 52);
          const bits = (x: number): bigint => (single ? singleLanes(x) : bitsOf(x) | (bitsOf(x / 2) << 64n));
          return { operands: [bits(b), bits(c), bits(a)], fpsr: IXC, fpcr: 0 };
        });
        compare(word, rounds, 'fused');
      }
    }, 60_000);
  });
}
