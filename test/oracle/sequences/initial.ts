/** The state that a program starts in. */
import { randomFloat, randomFpcr, randomFpsr } from '../floating-operands.ts';
import { Halves, interesting, type Rng } from '../numbers.ts';
import { xorshift } from '../random.ts';
import { PAGE, type Sequence, SPACE } from './sequence.ts';
import { REGISTER } from './words.ts';

export interface Initial {
  readonly pc: number;
  /** X0..X30, SP. */
  readonly x: readonly bigint[];
  readonly v: readonly bigint[];
  readonly nzcv: number;
  readonly fpcr: number;
  readonly fpsr: number;
  /** What the data range holds. */
  readonly data: Uint8Array;
}

const STACK = SPACE.data + 50 * PAGE;
const DATA_BYTES = SPACE.dataPages * PAGE;
const TEMPLATE_BYTES = 4 * PAGE;

const scratch = new Halves();

/** Numbers of every format, integers at the edges, and noise: what loads find. */
const TEMPLATE = (() => {
  const rng = xorshift(0x7e3_91a7e);
  const view = new DataView(new ArrayBuffer(TEMPLATE_BYTES));
  for (let at = 0; at < TEMPLATE_BYTES; at += 8) view.setBigUint64(at, doubleWord(rng), true);
  return new Uint8Array(view.buffer);
})();
function doubleWord(rng: Rng): bigint {
  const kind = rng() % 5;
  if (kind === 0) return interesting(rng, scratch).bigint;
  if (kind === 1) return (BigInt(rng()) << 32n) | BigInt(rng());
  if (kind === 2) return randomFloat(rng, 64);
  if (kind === 3) return (randomFloat(rng, 32) << 32n) | randomFloat(rng, 32);
  return [48n, 32n, 16n, 0n].reduce((word, low) => word | (randomFloat(rng, 16) << low), 0n);
}

export function initialState({ seed, start }: Sequence): Initial {
  const rng = xorshift(Math.imul(seed, 0x85eb_ca6b) ^ 0x51a7e);
  for (let i = 0; i < 8; i++) rng();
  const data = new Uint8Array(DATA_BYTES);
  const turn = 8 * (rng() % (TEMPLATE_BYTES / 8));
  for (let at = -turn; at < DATA_BYTES; at += TEMPLATE_BYTES)
    data.set(TEMPLATE.subarray(Math.max(0, -at), Math.min(TEMPLATE_BYTES, DATA_BYTES - at)), Math.max(0, at));
  const x = Array.from({ length: 32 }, () => interesting(rng, scratch).bigint);
  for (let n = 0; n < REGISTER.bases; n++) {
    // Many of them close to the end of a page, some together.
    const page = SPACE.data + (SPACE.basePage + (rng() % SPACE.basePages)) * PAGE;
    const offset =
      rng() % 3 === 0 ? PAGE - 16 + (rng() % 32) : rng() % 4 === 0 ? rng() % PAGE : 8 * (rng() % 64);
    x[REGISTER.base + n] = BigInt(page + offset);
  }
  x[REGISTER.address] = x[REGISTER.base]!;
  x[REGISTER.sp] = BigInt(STACK);
  const v = Array.from({ length: 32 }, () => (doubleWord(rng) << 64n) | doubleWord(rng));
  const isPlain = rng() % 3 === 0;
  return {
    pc: SPACE.code + start,
    x,
    v,
    nzcv: rng() >>> 28,
    fpcr: isPlain ? 0 : randomFpcr(rng),
    fpsr: isPlain ? 0 : randomFpsr(rng) & 0xffff,
    data,
  };
}
