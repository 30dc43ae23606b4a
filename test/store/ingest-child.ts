/** Appends events until it is killed, and prints the last sequence of each batch that the store has acknowledged. */
import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/store.ts';
import { event, rowsFrom, session } from './history-contract.ts';

const BATCH = 50;
const store = await openStore({ url: process.argv[2] ?? '' });
await store.history.openSession(session('ses_1'));
for (let sequence = 0; ; sequence += BATCH) {
  await store.history.append(...rowsFrom(Array.from({ length: BATCH }, (_, i) => event(sequence + i + 1))));
  writeSync(1, `${sequence + BATCH}\n`);
}
