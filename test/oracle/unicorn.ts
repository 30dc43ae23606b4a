/** Unicorn as a judge: programs in, outcomes out. */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  CODE_PATTERN,
  DATA_PATTERN,
  FAULT,
  MEMORY,
  type Outcome,
  patternAt,
  type Program,
} from './program.ts';

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

interface Answer {
  readonly fault: string | null;
  readonly pc: string;
  readonly nzcv: number;
  readonly fpsr: number;
  readonly x: Readonly<Record<string, string>>;
  readonly v: Readonly<Record<string, string>>;
  readonly stores: Readonly<Record<string, string>>;
}

const registers = (values: Readonly<Record<string, string>>): Map<number, bigint> =>
  new Map(Object.entries(values).map(([n, value]) => [Number(n), BigInt(`0x${value}`)]));

function outcomeOf(answer: Answer): Outcome {
  if (answer.fault !== null) {
    return FAULT;
  }
  const memory = new Map<number, number>();
  for (const [start, bytes] of Object.entries(answer.stores)) {
    for (const [i, byte] of Buffer.from(bytes, 'hex').entries()) {
      const address = Number.parseInt(start, 16) + i;
      if (byte !== patternAt(address)) memory.set(address, byte);
    }
  }
  const { x, v, pc, nzcv, fpsr } = answer;
  return { fault: false, pc: BigInt(`0x${pc}`), nzcv, fpsr, x: registers(x), v: registers(v), memory };
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Outcomes of programs, in their order. */
export function runInUnicorn(programs: readonly Program[]): Outcome[] {
  const hex = (values: readonly bigint[]): string[] => values.map((value) => value.toString(16));
  const lines = [
    { ...MEMORY, codePattern: hexOf(CODE_PATTERN), dataPattern: hexOf(DATA_PATTERN) },
    ...programs.map((program) => ({ ...program, x: hex(program.x), v: hex(program.v) })),
  ];
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const { stdout, stderr, status } = spawnSync(unicornPython!, [SCRIPT], {
    input,
    maxBuffer: BUFFER,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => outcomeOf(JSON.parse(line) as Answer));
}
