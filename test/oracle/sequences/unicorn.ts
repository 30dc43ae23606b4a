/** Programs in Unicorn, from beginning to end. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bytesOf } from '../../engine/machine-fixture.ts';
import { unicornPython } from '../unicorn.ts';
import type { Initial } from './initial.ts';
import type { Final } from './machine.ts';
import { assembleSequence, PAGE, type Sequence, SPACE } from './sequence.ts';

const SCRIPT = fileURLToPath(new URL('../unicorn_sequences.py', import.meta.url));
const BUFFER = 1 << 30;
const STATE_BYTES = 800;
const V_AT = 256;
const REST_AT = 768;

export interface Job {
  readonly sequence: Sequence;
  readonly initial: Initial;
  /** Instructions to execute. */
  readonly count: number;
}
interface Answer {
  readonly fault: string | null;
  readonly state: string;
  readonly data: readonly string[];
}

function request({ sequence, initial, count }: Job): string {
  const state = Buffer.alloc(STATE_BYTES);
  for (const [n, value] of initial.x.entries()) state.writeBigUInt64LE(value, 8 * n);
  for (const [n, value] of initial.v.entries()) {
    state.writeBigUInt64LE(BigInt.asUintN(64, value), V_AT + 16 * n);
    state.writeBigUInt64LE(value >> 64n, V_AT + 16 * n + 8);
  }
  for (const [n, value] of [initial.nzcv * 2 ** 28, initial.fpcr, initial.fpsr].entries())
    state.writeUInt32LE(value, REST_AT + 8 * n);
  const code = Buffer.concat([Buffer.alloc(sequence.start), bytesOf(assembleSequence(sequence))]);
  return JSON.stringify({
    pc: initial.pc,
    count,
    code: code.toString('hex'),
    data: Buffer.from(initial.data).toString('base64'),
    state: state.toString('hex'),
  });
}

function finalOf({ fault, state, data }: Answer): Final | string {
  if (fault !== null) return fault;
  const bytes = Buffer.from(state, 'hex');
  return {
    x: Array.from({ length: 32 }, (_, n) => bytes.readBigUInt64LE(8 * n)),
    v: Array.from(
      { length: 32 },
      (_, n) => (bytes.readBigUInt64LE(V_AT + 16 * n + 8) << 64n) | bytes.readBigUInt64LE(V_AT + 16 * n),
    ),
    nzcv: bytes.readUInt32LE(REST_AT) >>> 28,
    fpcr: bytes.readUInt32LE(REST_AT + 8),
    fpsr: bytes.readUInt32LE(REST_AT + 16),
    pc: bytes.readBigUInt64LE(REST_AT + 24),
    data,
  };
}

/** Where programs are after so many instructions; a string where Unicorn says that one faults. */
export function runSequencesInUnicorn(jobs: readonly Job[]): (Final | string)[] {
  const layout = {
    code: SPACE.code,
    codeSize: SPACE.codePages * PAGE,
    data: SPACE.data,
    dataSize: SPACE.dataPages * PAGE,
  };
  const input = [JSON.stringify(layout), ...jobs.map(request)].map((line) => `${line}\n`).join('');
  const { stdout, stderr, status } = spawnSync(unicornPython!, [SCRIPT], {
    input,
    maxBuffer: BUFFER,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => finalOf(JSON.parse(line) as Answer));
}
