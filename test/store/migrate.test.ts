import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrationList, NO_FILTER, prismaEngine, schemaFiles } from '../../scripts/prisma-engine.ts';
import { openConnection } from '../../src/store/connection.ts';
import { openDatabase } from '../../src/store/database.ts';
import { MIGRATIONS, migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';

let directory: string;
let migrations: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'guestdbg-migrate-'));
  migrations = join(directory, 'migrations');
  file = join(directory, 'test.db');
  cpSync(MIGRATIONS, migrations, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function addMigration(name: string, sql: string): void {
  mkdirSync(join(migrations, name));
  writeFileSync(join(migrations, name, 'migration.sql'), sql);
}
function withDatabase<T>(use: (database: Database.Database) => T): T {
  const database = openConnection(file);
  try {
    return use(database);
  } finally {
    database.close();
  }
}
const apply = (): readonly string[] => withDatabase((database) => migrate(database, migrations));
const all = (sql: string): unknown[] => withDatabase((database) => database.prepare(sql).all());
async function diagnose() {
  const engine = await prismaEngine(`file:${file}`);
  try {
    return await engine.diagnoseMigrationHistory({
      migrationsList: migrationList(migrations),
      optInToShadowDatabase: false,
      filters: NO_FILTER,
    });
  } finally {
    engine.free();
  }
}

describe('the runner', () => {
  it('applies what is missing, once, in order of name', () => {
    addMigration('20990101000000_b', 'INSERT INTO "Marks" VALUES (2);');
    addMigration('20980101000000_a', 'CREATE TABLE "Marks" ("n" INTEGER); INSERT INTO "Marks" VALUES (1);');
    expect(apply().slice(-2)).toEqual(['20980101000000_a', '20990101000000_b']);
    expect(apply()).toEqual([]);
    expect(all('SELECT "n" FROM "Marks"')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('records the SHA-256 of the file', () => {
    const sql = 'CREATE TABLE "Marks" ("n" INTEGER);';
    addMigration('20990101000000_marks', sql);
    apply();
    const rows = all(`SELECT checksum, applied_steps_count AS steps, finished_at IS NOT NULL AS done
                      FROM _prisma_migrations WHERE migration_name = '20990101000000_marks'`);
    expect(rows).toEqual([{ checksum: createHash('sha256').update(sql).digest('hex'), steps: 1, done: 1 }]);
  });

  it('refuses an edited migration, and changes nothing', () => {
    apply();
    const [first] = migrationList(migrations).migrationDirectories;
    appendFileSync(join(migrations, first?.path ?? '', 'migration.sql'), '\n-- edited');
    addMigration('20990101000000_next', 'CREATE TABLE "Next" ("n" INTEGER);');
    expect(apply).toThrow(expect.objectContaining({ code: 'migration-edited' }));
    expect(all(`SELECT name FROM sqlite_master WHERE name = 'Next'`)).toEqual([]);
  });

  it('rolls a failing migration back whole, records why, and refuses to go on', () => {
    addMigration(
      '20990101000000_bad',
      'CREATE TABLE "Half" ("n" INTEGER); INSERT INTO "Nowhere" VALUES (1);',
    );
    expect(apply).toThrow(/20990101000000_bad failed and was rolled back: .*no such table: Nowhere/);
    expect(all(`SELECT name FROM sqlite_master WHERE name = 'Half'`)).toEqual([]);
    expect(apply).toThrow(expect.objectContaining({ code: 'migration-failed' }));
    expect(apply).toThrow(/failed before .*Nowhere.*prisma migrate resolve --rolled-back/);
    // What `prisma migrate resolve --rolled-back` does:
    withDatabase((database) =>
      database.exec(
        `UPDATE _prisma_migrations SET rolled_back_at = current_timestamp WHERE finished_at IS NULL`,
      ),
    );
    writeFileSync(
      join(migrations, '20990101000000_bad', 'migration.sql'),
      'CREATE TABLE "Half" ("n" INTEGER);',
    );
    expect(apply()).toEqual(['20990101000000_bad']);
  });

  it('refuses a database from a newer version', () => {
    addMigration('20990101000000_newer', 'CREATE TABLE "Newer" ("n" INTEGER);');
    apply();
    rmSync(join(migrations, '20990101000000_newer'), { recursive: true });
    expect(apply).toThrow(expect.objectContaining({ code: 'database-newer' }));
  });

  it('keeps the children of a table that is rebuilt', () => {
    addMigration(
      '20980101000000_family',
      `CREATE TABLE "Parent" ("id" INTEGER PRIMARY KEY);
       CREATE TABLE "Child" ("parent" INTEGER REFERENCES "Parent" ("id") ON DELETE CASCADE);
       INSERT INTO "Parent" VALUES (1); INSERT INTO "Child" VALUES (1), (1), (1);`,
    );
    apply();
    addMigration(
      '20990101000000_rebuild',
      `CREATE TABLE "new_Parent" ("id" INTEGER PRIMARY KEY, "name" TEXT); INSERT INTO "new_Parent" ("id") SELECT "id" FROM "Parent";
       DROP TABLE "Parent"; ALTER TABLE "new_Parent" RENAME TO "Parent";`,
    );
    apply();
    expect(all('SELECT count(*) AS n FROM "Child"')).toEqual([{ n: 3 }]);
    withDatabase((database) => {
      migrate(database, migrations);
      expect(database.prepare('PRAGMA foreign_keys').all()).toEqual([{ foreign_keys: 1 }]);
    });
  });

  it('refuses a migration that leaves rows referring to nothing', () => {
    addMigration(
      '20990101000000_orphan',
      `CREATE TABLE "Parent" ("id" INTEGER PRIMARY KEY);
       CREATE TABLE "Child" ("parent" INTEGER REFERENCES "Parent" ("id")); INSERT INTO "Child" VALUES (7);`,
    );
    expect(apply).toThrow(/refer to nothing/);
  });
});

describe("Prisma's own engine", () => {
  const CLEAN = {
    history: null,
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
  };

  it('finds the history that the runner left in order', async () => {
    apply();
    expect(await diagnose()).toMatchObject(CLEAN);
  });

  it('sees the same edit, failure and gap as the runner', async () => {
    apply();
    const first = migrationList(migrations).migrationDirectories[0]?.path ?? '';
    appendFileSync(join(migrations, first, 'migration.sql'), '\n-- edited');
    expect((await diagnose()).editedMigrationNames).toEqual([first]);
    cpSync(join(MIGRATIONS, first), join(migrations, first), { recursive: true });
    addMigration('20990101000000_bad', 'INSERT INTO "Nowhere" VALUES (1);');
    expect((await diagnose()).history).toMatchObject({ diagnostic: 'databaseIsBehind' });
    expect(apply).toThrow();
    expect((await diagnose()).failedMigrationNames).toEqual(['20990101000000_bad']);
  });

  it('applies the migrations to a fresh database as the runner does', async () => {
    const engine = await prismaEngine(`file:${file}`);
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrationList(migrations),
      filters: NO_FILTER,
    });
    engine.free();
    expect(appliedMigrationNames.length).toBeGreaterThan(0);
    expect(apply()).toEqual([]);
  });

  it('finds no difference between prisma/schema.prisma and prisma/migrations', async () => {
    const engine = await prismaEngine('file::memory:');
    const difference = await engine.diff({
      from: { tag: 'migrations', ...migrationList(migrations) },
      to: { tag: 'schemaDatamodel', ...schemaFiles() },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    });
    engine.free();
    expect(difference).toMatchObject({ exitCode: 0 });
  });
});

describe('opening a database', () => {
  it('makes the file, and opens again with what was stored', async () => {
    const url = `file:${join(directory, 'x.db')}`;
    await (await openStore({ url })).close();
    const again = await openStore({ url });
    expect(await again.healthy()).toBe(true);
    await again.close();
    expect(await again.healthy()).toBe(false);
  });

  it.each([
    ['junk.db', /junk\.db cannot be the database: it is a file of another kind/],
    ['', /cannot be the database: it is a directory/],
    ['deep/down/x.db', /x\.db cannot be the database: the directory .*down does not exist; make it first/],
    ['junk.db/x.db', /x\.db cannot be the database: .*junk\.db is no directory/],
  ])('is refused at %j, with a sentence', async (name, sentence) => {
    const junk = 'not a database, and long enough to be taken for one. '.repeat(100);
    writeFileSync(join(directory, 'junk.db'), junk);
    await expect(openDatabase(join(directory, name))).rejects.toMatchObject({
      name: 'StoreError',
      code: 'database-unusable',
      message: expect.stringMatching(sentence),
    });
    expect(readFileSync(join(directory, 'junk.db'), 'utf8')).toBe(junk);
  });

  // Nobody, not even root, makes files there.
  it.skipIf(!existsSync('/proc/self'))('is refused where no file can be made, at once', async () => {
    for (const path of ['/proc/guestdbg.db', '/proc/x/y.db']) {
      await expect(openDatabase(path)).rejects.toMatchObject({
        code: 'database-unusable',
        message: expect.stringContaining(`${path} cannot be the database: `),
      });
    }
  });

  it('is refused while another service has it, and works when that one has closed', async () => {
    const first = await openDatabase(file);
    await expect(openDatabase(file)).rejects.toMatchObject({ code: 'database-in-use' });
    await first.close();
    await (await openDatabase(file)).close();
  });
});
