/** `npx tsx test/bench/ingest.ts`: how many exits a second go into the store, by size of batch. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventDraft, type EventRows, rowsOf } from '../../src/session/event-rows.ts';
import { openStore } from '../../src/store/store.ts';

const ROWS = 100_000;
/** What the engine threads write of a single step. */
const BODY = `{"step":{"hsr":3405774882,"flags":1,"pstate":965,"instruction":2432697344,"symbol":"_start+0x4","instructionCount":123456,"virtualTimeNs":1975296}}`;
const SCOPE = { session: 'ses_01m81wq07600w914gg41', vm: 'vm_01m81wpzqs00eewe45rx' };

function exits(first: number, count: number): EventRows {
  const drafts = Array.from({ length: count }, (_, index): EventDraft => {
    const sequence = first + index;
    const watched = sequence % 3 === 0;
    return {
      ...SCOPE,
      kind: 'exit',
      run: `run_01m81wq5kb00qkr${Math.floor(sequence / 10_000)}`,
      vcpu: 0,
      at: new Date(),
      exitReason: 'KVM_EXIT_DEBUG',
      cause: watched ? 'watchpoint' : 'software-step',
      slot: watched ? sequence % 4 : null,
      pc: BigInt(0x4000_0000 + (sequence % 50) * 4),
      body: BODY,
    };
  });
  return rowsOf(drafts as [EventDraft, ...EventDraft[]]);
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'guestdbg-ingest-'));
  const store = await openStore({ url: join(directory, 'ingest.db') });
  let sequence = 0;
  for (const batch of [100, 1000, 5000]) {
    const started = performance.now();
    const before = process.cpuUsage();
    for (let row = 0; row < ROWS; row += batch) {
      await store.history.append(sequence + 1, [exits(sequence + 1, batch)]);
      sequence += batch;
    }
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    const perSecond = Math.round(ROWS / seconds);
    const perCpuSecond = Math.round(ROWS / ((user + system) / 1e6));
    process.stdout.write(
      `batches of ${batch}: ${perSecond} exits/s (${perCpuSecond} per CPU second), bodies of ${BODY.length} bytes\n`,
    );
  }
  await store.close();
  rmSync(directory, { recursive: true });
}

await main();
