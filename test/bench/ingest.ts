/** `npx tsx test/bench/ingest.ts`: how many exits a second go into the store, by size of batch. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TimelineEvent } from '../../src/session/types.ts';
import { openStore } from '../../src/store/store.ts';

const ROWS = 100_000;
const at = new Date();
const body = JSON.stringify({
  reason: 'KVM_EXIT_DEBUG',
  debug: { hsr: '0xd2000062', hsrHigh: '0x00000000', far: '0x0000000040100000', flags: 0 },
  explanation: {
    text: 'watchpoint 0 matched an 8-byte store to 0x0000000040100000',
    instructionCount: 123456,
  },
});
const scope = { session: 'ses_01jabcdefghjkmnpqrstvwxyz', vm: 'vm_01jabcdefghjkmnpqrstvwxyz' };

function exit(sequence: number): TimelineEvent {
  const watched = sequence % 3 === 0;
  return {
    ...scope,
    sequence,
    kind: 'exit',
    run: `run_01jabcdefghjkmnpqrstvwx${Math.floor(sequence / 10_000)}`,
    vcpu: 0,
    at,
    exitReason: 'KVM_EXIT_DEBUG',
    cause: watched ? 'watchpoint' : 'step',
    slot: watched ? sequence % 4 : null,
    pc: BigInt(0x4000_0000 + (sequence % 50) * 4),
    body,
  };
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'guestdbg-ingest-'));
  const store = await openStore({ url: join(directory, 'ingest.db') });
  let sequence = 0;
  for (const batch of [100, 1000, 5000]) {
    const started = performance.now();
    const before = process.cpuUsage();
    for (let row = 0; row < ROWS; row += batch) {
      await store.history.append(Array.from({ length: batch }, () => exit(++sequence)));
    }
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    const perSecond = Math.round(ROWS / seconds);
    const perCpuSecond = Math.round(ROWS / ((user + system) / 1e6));
    process.stdout.write(
      `batches of ${batch}: ${perSecond} exits/s (${perCpuSecond} per CPU second), bodies of ${body.length} bytes\n`,
    );
  }
  await store.close();
  rmSync(directory, { recursive: true });
}

await main();
