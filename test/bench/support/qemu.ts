/** qemu-system-aarch64 on the same kernels, for comparison: CPU seconds of the whole process, start-up subtracted. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kernel, withIterations } from './kernels.ts';

/** First line of `--version`, or null when it is not installed. */
export function qemuVersion(): string | null {
  const run = spawnSync('qemu-system-aarch64', ['--version'], { encoding: 'utf8' });
  return run.status === 0 ? (run.stdout.split('\n')[0] ?? null) : null;
}

export interface QemuRun {
  readonly cpuSeconds: number;
  /** The guest's checksum folded into eight bits. */
  readonly checksum: number;
}

const MACHINE = [
  '-M',
  'virt',
  '-cpu',
  'cortex-a57',
  '-m',
  '128',
  '-display',
  'none',
  '-serial',
  'none',
  '-monitor',
  'none',
  '-semihosting',
];

export function runQemu(kernel: Kernel, iterations: number, extra: readonly string[] = []): QemuRun {
  const directory = mkdtempSync(join(tmpdir(), 'guestdbg-bench-'));
  try {
    const file = join(directory, 'kernel.elf');
    writeFileSync(file, withIterations(kernel, iterations));
    const command = ['qemu-system-aarch64', ...MACHINE, ...extra, '-kernel', file];
    const run = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time "$@"`, 'bash', ...command], {
      encoding: 'utf8',
    });
    const [user, system] = (run.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
    if (user === undefined || system === undefined || Number.isNaN(user + system))
      throw new Error(`QEMU: ${run.stderr}`);
    return { cpuSeconds: user + system, checksum: run.status ?? -1 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
