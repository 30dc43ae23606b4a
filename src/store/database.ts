/** An open database: locked, migrated, with Prisma's client over its one connection. */
import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'libsql';
import { PrismaClient } from '../generated/prisma/client.ts';
import { OpenSqliteAdapter } from './adapter.ts';
import { databasePath, openConnection } from './connection.ts';
import { reasonOf, unusable } from './errors.ts';
import { lockDatabase } from './lock.ts';
import { migrate } from './migrate.ts';

/** The default five seconds would fail a write on a machine that is merely busy. */
const TRANSACTION_MS = 60_000;

export interface OpenDatabase {
  readonly prisma: PrismaClient;
  /** Path of the file, or `:memory:`. */
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Open the database at a `file:` URL, a path or `:memory:`, making the file when it is missing, and bring it to
 * this version's schema. Throws `StoreError`.
 */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  const path = databasePath(url);
  if (path !== ':memory:') requirePlace(path);
  const unlock = path === ':memory:' ? () => undefined : lockDatabase(path);
  let connection: Database.Database | undefined;
  try {
    connection = openWritable(path);
    migrate(connection);
    const prisma = new PrismaClient({
      adapter: new OpenSqliteAdapter(connection),
      transactionOptions: { maxWait: TRANSACTION_MS, timeout: TRANSACTION_MS },
    });
    await prisma.$connect();
    const close = async (): Promise<void> => {
      await prisma.$disconnect();
      unlock();
    };
    return { prisma, path, close };
  } catch (error) {
    connection?.close();
    unlock();
    throw error;
  }
}

/** A file can be there: what SQLite would say in numbers is said before it is asked. */
function requirePlace(path: string): void {
  const directory = dirname(path);
  if (stat(path)?.isDirectory() === true) {
    throw unusable(path, 'it is a directory; give the path of a file');
  }
  const place = stat(directory);
  if (place === undefined) {
    throw unusable(path, `the directory ${directory} does not exist; make it first, or give another path`);
  }
  if (!place.isDirectory()) throw unusable(path, `${directory} is no directory; give another path`);
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** The connection, of which SQLite has read the head and taken the write lock once. */
function openWritable(path: string): Database.Database {
  let connection: Database.Database | undefined;
  try {
    connection = openConnection(path);
    connection.exec('BEGIN IMMEDIATE');
    connection.exec('ROLLBACK');
    return connection;
  } catch (cause) {
    connection?.close();
    throw unusable(path, reasonOf(cause), { cause });
  }
}

/** The last time formatted: a batch of events has few different ones. */
let last = { ms: Number.NaN, text: '' };

/** How Prisma writes a time into SQLite; raw statements have to match. */
export function sqlTime(time: Date): string {
  const ms = time.valueOf();
  if (ms !== last.ms) last = { ms, text: time.toISOString().replace('Z', '+00:00') };
  return last.text;
}
