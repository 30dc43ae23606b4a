import { describe } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { historyContract } from './history-contract.ts';

describe('SQLite history', () => {
  historyContract(() => openStore({ url: ':memory:' }));
});
