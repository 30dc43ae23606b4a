/** Hot loops around one floating-point instruction each, run in both tiers: every result, FPSR and NZCV must be equal. */
import { blankOperands, createDecoder } from '../../../src/engine/decode/decoder.ts';
import { randomWord } from '../../../src/engine/decode/encoder.ts';
import type { Row } from '../../../src/engine/decode/row.ts';
import type { MachineHardware, Tier } from '../../../src/engine/hardware.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { isFloatingPoint, randomVector } from '../../oracle/floating-operands.ts';
import type { Rng } from '../../oracle/numbers.ts';
import { FEATURES } from '../../oracle/program.ts';
import { bytesOf, CODE, DATA, HVC, MODEL, machineWith } from '../machine-fixture.ts';

const CPACR_EL1 = 0xc082;
export const IXC = 0x10;
const decoder = createDecoder(FEATURES);
const SLOTS = 256;
/** Every program has pages of its own: tier 2 loses interest in code that changes. */
const STRIDE = 0x1000;

/** Where X0 to X3 and X6 point: three operands of 16 bytes, results of 48, FPSR and FPCR before the instruction. */
const INPUT = [DATA, DATA + 0x1_0000, DATA + 0x2_0000] as const;
const OUTPUT = DATA + 0x3_0000;
const CONTROLS = DATA + 0x5_0000;
const OUTPUT_BYTES = 48;

/**
 * ldr q1, [x0], #16; ldr q2, [x1], #16; ldr q0, [x2]; ldr q3, [x2], #16; ldp x9, x10, [x6], #16; msr fpcr, x10;
 * msr fpsr, x9; mov x12, d0; mov x13, d1
 */
const BEFORE = [
  0x3cc10401, 0x3cc10422, 0x3dc00040, 0x3cc10443, 0xa8c128c9, 0xd51b440a, 0xd51b4429, 0x9e66000c, 0x9e66002d,
] as const;
/** str q0, [x3], #16; mrs x9, fpsr; mrs x11, nzcv; stp x9, x11, [x3], #16; str x12, [x3], #16; subs x5, x5, #1 */
const AFTER = [0x3c810460, 0xd53b4429, 0xd53b420b, 0xa8812c69, 0xf801046c, 0xf10004a5] as const;
/** b.ne to the start */
const again = (words: number): number => (0x54000001 | ((-words & 0x7ffff) << 5)) >>> 0;

/** One round of the loop: the operands, from Vn, Vm and Va (or Vd as it was), and the state. */
export interface Round {
  readonly operands: readonly [bigint, bigint, bigint];
  readonly fpsr: number;
  readonly fpcr: number;
}

export const FLOATING_ROWS: readonly number[] = [...ROWS.keys()].filter((n) => {
  const row = ROWS[n]!;
  return row.fp === true && row.feature === undefined && isFloatingPoint(row);
});

/** A word of the row with Rd 0, Rn 1, Rm 2, Ra 3, where they are V registers; X12 and X13 where they are not. */
export function aimedWord(n: number, rng: Rng): number {
  const row: Row = ROWS[n]!;
  let word = randomWord(n, rng);
  const field = (low: number, width: number, value: number): void => {
    word = ((word & ~(((1 << width) - 1) << low)) | (value << low)) >>> 0;
  };
  if (row.pattern.includes('Rm:5')) field(16, 5, 2);
  if (row.pattern.includes('Rm:4')) field(16, 5, 2);
  if (row.pattern.includes('Ra:5')) field(10, 5, 3);
  const o = blankOperands();
  decoder.decode(word, 0, 0, o);
  if (row.pattern.includes('Rd:5')) field(0, 5, (o.vectorMask & 1) === 0 ? 12 : 0);
  field(5, 5, (o.vectorMask & 2) === 0 ? 13 : 1);
  return word;
}
/** Rounds with operands of the row, at the edges of formats. */
export function randomRounds(n: number, word: number, count: number, rng: Rng): Round[] {
  return Array.from({ length: count }, () => {
    const v = new Int32Array(3 * 4);
    for (let i = 0; i < 3; i++) randomVector(rng, ROWS[n]!, word, v, i);
    const operand = (i: number): bigint =>
      [3, 2, 1, 0].reduce((all, at) => (all << 32n) | BigInt(v[4 * i + at]! >>> 0), 0n);
    const fpsr = rng() % 8 === 0 ? rng() & 0x9f : IXC | (rng() & 0x8);
    return {
      operands: [operand(0), operand(1), operand(2)],
      fpsr,
      fpcr: rng() % 16 === 0 ? rng() & 0x07c0_0000 : 0,
    };
  });
}

function store(machine: MachineHardware, address: number, value: bigint, bytes: number): void {
  const out = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) out[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  machine.writePhysical(address, out);
}

export class FloatingMachine {
  readonly #machine: MachineHardware;
  #page = 0;

  constructor(tier: Tier) {
    this.#machine = machineWith([], 1, MODEL, tier);
  }

  /** Run the rounds with this instruction; what they stored, one line for each. */
  run(word: number, rounds: readonly Round[]): string[] {
    const machine = this.#machine;
    const vcpu = machine.vcpus[0]!;
    const start = CODE + (this.#page++ % SLOTS) * STRIDE;
    const loop = [...BEFORE, word, ...AFTER];
    machine.writePhysical(start, bytesOf([...loop, again(loop.length), HVC]));
    for (const [i, { operands, fpsr, fpcr }] of rounds.entries()) {
      for (const [at, value] of operands.entries()) store(machine, INPUT[at]! + 16 * i, value, 16);
      store(machine, CONTROLS + 16 * i, (BigInt(fpcr) << 64n) | BigInt(fpsr), 16);
    }
    vcpu.reset();
    vcpu.setSysreg(CPACR_EL1, 3n << 20n);
    vcpu.pc = BigInt(start);
    for (const [register, value] of [
      [0, INPUT[0]],
      [1, INPUT[1]],
      [2, INPUT[2]],
      [3, OUTPUT],
      [5, rounds.length],
      [6, CONTROLS],
    ] as const)
      vcpu.setX(register, BigInt(value));
    const stop = vcpu.run(1_000_000);
    if (stop.kind !== 'hvc') throw new Error(`${word.toString(16)} stopped with ${stop.kind}`);
    const bytes = machine.readPhysical(OUTPUT, rounds.length * OUTPUT_BYTES)!;
    return rounds.map((_, i) =>
      Buffer.from(bytes.subarray(i * OUTPUT_BYTES, (i + 1) * OUTPUT_BYTES - 8)).toString('hex'),
    );
  }
}
