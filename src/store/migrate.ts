/**
 * Brings a database to this version's schema when the service starts: prisma/migrations in name order, recorded in
 * `_prisma_migrations` as Prisma Migrate records them, so that its command line and this runner agree.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Database from 'libsql';
import { StoreError } from './errors.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Prisma's own definition of its table. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}
interface Recorded {
  readonly name: string;
  readonly checksum: string;
  readonly finishedAt: string | null;
  readonly logs: string | null;
}

/**
 * Apply what is missing; returns the names applied. Throws `StoreError` and changes nothing when an applied migration
 * was edited, an earlier one failed, or the database is newer than this version. A migration that fails is rolled
 * back whole and recorded with its error, as Prisma does.
 */
export function migrate(database: Database.Database, directory: string = MIGRATIONS): readonly string[] {
  database.exec(TABLE);
  const migrations = readMigrations(directory);
  check(migrations, readRecorded(database));
  return migrations.filter((migration) => apply(database, migration)).map(({ name }) => name);
}

function readMigrations(directory: string): readonly Migration[] {
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

function readRecorded(database: Database.Database): readonly Recorded[] {
  return database
    .prepare(
      `SELECT "migration_name" AS "name", "checksum", "finished_at" AS "finishedAt", "logs"
       FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL`,
    )
    .all() as Recorded[];
}

function check(migrations: readonly Migration[], recorded: readonly Recorded[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of recorded) {
    const file = known.get(row.name);
    if (row.finishedAt === null) {
      throw new StoreError(
        'migration-failed',
        `migration ${row.name} failed before (${row.logs ?? 'no log'}); restore a backup, or repair the database and ` +
          `run "prisma migrate resolve --rolled-back ${row.name}"`,
      );
    }
    if (!file) {
      throw new StoreError(
        'database-newer',
        `the database has migration ${row.name}, which this version does not know; run the version that made it`,
      );
    }
    if (file.checksum !== row.checksum) {
      throw new StoreError(
        'migration-edited',
        `migration ${row.name} was edited after it was applied; restore the file and put the change into a new migration`,
      );
    }
  }
}

/** Apply one migration unless it is recorded; the write lock makes other starters wait, then see it recorded. */
function apply(database: Database.Database, migration: Migration): boolean {
  // Rebuilding a table drops it, and its children's rows with it while foreign keys are on. No effect inside BEGIN.
  database.exec('PRAGMA foreign_keys = OFF');
  try {
    database.exec('BEGIN IMMEDIATE');
    if (readRecorded(database).some(({ name }) => name === migration.name)) {
      database.exec('ROLLBACK');
      return false;
    }
    const id = record(database, migration);
    database.exec(migration.sql);
    if (database.prepare('PRAGMA foreign_key_check').all().length > 0) {
      throw new Error('rows are left that refer to nothing (PRAGMA foreign_key_check)');
    }
    database
      .prepare(`UPDATE "_prisma_migrations" SET "finished_at" = ?, "applied_steps_count" = 1 WHERE "id" = ?`)
      .run(now(), id);
    database.exec('COMMIT');
    return true;
  } catch (cause) {
    if (database.inTransaction) database.exec('ROLLBACK');
    const reason = cause instanceof Error ? cause.message : String(cause);
    const id = record(database, migration);
    database.prepare(`UPDATE "_prisma_migrations" SET "logs" = ? WHERE "id" = ?`).run(reason, id);
    throw new StoreError(
      'migration-failed',
      `migration ${migration.name} failed and was rolled back: ${reason}`,
      {
        cause,
      },
    );
  } finally {
    database.exec('PRAGMA foreign_keys = ON');
  }
}

/** One row per attempt, unfinished. */
function record(database: Database.Database, migration: Migration): string {
  const id = randomUUID();
  database
    .prepare(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "applied_steps_count")
       VALUES (?, ?, ?, ?, 0)`,
    )
    .run(id, migration.checksum, migration.name, now());
  return id;
}

/** Prisma writes times with an offset, not with Z. */
function now(): string {
  return new Date().toISOString().replace('Z', '+00:00');
}
