/** A guest that does a list of operations, keeps what it reads, and runs here or in QEMU. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ICC } from '../../../src/abi/arm/gic-sysregs.ts';
import type { SysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import { createMachine } from '../../../src/engine/machine.ts';
import { bytesOf, MODEL, RAM_BASE, RAM_SIZE, readWord64 } from '../../engine/machine-fixture.ts';
import { choiceIn, type Operation } from './operations.ts';

const QEMU = 'qemu-system-aarch64';
export const qemuIsInstalled = spawnSync(QEMU, ['--version']).error === undefined;
const TIMEOUT_MS = 60_000;

const PROGRAM = 0x4020_0000;
const LOG = 0x4040_0000;
const RUNNING = 0x4060_0000;
const UART = 0x0900_0000;
const BUDGET = 1 << 24;

/** Words by GNU as. X20: end of the log, X23: end of the list of interrupts that run, X24: its start, X25: the UART. */
const WORD = {
  keep: 0xf800_8680, // str x0, [x20], #8
  isb: 0xd503_3fdf,
  load: { 1: 0x3940_0020, 4: 0xb940_0020 }, // ldr w0, [x1]
  store: { 1: 0x3900_0020, 4: 0xb900_0020 }, // str w0, [x1]
  compareSpurious: 0x710f_f01f, // cmp w0, #1020
  markGroup1: 0xb261_0000, // orr x0, x0, #1 << 31
  push: 0xf800_86e0, // str x0, [x23], #8
  compareEmpty: 0xeb18_02ff, // cmp x23, x24
  pop: 0xf85f_8ee0, // ldr x0, [x23, #-8]!
  unmark: 0x9240_7800, // and x0, x0, #0x7fffffff
} as const;
/** Send the log, byte by byte: ldrb w0, [x21], #1; strb w0, [x25]; cmp x21, x20; b.lo; PSCI SYSTEM_OFF. */
const SEND = [
  0x3840_16a0, 0x3900_0320, 0xeb14_02bf, 0x54ff_ffa3, 0x5280_0100, 0x72b0_8000, 0xd400_0002, 0x1400_0000,
];

/** movz and movk of a 32-bit value. */
const constant = (register: number, value: number): number[] =>
  [0xd280_0000 | ((value & 0xffff) << 5) | register, 0xf2a0_0000 | ((value >>> 16) << 5) | register].map(
    (word) => word >>> 0,
  );
const read = (key: SysregKey): number => (0xd520_0000 | (key << 5)) >>> 0;
const write = (key: SysregKey): number => (0xd500_0000 | (key << 5)) >>> 0;
/** b.hs and b.eq over some words; tbz w0, #31; b. */
const ifHigherOrSame = (words: number): number => 0x5400_0002 | ((words + 1) << 5);
const ifEqual = (words: number): number => 0x5400_0000 | ((words + 1) << 5);
const ifGroup0 = (words: number): number => 0x36f8_0000 | ((words + 1) << 5);
const over = (words: number): number => 0x1400_0000 | (words + 1);

function wordsOf(operation: Operation): number[] {
  switch (operation.do) {
    case 'mrs':
      return [read(operation.key), WORD.keep];
    case 'msr':
      return [...constant(0, operation.value), write(operation.key), WORD.isb];
    case 'load':
      return [...constant(1, operation.address), WORD.load[operation.bytes], WORD.keep];
    case 'store':
      return [
        ...constant(0, operation.value),
        ...constant(1, operation.address),
        WORD.store[operation.bytes],
      ];
    case 'acknowledge': {
      const kept = operation.group === 1 ? [WORD.markGroup1, WORD.push] : [WORD.push];
      const key = operation.group === 1 ? ICC.IAR1_EL1 : ICC.IAR0_EL1;
      return [read(key), WORD.keep, WORD.compareSpurious, ifHigherOrSame(kept.length), ...kept];
    }
    case 'end': {
      const rest = operation.deactivate ? [write(ICC.DIR_EL1)] : [];
      const group0 = [write(ICC.EOIR0_EL1), ...rest];
      const group1 = [WORD.unmark, write(ICC.EOIR1_EL1), ...rest, over(group0.length)];
      const all = [WORD.pop, ifGroup0(group1.length), ...group1, ...group0];
      return [WORD.compareEmpty, ifEqual(all.length), ...all, WORD.isb];
    }
  }
}
const programOf = (operations: readonly Operation[]): Uint8Array =>
  bytesOf([
    ...constant(20, LOG),
    ...constant(21, LOG),
    ...constant(23, RUNNING),
    ...constant(24, RUNNING),
    ...constant(25, UART),
    ...operations.flatMap(wordsOf),
    ...SEND,
  ]);

/** Operations that a value is kept of, in their order. */
const kept = (operations: readonly Operation[]): Operation[] =>
  operations.filter((operation) => ['mrs', 'load', 'acknowledge'].includes(operation.do));

/** What the guest reads here. */
function runHere(operations: readonly Operation[]): bigint[] {
  const machine = createMachine({
    ramBase: RAM_BASE,
    ramSize: RAM_SIZE,
    models: [MODEL],
    devices: { gic: 3, mpidrs: [0n], console: { output: 4096, input: 16 }, epoch: 0, disks: [] },
  });
  machine.writePhysical(PROGRAM, programOf(operations));
  const vcpu = machine.vcpus[0]!;
  vcpu.pc = BigInt(PROGRAM);
  const stop = vcpu.run(BUDGET);
  if (stop.kind !== 'hvc') throw new Error(`the guest stopped for ${stop.kind} at ${vcpu.pc.toString(16)}`);
  const count = (Number(vcpu.getX(20)) - LOG) / 8;
  return Array.from({ length: count }, (_, n) => readWord64(machine, LOG + 8 * n));
}

/** What it reads in QEMU, from a file that is written for it. */
function runInQemu(operations: readonly Operation[], file: string): bigint[] {
  writeFileSync(file, programOf(operations));
  const machine = ['-M', 'virt,gic-version=3', '-cpu', 'neoverse-n1', '-m', '64', '-accel', 'tcg'];
  const quiet = ['-display', 'none', '-monitor', 'none', '-serial', 'stdio'];
  const loader = ['-device', `loader,file=${file},addr=${PROGRAM},cpu-num=0,force-raw=on`];
  const { stdout, stderr, status } = spawnSync(QEMU, [...machine, ...quiet, ...loader], {
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  if (status !== 0) throw new Error(`QEMU failed: ${stderr.toString()}`);
  return Array.from({ length: stdout.length / 8 }, (_, n) => stdout.readBigUInt64LE(8 * n));
}

export interface Difference {
  /** Index of the operation. */
  readonly at: number;
  readonly qemu: bigint | undefined;
  readonly here: bigint | undefined;
}
/** The first value that differs, or undefined. */
export function firstDifference(operations: readonly Operation[], file: string): Difference | undefined {
  const [inQemu, here] = [runInQemu(operations, file), runHere(operations)];
  for (const [n, operation] of kept(operations).entries()) {
    const choice = choiceIn(operation);
    const [a, b] = [inQemu[n], here[n]];
    if (a === undefined || b === undefined || (a | choice) !== (b | choice))
      return { at: operations.indexOf(operation), qemu: a, here: b };
  }
  return undefined;
}

/** The program without the operations after `fixed` that a difference does not need, in at most so many attempts. */
export function shrinkOperations(
  operations: readonly Operation[],
  fixed: number,
  file: string,
  attempts: number,
): readonly Operation[] {
  let all = operations;
  let left = attempts;
  for (let size = 64; size > 0; size >>= 1) {
    for (let at = fixed; at < all.length - 1 && left > 0; left--) {
      const fewer = [...all.slice(0, at), ...all.slice(at + size)];
      if (firstDifference(fewer, file) === undefined) at += size;
      else all = fewer;
    }
  }
  return all;
}
