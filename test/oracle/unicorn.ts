/** Unicorn as a judge: programs in, outcomes out. */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BLOCK, FAULT, NO_MEMORY, type Outcome, putProgram } from './outcome.ts';
import { CODE_PATTERN, codeOf, DATA_PATTERN, MEMORY, patternAt, type Program } from './program.ts';

const SCRIPT = fileURLToPath(new URL('./unicorn_oracle.py', import.meta.url));
/** The Debian package installs for the system's Python. */
const PYTHONS = ['/usr/bin/python3', 'python3'];
const BUFFER = 1 << 30;

function findPython(): string | undefined {
  return PYTHONS.find((python) => {
    try {
      execFileSync(python, ['-c', 'import unicorn'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
export const unicornPython = findPython();
export const unicornIsInstalled = unicornPython !== undefined;

const REQUEST_BYTES = BLOCK.BYTES + 24;
const STORE_BYTES = 32;
const HEADER_BYTES = 12;

/** An outcome, and how many of the program's counted words have retired: as often as they did. */
export type Judged = Outcome & { readonly retired: number };

/** What memory holds: see the script. */
function preamble(): Buffer {
  const { code, codeSize, data, dataSize, nopStart, nopSize } = MEMORY;
  const ranges = BigUint64Array.of(
    ...[code, codeSize, data, dataSize, nopStart, nopSize].map((value) => BigInt(value)),
  );
  const patterns = [CODE_PATTERN, DATA_PATTERN].flatMap((pattern) => [
    new Uint8Array(Uint32Array.of(pattern.length).buffer),
    pattern,
  ]);
  return Buffer.concat([new Uint8Array(ranges.buffer), ...patterns]);
}

function requestsOf(programs: readonly Program[]): Buffer {
  const words = programs.reduce((sum, program) => sum + program.words.length, 0);
  const all = Buffer.alloc(programs.length * REQUEST_BYTES + 4 * words);
  let at = 0;
  for (const program of programs) {
    putProgram(all.subarray(at, at + BLOCK.BYTES), program);
    at = all.writeBigUInt64LE(BigInt(codeOf(program)), at + BLOCK.BYTES);
    for (const value of [program.words.length, program.steps, Number(program.branches), 0]) {
      at = all.writeUInt32LE(value, at);
    }
    for (const word of program.words) at = all.writeUInt32LE(word, at);
  }
  return all;
}

/** Bytes that `count` stores, described from `at` on, have changed. */
function memoryOf(answers: Buffer, at: number, count: number): ReadonlyMap<number, number> {
  if (count === 0) return NO_MEMORY;
  const memory = new Map<number, number>();
  for (let n = 0; n < count; n++) {
    const store = at + n * STORE_BYTES;
    const address = Number(answers.readBigUInt64LE(store));
    const bytes = answers.readUInt32LE(store + 8);
    for (let i = 0; i < bytes; i++) {
      const byte = answers[store + 16 + i]!;
      if (byte !== patternAt(address + i)) memory.set(address + i, byte);
    }
  }
  return memory;
}

function outcomesIn(answers: Buffer, programs: readonly Program[]): Judged[] {
  let at = 0;
  return programs.map(({ branches, counted }) => {
    const [failed, stores, inside] = [0, 4, 8].map((field) => answers.readUInt32LE(at + field));
    const registers = answers.subarray(at + HEADER_BYTES, at + HEADER_BYTES + BLOCK.BYTES);
    at += HEADER_BYTES + BLOCK.BYTES;
    if (failed !== 0) return { ...FAULT, retired: 0 };
    const memory = memoryOf(answers, at, stores!);
    at += stores! * STORE_BYTES;
    return { fault: false, registers, memory, retired: branches ? inside! : counted };
  });
}

/** Outcomes of programs, in their order. */
export function runInUnicorn(programs: readonly Program[]): Judged[] {
  const { stdout, stderr, status } = spawnSync(unicornPython!, [SCRIPT], {
    input: Buffer.concat([preamble(), requestsOf(programs)]),
    maxBuffer: BUFFER,
  });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr.toString()}`);
  return outcomesIn(stdout, programs);
}
