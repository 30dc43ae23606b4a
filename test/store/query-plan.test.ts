/** No query of the port reads a table from end to end, and pages of a session come from an index in order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Prisma, PrismaClient } from '../../src/generated/prisma/client.ts';
import type { EventQuery, HistoryPort } from '../../src/session/ports.ts';
import { OpenSqliteAdapter } from '../../src/store/adapter.ts';
import { openConnection } from '../../src/store/connection.ts';
import { eventStatement } from '../../src/store/event-query.ts';
import { openHistory } from '../../src/store/history.ts';
import { migrate } from '../../src/store/migrate.ts';
import { event, rowsFrom, run, session } from './history-contract.ts';

interface Logged {
  readonly sql: string;
  readonly values: readonly unknown[];
}
const logged: Logged[] = [];
let history: HistoryPort;
let prisma: PrismaClient;

beforeAll(async () => {
  const connection = openConnection(':memory:');
  migrate(connection);
  const client = new PrismaClient({
    adapter: new OpenSqliteAdapter(connection),
    log: [{ emit: 'event', level: 'query' }],
  });
  client.$on('query', ({ query, params }) =>
    logged.push({ sql: query, values: JSON.parse(params) as unknown[] }),
  );
  prisma = client;
  history = await openHistory(client);
});
afterAll(() => prisma.$disconnect());

async function plan(sql: string, values: readonly unknown[]): Promise<string[]> {
  const rows = await prisma.$queryRawUnsafe<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
  return rows.map(({ detail }) => detail);
}
/** `SCAN x`, except over what is no table of ours: subqueries, JSON parameters, constants. */
const scans = (details: readonly string[]): string[] =>
  details.filter(
    (line) =>
      /^SCAN (?!json_each|lost|more|gone|CONSTANT|\(subquery)/.test(line) &&
      !/^SCAN sqlite_sequence/.test(line),
  );

const WINDOW = { low: 5, high: 50 };
const SCOPES: readonly Partial<EventQuery>[] = [
  {},
  { session: 's' },
  { vm: 'v' },
  { run: 'r' },
  { session: 's', vm: 'v' },
];
const FILTERS: readonly Partial<EventQuery>[] = [
  {},
  { kinds: ['exit'] },
  { kinds: ['console', 'action', 'run-ended'] },
  { vcpu: 0 },
  { exitReason: 'KVM_EXIT_DEBUG' },
  { cause: 'step' },
  { slot: 1 },
  { pcFrom: 1n, pcTo: 1n },
  { pcFrom: 1n },
  { pcFrom: 1n, pcTo: 9n, kinds: ['exit'] },
  { pcFrom: 1n, pcTo: 9n, cause: 'step' },
  { kinds: ['exit'], cause: 'step', slot: 1, vcpu: 0, exitReason: 'KVM_EXIT_DEBUG' },
];

describe('timeline queries', () => {
  const queries = SCOPES.flatMap((scope) =>
    FILTERS.flatMap((filter) =>
      (['ascending', 'descending'] as const).map(
        (order): EventQuery => ({ after: 5, limit: 100, order, ...scope, ...filter }),
      ),
    ),
  );

  it('search an index in order of sequence: no scan, no sort', async () => {
    expect(queries.length).toBe(120);
    for (const query of queries) {
      const statement = eventStatement(query, WINDOW);
      const details = await plan(statement.sql, statement.values);
      expect(details, statement.sql).toHaveLength(1);
      expect(details[0], statement.sql).toMatch(
        /^SEARCH Event USING .*(rowid>\? AND rowid<\?|sequence>\? AND sequence<\?)\)$/,
      );
    }
  });

  it.each([
    [{}, 'INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
    [{ session: 's', cause: 'step' }, 'INDEX Event_session_sequence_'],
    [{ session: 's', vm: 'v', slot: 3 }, 'INDEX Event_session_sequence_'],
    [{ vm: 'v', kinds: ['exit'] }, 'INDEX Event_vm_idx (vm=? AND rowid>? AND rowid<?)'],
    [{ run: 'r', session: 's', vm: 'v' }, 'INDEX Event_run_idx (run=? AND rowid>? AND rowid<?)'],
  ] as const)('%o uses %s', async (filter, expected) => {
    const statement = eventStatement({ after: 5, limit: 100, ...(filter as Partial<EventQuery>) }, WINDOW);
    expect((await plan(statement.sql, statement.values))[0]).toContain(`SEARCH Event USING ${expected}`);
  });
});

it('no statement of any method scans a table', async () => {
  logged.length = 0;
  await history.openSession(session('ses_1'));
  await history.append(...rowsFrom([event(1), event(2)]), {
    runs: [run('run_1')],
    endedSessions: [{ id: 'ses_1', at: new Date(0), reason: 'replaced' }],
  });
  await history.lastSequence();
  await history.updateSession('ses_1', { name: 'x' });
  await history.session('ses_1');
  await history.run('run_1');
  for (const scope of [{}, { session: 'ses_1' }, { vm: 'vm_1' }]) await history.oldestSequence(scope);
  for (const vm of [{}, { vm: 'vm_1' }]) {
    for (const after of [{}, { after: 'a' }]) {
      await history.runs({ limit: 5, ...vm, ...after });
      for (const state of [{}, { state: 'open' as const }])
        await history.sessions({ limit: 5, ...vm, ...after, ...state });
    }
  }
  await history.runs({ limit: 5, session: 'ses_1' });
  await history.events({ after: 0, limit: 5, slot: 15 });
  await history.recover(new Date(0));
  await history.trim(1);
  const statements = logged.filter(({ sql }) => /^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql));
  expect(statements.length).toBeGreaterThan(25);
  for (const { sql, values } of statements) {
    const details = await plan(sql, values);
    // Without a condition, one page walks an index in order and stops at its limit.
    const page = details.length === 1 && / WHERE 1=1 ORDER BY .* LIMIT /.test(sql);
    if (!page) expect(scans(details), sql).toEqual([]);
  }
});

it('the statement builder binds every value', () => {
  const hostile = `x' OR 1=1 --`;
  const statement = eventStatement({ after: 0, limit: 1, session: hostile, cause: hostile }, WINDOW);
  expect(statement.sql).not.toContain(hostile);
  expect(statement).toBeInstanceOf(Prisma.empty.constructor);
});
