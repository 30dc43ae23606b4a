/** Both tiers run the same random programs in steps of the same odd sizes: after each step everything must be equal. */
import { describe, expect, it } from 'vitest';
import { PATTERNS } from '../../../src/engine/decode/decoder.ts';
import type { MachineHardware } from '../../../src/engine/hardware.ts';
import { ROWS } from '../../../src/engine/semantics/rows.ts';
import { bytesOf, CODE, DATA, enableMmu, machineWith, MODEL, RAM_BASE, SYSREG } from '../machine-fixture.ts';

const PROGRAMS = 60;
const PROGRAMS_PER_MACHINE = 3;
const STRIDES = [1, 7, 37, 101, 499, 1999] as const;
const BUDGET = 6000;
const CPACR_EL1 = 0xc082;
/** Step over the instruction: mrs x9, elr_el1; add x9, x9, #4; msr elr_el1, x9; eret. */
const HANDLER = [0xd5384029, 0x91001129, 0xd5184029, 0xd69f03e0];
const FIRST_BASE = 10;
const BASES = 8;
const STACK_POINTER = 31;
/** mov sp, x10 */
const SET_STACK_POINTER = 0x9100015f;
/** Stack pointer alignment checked, and all accesses. */
const SCTLR_BITS = [0n, 8n, 2n, 10n] as const;

/** Marsaglia's xorshift32: the same programs in every run. */
function random(seed: number): () => number {
  let s = seed;
  return () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return s >>> 0;
  };
}

const CLASSES = [...new Set(ROWS.map((row) => row.encodingClass))].map((name) =>
  [...ROWS.keys()].filter((n) => ROWS[n]!.encodingClass === name),
);
const LOADS_STORES = CLASSES.filter((rows) => /[Ll]oad/.test(ROWS[rows[0]!]!.encodingClass));
const BRANCHES = CLASSES.filter((rows) => /branch \(imm/.test(ROWS[rows[0]!]!.encodingClass));
const FLAGS = CLASSES.filter((rows) =>
  /Add.subtract|Logical|Conditional [sc]/.test(ROWS[rows[0]!]!.encodingClass),
);

/**
 * Register accesses that need no helper, X0: mrs of CNTVCT_EL0, CNTPCT_EL0, NZCV, CurrentEL, DAIF, TPIDR_EL0, FPSR; msr of NZCV,
 * TPIDR_EL0, FPSR, ELR_EL1.
 */
const SYSTEM_REGISTERS = [
  0xd53be040, 0xd53be020, 0xd53b4200, 0xd5384240, 0xd53b4220, 0xd53bd040, 0xd53b4420, 0xd51b4200, 0xd51bd040,
  0xd51b4420, 0xd5184020,
] as const;

/** Fields that would lead out of the program, by the position and width of their displacement. */
const DISPLACEMENTS: Readonly<Record<string, readonly [low: number, width: number]>> = {
  'Unconditional branch (immediate)': [0, 26],
  'Conditional branch (immediate)': [5, 19],
  'Compare and branch (immediate)': [5, 19],
  'Test and branch (immediate)': [5, 14],
};

function instruction(next: () => number, at: number, length: number): number {
  const kind = next() % 11;
  if (kind === 10) return (SYSTEM_REGISTERS[next() % SYSTEM_REGISTERS.length]! | (next() % 31)) >>> 0;
  const classes = kind < 3 ? LOADS_STORES : kind < 5 ? BRANCHES : kind < 8 ? FLAGS : CLASSES;
  const rows = classes[next() % classes.length]!;
  const n = rows[next() % rows.length]!;
  const { mask, value } = PATTERNS[n]!;
  let word = ((next() & ~mask) | value) >>> 0;
  const displacement = DISPLACEMENTS[ROWS[n]!.encodingClass];
  if (displacement !== undefined) {
    const [low, width] = displacement;
    const field = ((1 << width) - 1) << low;
    word = ((word & ~field) | ((((next() % length) - at) << low) & field)) >>> 0;
  } else if (kind < 3) {
    // A base register that points to data, or the stack pointer.
    const base = next() % 5 === 0 ? STACK_POINTER : FIRST_BASE + (next() % BASES);
    word = ((word & ~0x3e0) | (base << 5)) >>> 0;
  }
  return word;
}
/** A loop around random instructions, which points its base registers to data each time. */
function program(next: () => number): number[] {
  const words: number[] = [];
  for (let n = 0; n < BASES; n++) {
    const register = FIRST_BASE + n;
    // Many of them close to the end of a page.
    const low = next() % 3 === 0 ? 4080 + (next() % 32) : (next() % 520) * 8;
    words.push(0xd2800000 | (low << 5) | register, 0xf2a00000 | ((DATA >>> 16) << 5) | register);
  }
  words.push(SET_STACK_POINTER);
  const length = 20 + (next() % 40);
  for (let n = 0; n < length; n++) words.push(instruction(next, words.length, length + 2 * BASES + 1));
  words.push((0x14000000 | (-words.length & 0x3ffffff)) >>> 0);
  return words.map((w) => w >>> 0);
}

function prepare(machine: MachineHardware, words: readonly number[], seed: number, mmu: boolean): void {
  const next = random(seed);
  const vcpu = machine.vcpus[0]!;
  vcpu.reset();
  vcpu.pc = BigInt(CODE);
  machine.writePhysical(DATA, new Uint8Array(8192));
  machine.writePhysical(CODE, new Uint8Array(8192));
  machine.writePhysical(CODE, bytesOf(words));
  for (const vector of [0x800, 0xa00, 0xc00]) machine.writePhysical(CODE + vector, bytesOf(HANDLER));
  for (let n = 0; n < 31; n++) vcpu.setX(n, next() % 4 === 0 ? BigInt(next()) << 20n : BigInt(next() % 4200));
  for (let n = 0; n < 32; n++) vcpu.setV(n, (BigInt(next()) << 96n) | BigInt(next()));
  vcpu.setSp(1, BigInt(DATA + 256));
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
  vcpu.setSysreg(CPACR_EL1, 3n << 20n);
  if (!mmu) return;
  enableMmu(machine, vcpu, RAM_BASE, [
    { va: CODE, pa: CODE, pages: 2 },
    { va: DATA, pa: DATA + 4096 },
    { va: DATA + 4096, pa: DATA },
  ]);
  vcpu.setSysreg(SYSREG.SCTLR_EL1, 1n | SCTLR_BITS[next() % SCTLR_BITS.length]!);
}

function state(machine: MachineHardware): string {
  const vcpu = machine.vcpus[0]!;
  let text = `${vcpu.instructionCount} pc ${vcpu.pc.toString(16)} ${vcpu.pstate.toString(16)} sp ${vcpu.getSp(0)} ${vcpu.getSp(1)}`;
  for (let n = 0; n < 31; n++) text += ` x${n} ${vcpu.getX(n).toString(16)}`;
  for (let n = 0; n < 32; n++) text += ` v${n} ${vcpu.getV(n).toString(16)}`;
  return text;
}
const data = (machine: MachineHardware): string =>
  Buffer.from(machine.readPhysical(DATA, 8192)!).toString('hex') +
  Buffer.from(machine.readPhysical(CODE, 8192)!).toString('hex');
const system = (machine: MachineHardware): unknown =>
  machine.vcpus[0]!.sysregKeys().map((key) => machine.vcpus[0]!.getSysreg(key));

/** One step; what stops it is stepped over as a hypervisor would. */
function step(machine: MachineHardware, budget: number): string {
  const vcpu = machine.vcpus[0]!;
  const stop = vcpu.run(budget);
  if (stop.kind === 'internal-error') throw new Error(stop.message);
  if (stop.kind !== 'budget' && stop.kind !== 'yield') vcpu.skipInstruction();
  return stop.kind;
}

describe('tiers in lockstep', () => {
  for (const mmu of [false, true]) {
    it(`run random programs alike, MMU ${mmu ? 'on' : 'off'}`, () => {
      const next = random(mmu ? 4711 : 815);
      let slow!: MachineHardware;
      let fast!: MachineHardware;
      for (let n = 0; n < PROGRAMS; n++) {
        // Tier 2 loses interest in pages that change again and again.
        if (n % PROGRAMS_PER_MACHINE === 0) {
          slow = machineWith([], 1, MODEL, 'interpreter');
          fast = machineWith([], 1, MODEL, 'jit');
        }
        const words = program(next);
        const seed = next();
        const stride = STRIDES[n % STRIDES.length]!;
        const text = () => `${words.map((w) => w.toString(16)).join(' ')}, by ${stride}`;
        for (const machine of [slow, fast]) prepare(machine, words, seed, mmu);
        for (let done = 0; done < BUDGET; done += stride) {
          if (stride === 1 && done > BUDGET / 6) break;
          const stops = [step(slow, stride), step(fast, stride)];
          const states = [state(slow), state(fast)];
          if (stops[0] !== stops[1] || states[0] !== states[1]) {
            expect([stops[1], states[1]], text()).toEqual([stops[0], states[0]]);
          }
          if (stops[0] === 'stage2-instruction' || stops[0] === 'yield') break;
        }
        expect(data(fast), text()).toBe(data(slow));
        expect(system(fast), text()).toEqual(system(slow));
      }
    }, 600_000);
  }
});
