/** An open database: locked, migrated, with Prisma's client over its one connection. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'libsql';
import { PrismaClient } from '../generated/prisma/client.ts';
import { SqliteAdapter } from './adapter.ts';
import { databasePath, openConnection } from './connection.ts';
import { lockDatabase } from './lock.ts';
import { migrate } from './migrate.ts';

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
    const prisma = new PrismaClient({ adapter: new SqliteAdapter(path, connection) });
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

/** How Prisma writes a time into SQLite; raw statements have to match. */
export function sqlTime(time: Date): string {
  return time.toISOString().replace('Z', '+00:00');
}
