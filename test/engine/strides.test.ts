import { describe, expect, it } from 'vitest';
import { PATTERNS } from '../../src/engine/decode/decoder.ts';
import type { MachineHardware } from '../../src/engine/hardware.ts';
import { bytesOf, CODE, DATA, enableMmu, machineWith, RAM_BASE, SYSREG } from './machine-fixture.ts';

const PROGRAMS = 80;
const LENGTH = 48;
const BUDGET = 400;
const CPACR_EL1 = 0xc082;
/** Exception handler: step over the instruction. mrs x0, elr_el1; add x0, x0, #4; msr elr_el1, x0; eret. */
const HANDLER = [0xd5384020, 0x91001000, 0xd5184020, 0xd69f03e0];

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
function program(next: () => number): number[] {
  return Array.from({ length: LENGTH }, () => {
    const { mask, value } = PATTERNS[next() % PATTERNS.length]!;
    return ((next() & ~mask) | value) >>> 0;
  });
}
/** Set everything that the program can see, most registers pointing to data. */
function prepare(machine: MachineHardware, words: readonly number[], seed: number): void {
  const next = random(seed);
  const vcpu = machine.vcpus[0]!;
  vcpu.reset();
  vcpu.pc = BigInt(CODE);
  machine.writePhysical(DATA, new Uint8Array(8192));
  machine.writePhysical(CODE, new Uint8Array(8192));
  machine.writePhysical(CODE, bytesOf(words));
  for (const vector of [0x800, 0xa00, 0xc00]) machine.writePhysical(CODE + vector, bytesOf(HANDLER));
  for (let n = 0; n < 31; n++)
    vcpu.setX(n, next() % 4 === 0 ? BigInt(next()) << 20n : BigInt(DATA + (next() % 4200)));
  for (let n = 0; n < 32; n++) vcpu.setV(n, (BigInt(next()) << 96n) | BigInt(next()));
  vcpu.setSp(1, BigInt(DATA + 256));
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(CODE + 0x800));
  vcpu.setSysreg(CPACR_EL1, 3n << 20n);
  enableMmu(machine, vcpu, RAM_BASE, [
    { va: CODE, pa: CODE, pages: 2 },
    { va: DATA, pa: DATA + 4096 },
    { va: DATA + 4096, pa: DATA },
  ]);
}
/** Run in strides; stops are stepped over as a hypervisor would. Returns all that happened. */
function outcome(machine: MachineHardware, stride: number): unknown {
  const vcpu = machine.vcpus[0]!;
  const start = vcpu.instructionCount;
  const stops: string[] = [];
  for (;;) {
    const left = BUDGET - (vcpu.instructionCount - start);
    if (left <= 0) break;
    const stop = vcpu.run(Math.min(stride, left));
    if (stop.kind === 'budget') continue;
    stops.push(`${stop.kind} ${vcpu.instructionCount - start}`);
    if (stop.kind === 'internal-error' || stop.kind === 'yield' || stop.kind === 'stage2-instruction') break;
    vcpu.skipInstruction();
  }
  return {
    stops,
    pc: vcpu.pc,
    pstate: vcpu.pstate,
    x: Array.from({ length: 31 }, (_, n) => vcpu.getX(n)),
    v: Array.from({ length: 32 }, (_, n) => vcpu.getV(n)),
    sp: [vcpu.getSp(0), vcpu.getSp(1)],
    system: vcpu.sysregKeys().map((key) => vcpu.getSysreg(key)),
    data: Buffer.from(machine.readPhysical(DATA, 8192)!).toString('hex'),
  };
}

describe('random programs', () => {
  it('end in the same state whatever the budgets were, and never in an internal error', () => {
    const next = random(20261);
    // One machine each: virtual time is the number of instructions since the machine's reset.
    const strides = [BUDGET, 1, 7].map((stride) => ({ stride, machine: machineWith([]) }));
    for (let n = 0; n < PROGRAMS; n++) {
      const words = program(next);
      const seed = next();
      const results = strides.map(({ stride, machine }) => {
        prepare(machine, words, seed);
        return outcome(machine, stride);
      });
      expect(JSON.stringify(results[0], hex)).not.toContain('internal-error');
      expect([words.map((w) => w.toString(16)), results[1]]).toEqual([
        words.map((w) => w.toString(16)),
        results[0],
      ]);
      expect(results[2]).toEqual(results[0]);
    }
    // The programs did run: most of them to the end of their budgets.
    expect(strides[0]!.machine.vcpus[0]!.instructionCount).toBeGreaterThan((PROGRAMS * BUDGET * 3) / 4);
  }, 30_000);
});

function hex(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString(16) : value;
}
