/** An open database: locked, migrated, with Prisma's client over its one connection. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'libsql';
import { PrismaClient } from '../generated/prisma/client.ts';
import { OpenSqliteAdapter } from './adapter.ts';
import { databasePath, openConnection } from './connection.ts';
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
 * Open the database at a `file:` URL, a path or `:memory:`, making it and its directory when they are missing, and
 * bring it to this version's schema. Throws `StoreError`.
 */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  const path = databasePath(url);
  const unlock = path === ':memory:' ? () => undefined : lockFile(path);
  let connection: Database.Database | undefined;
  try {
    connection = openConnection(path);
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

function lockFile(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  return lockDatabase(path);
}

/** The last time formatted: a batch of events has few different ones. */
let last = { ms: Number.NaN, text: '' };

/** How Prisma writes a time into SQLite; raw statements have to match. */
export function sqlTime(time: Date): string {
  const ms = time.valueOf();
  if (ms !== last.ms) last = { ms, text: time.toISOString().replace('Z', '+00:00') };
  return last.text;
}
