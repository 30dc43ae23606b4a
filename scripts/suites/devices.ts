/** Random guests that use the interrupt controller, timers, UART and clock: what they read here and in QEMU. */
import { join } from 'node:path';
import { firstDifference, qemuIsInstalled, shrinkOperations } from '../../test/oracle/devices/guest.ts';
import { formatOperation, randomOperations, startLength } from '../../test/oracle/devices/operations.ts';
import { xorshift } from '../../test/oracle/random.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';
import { cacheDirectory } from './tools.ts';

const PROGRAMS = 100;
const OPERATIONS = 300;
const ATTEMPTS = 150;
const SEEDS = 1_000_000_000;
/** Failing programs that are made small. */
const SHRUNK = 2;

const hex = (value: bigint | undefined): string =>
  value === undefined ? 'nothing' : `0x${value.toString(16)}`;

function run({ count = PROGRAMS, seed = Date.now() % SEEDS, progress }: SuiteOptions): SuiteResult {
  const result = { passed: 0, failed: 0, skipped: 0 };
  const file = join(cacheDirectory('devices'), 'guest.bin');
  for (let n = 0; n < count; n++) {
    progress.step('programs', n, count);
    const operations = randomOperations(xorshift(Math.imul(seed + n, 0x9e37_79b1)), OPERATIONS);
    const difference = firstDifference(operations, file);
    if (difference === undefined) {
      result.passed++;
      continue;
    }
    const { at, qemu, here } = difference;
    progress.line(
      `seed ${seed + n}: ${formatOperation(operations[at]!)}: QEMU ${hex(qemu)}, here ${hex(here)}`,
    );
    if (++result.failed > SHRUNK) continue;
    const small = shrinkOperations(operations.slice(0, at + 1), startLength, file, ATTEMPTS);
    progress.line(`  ${small.map(formatOperation).join('\n  ')}`);
  }
  progress.line(`${count} programs of ${OPERATIONS} operations, seed ${seed}`);
  return result;
}

export const DEVICES: Suite = {
  name: 'devices',
  quick: 20,
  summary: 'random use of GICv3, timers, UART and clock against QEMU (--count programs, --seed)',
  missing: () => (qemuIsInstalled ? undefined : 'no qemu-system-aarch64 (Debian package qemu-system-arm)'),
  run,
};
