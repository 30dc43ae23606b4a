/**
 * One SQLite connection for the life of the service. Pragmas stay set, statements stay prepared, and nothing is
 * reopened after a transaction (the stock client opens a new connection then, and leaks the old one).
 */
import type { Client, InStatement, InValue, ResultSet, Transaction } from '@libsql/client';
import Database from 'libsql';
import { assert } from '../base/assert.ts';

const STATEMENT_CACHE = 200;
const BUSY_TIMEOUT_MS = 5000;
const CACHE_KIB = 32 * 1024;
/** 4 MB: a checkpoint writes to the disk and waits for it, with everything else waiting too. */
const CHECKPOINT_PAGES = 1000;

type Cell = ArrayBuffer | bigint | number | string | null;
interface Prepared {
  readonly statement: Database.Statement;
  readonly reader: boolean;
  readonly columns: readonly string[];
  readonly columnTypes: readonly string[];
}

/** Path of a `file:` URL, or of a plain path. `:memory:` stays as it is. */
export function databasePath(url: string): string {
  return url.replace(/^file:(\/\/)?/, '');
}

/** Open a database file, or `:memory:`, with the pragmas that the service relies on. */
export function openConnection(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  if (path !== ':memory:') {
    // With a write-ahead log, NORMAL keeps every committed row through a crash of the process.
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    // Ingest touches three indexes: room for their hot pages.
    database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  }
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec('PRAGMA foreign_keys = ON');
  return database;
}

/** The libSQL client interface, as far as Prisma's adapter uses it, over one open database. */
export class OneConnection implements Client {
  closed = false;
  readonly protocol = 'file';
  readonly #database: Database.Database;
  readonly #prepared = new Map<string, Prepared>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  async execute(query: InStatement | string): Promise<ResultSet> {
    return this.#run(query);
  }

  async executeMultiple(sql: string): Promise<void> {
    this.#prepared.clear();
    this.#database.exec(sql);
  }

  /** Always a write transaction: a reader that turns writer half-way would meet SQLITE_BUSY without a wait. */
  async transaction(): Promise<Transaction> {
    this.#database.exec('BEGIN IMMEDIATE');
    const undo = (): void => {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
    };
    return {
      closed: false,
      execute: async (query) => this.#run(query),
      batch: async (queries) => queries.map((query) => this.#run(query)),
      executeMultiple: async (sql) => {
        this.#database.exec(sql);
      },
      commit: async () => {
        try {
          this.#database.exec('COMMIT');
        } catch (error) {
          undo(); // A COMMIT that met SQLITE_BUSY leaves the transaction open.
          throw error;
        }
      },
      rollback: async () => undo(),
      close: undo,
    };
  }

  async batch(): Promise<ResultSet[]> {
    return unused('batch');
  }
  async migrate(): Promise<ResultSet[]> {
    return unused('migrate');
  }
  async sync(): Promise<undefined> {
    return unused('sync');
  }
  reconnect(): void {
    unused('reconnect');
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#prepared.clear();
    this.#database.close();
  }

  #run(query: InStatement | string): ResultSet {
    const sql = typeof query === 'string' ? query : query.sql;
    const values = typeof query === 'string' ? [] : (query.args ?? []);
    assert(Array.isArray(values), 'the Prisma adapter binds by position');
    const args = values.map(toSql);
    if (args.length === 0 && /;\s*\S/.test(sql)) {
      this.#database.exec(sql); // Several statements in one string: Prisma's migration engine sends these.
      return resultSet([], [], [], 0, undefined);
    }
    const { statement, reader, columns, columnTypes } = this.#prepare(sql);
    if (reader) {
      const rows = statement.all(args) as unknown[][];
      return resultSet(
        columns,
        columnTypes,
        rows.map((row) => row.map(toJs)),
        0,
        undefined,
      );
    }
    const info = statement.run(args);
    return resultSet([], [], [], Number(info.changes), BigInt(info.lastInsertRowid));
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    const { reader } = statement;
    statement.safeIntegers(true); // Without it, integers above 2^53 lose digits.
    if (reader) statement.raw(true);
    const described = reader ? statement.columns() : [];
    const prepared = {
      statement,
      reader,
      columns: described.map((column) => column.name),
      columnTypes: described.map((column) => column.type ?? ''),
    };
    if (this.#prepared.size >= STATEMENT_CACHE) {
      for (const oldest of this.#prepared.keys()) {
        this.#prepared.delete(oldest);
        break;
      }
    }
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

function toSql(value: InValue): unknown {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.valueOf();
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  return value;
}

function toJs(value: unknown): Cell {
  if (value instanceof Uint8Array) {
    return value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength) as ArrayBuffer;
  }
  return value as Cell;
}

/** The client's result type has rows that are arrays with named properties too; Prisma's adapter reads the arrays. */
function resultSet(
  columns: readonly string[],
  columnTypes: readonly string[],
  rows: readonly Cell[][],
  rowsAffected: number,
  lastInsertRowid: bigint | undefined,
): ResultSet {
  const result = { columns, columnTypes, rows, rowsAffected, lastInsertRowid };
  return { ...result, toJSON: () => result } as unknown as ResultSet;
}

function unused(method: string): never {
  throw new Error(`${method}: not used by the Prisma adapter`);
}
