/** QEMU's verdict on a program: which tests say something about a machine. Kept beside the ELF file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawned } from '../tools.ts';
import type { Outcome } from './outcome.ts';

const TIMEOUT_MS = 60_000;
const ARGUMENTS: readonly string[] = [
  ...['-M', 'virt', '-cpu', 'neoverse-n1', '-m', '128'],
  ...['-display', 'none', '-monitor', 'none', '-serial', 'none', '-parallel', 'none', '-net', 'none'],
  ...['-chardev', 'stdio,id=console', '-semihosting-config', 'enable=on,target=native,chardev=console'],
];

export async function runInQemu(elf: string): Promise<Outcome> {
  const kept = `${elf}.qemu`;
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as Outcome;
  const { code, text, errors } = await spawned(
    'qemu-system-aarch64',
    [...ARGUMENTS, '-kernel', elf],
    TIMEOUT_MS,
  );
  const outcome: Outcome =
    code === null ? { status: null, text, end: 'out of time' } : { status: code, text: text + errors };
  writeFileSync(kept, JSON.stringify(outcome));
  return outcome;
}
