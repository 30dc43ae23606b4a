/** QEMU's verdict on a program: which tests say something about a machine. Kept beside the ELF file. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const TIMEOUT_MS = 60_000;
const MACHINE = ['-M', 'virt', '-cpu', 'neoverse-n1', '-m', '128', '-display', 'none', '-monitor', 'none'];

/** What the program sent to the UART before it switched the machine off; empty when it never did. */
export function qemuOutput(elf: string): string {
  const kept = `${elf}.qemu`;
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const run = spawnSync('qemu-system-aarch64', [...MACHINE, '-serial', 'stdio', '-kernel', elf], {
    encoding: 'utf8',
    input: '',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  const text = run.status === 0 ? run.stdout : '';
  writeFileSync(kept, text);
  return text;
}
