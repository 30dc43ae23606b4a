import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/store.ts';

/** Sequences that the child saw acknowledged before it was killed, without a chance to clean up, mid-ingest. */
async function ingestUntilKilled(url: string, batches: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/store/ingest-child.ts', url], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > batches) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.on('close', (_code, how) => resolve(how)));
  expect(signal, errors).toBe('SIGKILL');
  const lines = output.split('\n');
  return Number(lines.at(-2)); // The last line that is whole.
}

it('kill -9 in the middle of ingest loses no acknowledged event, and leaves whole batches', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'guestdbg-crash-'));
  try {
    const url = `file:${join(directory, 'x.db')}`;
    const acknowledged = await ingestUntilKilled(url, 40);
    expect(acknowledged).toBeGreaterThanOrEqual(2000);
    const store = await openStore({ url });
    const events = await store.history.events({ after: 0, limit: 1_000_000 });
    const sequences = events.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, i) => i + 1));
    expect(sequences.length).toBeGreaterThanOrEqual(acknowledged);
    expect(sequences.length % 50).toBe(0);
    expect(await store.history.lastSequence()).toBe(sequences.length);
    expect(await store.history.session('ses_1')).toMatchObject({ state: 'open', exits: sequences.length });
    expect(await store.history.recover(new Date())).toEqual({ sessions: 1, runs: 0 });
    await store.close();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 30_000);
