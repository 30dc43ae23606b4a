/** Random programs: every encoding class, branches, loops, calls, indirect jumps, code that changes itself. */
import { randomFpcr, randomFpsr } from '../floating-operands.ts';
import type { Rng } from '../numbers.ts';
import { xorshift } from '../random.ts';
import { type Fixup, PAGE, type Sequence, SPACE, type Unit } from './sequence.ts';
import { systemWords } from './system-units.ts';
import { accessWords, CLASSES, COUNTERS, plainWord, REGISTER } from './words.ts';

interface Draft {
  readonly words: readonly number[];
  /** Targets are labels, as yet. */
  readonly fixups: readonly Fixup[];
}

const FREE_REGISTERS = 16;
const MAIN_LENGTH = 90;
const FUNCTION_LENGTH = 14;
const LONGEST_LOOP = 12;
const FURTHEST_BRANCH = 7;
const CODE_LIMIT = (SPACE.vectors - SPACE.code) / 2;

const movz = (to: number, imm16: number, high = 0): number =>
  (0x5280_0000 | (high << 21) | (imm16 << 5) | to) >>> 0;
const MSR_FPCR = 0xd51b_4412;
const MSR_FPSR = 0xd51b_4432;
/** Reads and writes of what belongs to floating point and flags, X0: mrs of FPSR, FPCR, NZCV; msr of NZCV. */
const REGISTER_MOVES = [0xd53b_4420, 0xd53b_4400, 0xd53b_4200, 0xd51b_4200] as const;
const BL = 0x9400_0000;
const B = 0x1400_0000;
const ADR_X16 = 0x1000_0010;
const BR_X16 = 0xd61f_0200;
const BLR_X16 = 0xd63f_0200;
/** stp x29, x30, [sp, #-32]!; stp x28, x17, [sp, #16], and back. */
const PROLOGUE = [0xa9be_7bfd, 0xa901_47fc];
const EPILOGUE = [0xa941_47fc, 0xa8c2_7bfd];
const RET = 0xd65f_03c0;
/** mov x16, x30; ret x16. */
const RET_X16 = [0xaa1e_03f0, 0xd65f_0200];
/** dc cvau, x16; dsb ish; ic ivau, x16; dsb ish; isb. */
const SYNCHRONIZE = [0xd50b_7b30, 0xd503_3b9f, 0xd50b_7530, 0xd503_3b9f, 0xd503_3fdf];

class Generator {
  readonly rng: Rng;
  readonly rough: boolean;
  readonly drafts: Draft[] = [];
  /** Index of the draft that a label stands before. */
  readonly places: number[] = [];

  constructor(rng: Rng, rough: boolean) {
    this.rng = rng;
    this.rough = rough;
  }

  below(n: number): number {
    return this.rng() % n;
  }
  free(): number {
    return this.below(FREE_REGISTERS);
  }
  label(): number {
    this.places.push(0);
    return this.places.length - 1;
  }
  place(label: number): void {
    this.places[label] = this.drafts.length;
  }
  add(words: readonly number[], fixups: readonly Fixup[] = []): void {
    this.drafts.push({ words, fixups });
  }

  /** A list of things that are done one after the other; branches go forward in it. */
  block(length: number, depth: number, functions: readonly number[]): void {
    const labels = Array.from({ length: length + 1 }, () => this.label());
    for (let at = 0; at < length; at++) {
      this.place(labels[at]!);
      const furthest = Math.min(length, at + 1 + this.below(FURTHEST_BRANCH));
      this.item(labels[furthest]!, depth, functions);
    }
    this.place(labels[length]!);
  }
  item(ahead: number, depth: number, functions: readonly number[]): void {
    const kind = this.below(100);
    if (this.rough && this.below(7) === 0) this.add(systemWords(this.rng));
    else if (kind < 22) this.add([plainWord(this.rng, CLASSES.integer)]);
    else if (kind < 34) this.add([plainWord(this.rng, CLASSES.flags)]);
    else if (kind < 48) this.add([plainWord(this.rng, CLASSES.vector)]);
    else if (kind < 58) this.add([plainWord(this.rng, CLASSES.scalar)]);
    else if (kind < 66) this.add(accessWords(this.rng, CLASSES.memory));
    else if (kind < 76) this.add(accessWords(this.rng, CLASSES.plainMemory));
    else if (kind < 85) this.branch(ahead);
    else if (kind < 89) this.loop(depth, functions);
    else if (kind < 91) this.call(functions);
    else if (kind < 93) this.jump(ahead);
    else if (kind < 96) this.moveRegister();
    else if (kind < 97) this.exclusive();
    else if (kind < 98) this.literal(ahead);
    else this.changeCode();
  }

  branch(target: number): void {
    const register = this.free();
    const kind = this.below(4);
    if (kind === 0) this.add([0x5400_0000 | this.below(16)], [{ word: 0, field: 'imm19', target }]);
    else if (kind === 1) {
      const word = 0x3400_0000 | (this.below(2) << 31) | (this.below(2) << 24) | register;
      this.add([word], [{ word: 0, field: 'imm19', target }]);
    } else if (kind === 2) {
      const word =
        0x3600_0000 | (this.below(2) << 31) | (this.below(2) << 24) | (this.below(32) << 19) | register;
      this.add([word], [{ word: 0, field: 'imm14', target }]);
    } else this.add([B], [{ word: 0, field: 'imm26', target }]);
  }
  loop(depth: number, functions: readonly number[]): void {
    const counter = COUNTERS[depth];
    if (counter === undefined) {
      this.add([plainWord(this.rng, CLASSES.flags)]);
      return;
    }
    const head = this.label();
    this.add([movz(counter, 1 + this.below(LONGEST_LOOP))]);
    this.place(head);
    this.block(1 + this.below(8), depth + 1, functions);
    const subtract = 0x5100_0400 | (counter << 5) | counter;
    if (this.below(2) === 0) {
      this.add([subtract, 0x3500_0000 | counter], [{ word: 1, field: 'imm19', target: head }]);
    } else this.add([subtract | 0x2000_0000, 0x5400_0001], [{ word: 1, field: 'imm19', target: head }]);
  }
  call(functions: readonly number[]): void {
    const target = functions[this.below(functions.length)];
    if (target === undefined) {
      this.add([plainWord(this.rng, CLASSES.scalar)]);
      return;
    }
    if (this.below(3) > 0) this.add([BL], [{ word: 0, field: 'imm26', target }]);
    else this.add([ADR_X16, BLR_X16], [{ word: 0, field: 'adr', target }]);
  }
  /** A jump through a table of branches. */
  jump(ahead: number): void {
    const after = this.label();
    const near = this.label();
    const index = 0x9240_0412 | (this.free() << 5);
    // adr x16, table; add x16, x16, x18, lsl #2; br x16; then the table.
    const words = [index, ADR_X16, 0x8b12_0a10, BR_X16];
    const table = this.label();
    this.add(words, [{ word: 1, field: 'adr', target: table }]);
    this.place(table);
    const targets = [ahead, near, after, near];
    this.add(
      targets.map(() => B),
      targets.map((target, word) => ({ word, field: 'imm26' as const, target })),
    );
    this.place(near);
    this.add([plainWord(this.rng, CLASSES.flags)]);
    this.place(after);
  }
  moveRegister(): void {
    const kind = this.below(6);
    if (kind === 0) this.add([movz(REGISTER.index, randomFpcr(this.rng) >>> 16, 1), MSR_FPCR]);
    else if (kind === 1) this.add([movz(REGISTER.index, randomFpsr(this.rng) & 0xffff), MSR_FPSR]);
    else this.add([REGISTER_MOVES[this.below(REGISTER_MOVES.length)]! | this.free()]);
  }
  /** Load-exclusive, something, store-exclusive of the same size; sometimes the monitor is opened between them. */
  exclusive(): void {
    const aligned = 0x927c_ec00 | ((REGISTER.base + this.below(REGISTER.bases)) << 5) | REGISTER.address;
    const acquire = this.below(2) << 15;
    const between = this.below(4) === 0 ? [0xd503_3f5f] : [plainWord(this.rng, CLASSES.integer)];
    const [t, t2, s] = [this.free(), this.free(), this.free()] as [number, number, number];
    // Distinct registers: what the architecture leaves open is not asked.
    if (t === t2 || s === t || s === t2) {
      this.add([aligned]);
      return;
    }
    const base = REGISTER.address << 5;
    if (this.below(3) === 0) {
      const size = this.below(2) << 30;
      const load = 0x887f_0000 | size | acquire | (t2 << 10) | base | t;
      const store = 0x8820_0000 | size | acquire | (s << 16) | (t2 << 10) | base | t;
      this.add([aligned, load, ...between, store]);
      return;
    }
    const size = this.below(4) << 30;
    const load = 0x085f_7c00 | size | acquire | base | t;
    const store = 0x0800_7c00 | size | acquire | (s << 16) | base | t2;
    this.add([aligned, load, ...between, store]);
  }
  literal(target: number): void {
    const kinds = [0x1800_0000, 0x5800_0000, 0x9800_0000, 0x1c00_0000, 0x5c00_0000, 0x9c00_0000];
    this.add([kinds[this.below(kinds.length)]! | this.free()], [{ word: 0, field: 'imm19', target }]);
  }
  /** Exchange an instruction for another one, each time round, as the architecture wants it done. */
  changeCode(): void {
    const [one, other] = [plainWord(this.rng, CLASSES.integer), plainWord(this.rng, CLASSES.flags)];
    const difference = (one ^ other) >>> 0;
    const target = this.label();
    const isBefore = this.below(2) === 0;
    if (isBefore) this.changed(target, one);
    const { index, address } = REGISTER;
    this.add(
      [
        ADR_X16,
        0xb940_0212, // ldr w18, [x16]
        movz(address, difference & 0xffff),
        0x72a0_0000 | ((difference >>> 16) << 5) | address, // movk w19, #high, lsl #16
        0x4a00_0000 | (address << 16) | (index << 5) | index, // eor w18, w18, w19
        0xb900_0212, // str w18, [x16]
        ...SYNCHRONIZE,
      ],
      [{ word: 0, field: 'adr', target }],
    );
    if (!isBefore) this.changed(target, one);
  }
  changed(label: number, word: number): void {
    this.place(label);
    this.add([word]);
  }

  function(label: number, callees: readonly number[]): void {
    this.place(label);
    const isLeaf = callees.length === 0 && this.below(2) === 0;
    // A leaf has no loops: their counters are its caller's.
    if (!isLeaf) this.add(PROLOGUE);
    this.block(2 + this.below(FUNCTION_LENGTH), isLeaf ? COUNTERS.length : 0, callees);
    if (!isLeaf) this.add(EPILOGUE);
    this.add(this.below(3) === 0 ? RET_X16 : [RET]);
  }
  program(): Unit[] {
    const start = this.label();
    const functions = Array.from({ length: 1 + this.below(4) }, () => this.label());
    this.block(8 + this.below(MAIN_LENGTH), 0, functions);
    this.add([B], [{ word: 0, field: 'imm26', target: start }]);
    for (const [n, label] of functions.entries()) this.function(label, functions.slice(n + 1));
    return this.drafts.map(({ words, fixups }) => ({
      words: words.map((word) => word >>> 0),
      fixups: fixups.map((fixup) => ({ ...fixup, target: this.places[fixup.target]! })),
    }));
  }
}

/** The program of a seed: it never ends and, unless it is a rough one, never faults. */
export function makeSequence(seed: number, rough = false): Sequence {
  const rng = xorshift(Math.imul(seed, 0x9e37_79b1) ^ 0x5e9_0e5ce);
  for (let i = 0; i < 8; i++) rng();
  // Often near the end of a page: then loops cross into the next one.
  const start = rng() % 2 === 0 ? PAGE - 4 * (1 + (rng() % 100)) : 4 * (rng() % (PAGE / 4));
  for (;;) {
    const units = new Generator(rng, rough).program();
    const bytes = 4 * units.reduce((sum, { words }) => sum + words.length, 0);
    if (bytes < CODE_LIMIT) return { rough, seed, start, units };
  }
}
