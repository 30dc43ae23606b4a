/** What a program did: registers as one block of bytes, and the bytes of memory that are not as before. */
import type { Program } from './program.ts';

/** The block: X0..X30 and SP, V0..V31, then NZCV in bits 31..28, FPCR, FPSR, PC, 8 bytes each; little-endian. */
export const BLOCK = { X: 0, V: 256, NZCV: 768, FPCR: 776, FPSR: 784, PC: 792, BYTES: 800 } as const;

export interface Outcome {
  /** The program left at its last instruction: the rest says nothing then. */
  readonly fault: boolean;
  readonly registers: Uint8Array;
  /** Bytes by address where they are not the pattern's any more. */
  readonly memory: ReadonlyMap<number, number>;
}

export const NO_MEMORY: ReadonlyMap<number, number> = new Map();
export const FAULT: Outcome = { fault: true, registers: new Uint8Array(0), memory: NO_MEMORY };

/** The block of what a program starts with. */
export function putProgram(block: Uint8Array, { x, v, nzcv, fpcr, fpsr, pc }: Program): void {
  block.set(new Uint8Array(x.buffer), BLOCK.X);
  block.set(new Uint8Array(v.buffer), BLOCK.V);
  putControls(block, { nzcv, fpcr, fpsr, pc: BigInt(pc) });
}
export interface Controls {
  readonly nzcv: number;
  readonly fpcr: number;
  readonly fpsr: number;
  readonly pc: bigint;
}
export function putControls(block: Uint8Array, { nzcv, fpcr, fpsr, pc }: Controls): void {
  const view = new DataView(block.buffer, block.byteOffset);
  view.setUint32(BLOCK.NZCV, nzcv * 2 ** 28, true);
  view.setUint32(BLOCK.FPCR, fpcr, true);
  view.setUint32(BLOCK.FPSR, fpsr, true);
  view.setBigUint64(BLOCK.PC, pc, true);
}

function sameMemory(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  if (a.size !== b.size) return false;
  for (const [address, byte] of a) if (b.get(address) !== byte) return false;
  return true;
}
export function sameOutcome(a: Outcome, b: Outcome): boolean {
  if (a.fault || b.fault) return a.fault === b.fault;
  return Buffer.compare(a.registers, b.registers) === 0 && sameMemory(a.memory, b.memory);
}

/**
 * An outcome as one line: only what changed, and FPSR and FPCR unless they are 0 and as before. Equal lines, equal outcomes.
 */
export function formatOutcome({ x, v, fpcr }: Program, { fault, registers, memory }: Outcome): string {
  if (fault) return 'fault';
  const view = new DataView(registers.buffer, registers.byteOffset, BLOCK.BYTES);
  const parts = [
    `pc=${view.getBigUint64(BLOCK.PC, true).toString(16)}`,
    `nzcv=${(view.getUint32(BLOCK.NZCV, true) >>> 28).toString(2).padStart(4, '0')}`,
  ];
  const fpsr = view.getUint32(BLOCK.FPSR, true);
  if (fpsr !== 0) parts.push(`fpsr=${fpsr.toString(16)}`);
  const control = view.getUint32(BLOCK.FPCR, true);
  if (control !== fpcr) parts.push(`fpcr=${control.toString(16)}`);
  for (const [n, before] of x.entries()) {
    const value = view.getBigUint64(BLOCK.X + 8 * n, true);
    if (value !== before) parts.push(`${n === 31 ? 'sp' : `x${n}`}=${value.toString(16)}`);
  }
  for (let n = 0; n < 32; n++) {
    const [low, high] = [0, 8].map((half) => view.getBigUint64(BLOCK.V + 16 * n + half, true)) as [
      bigint,
      bigint,
    ];
    if (low !== v[2 * n] || high !== v[2 * n + 1]) parts.push(`v${n}=${((high << 64n) | low).toString(16)}`);
  }
  return [...parts, ...runsOf(memory)].join(' ');
}

/** Neighbouring bytes together: `[400020010]=0a1b`. */
function runsOf(memory: ReadonlyMap<number, number>): string[] {
  const runs: { start: number; bytes: number[] }[] = [];
  for (const [address, byte] of [...memory].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last.start + last.bytes.length === address) last.bytes.push(byte);
    else runs.push({ start: address, bytes: [byte] });
  }
  return runs.map(({ start, bytes }) => `[${start.toString(16)}]=${Buffer.from(bytes).toString('hex')}`);
}
