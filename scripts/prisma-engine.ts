/** Prisma's own migration engine (its WebAssembly build, which needs no download): makes migrations, judges our runner. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type {
  MigrationList,
  SchemaEngine,
  SchemaFilter,
  SchemasContainer,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { SqliteAdapter } from '../src/store/adapter.ts';

export const NO_FILTER: SchemaFilter = { externalTables: [], externalEnums: [] };
const SCHEMA = 'prisma/schema.prisma';

let started = false;

/** The engine on the database at `url`. Free it when done. */
export async function prismaEngine(url: string): Promise<SchemaEngine> {
  if (!started) {
    const require = createRequire(import.meta.url);
    const directory = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
    const module = new WebAssembly.Module(readFileSync(join(directory, 'schema_engine_bg.wasm')));
    const { exports } = new WebAssembly.Instance(module, {
      './schema_engine_bg.js': { ...glue },
    });
    glue.__wbg_set_wasm(exports);
    (exports as { __wbindgen_start: () => void }).__wbindgen_start();
    started = true;
  }
  const adapter = bindMigrationAwareSqlAdapterFactory(new SqliteAdapter({ url }));
  return glue.SchemaEngine.new(
    { datamodels: [[SCHEMA, readFileSync(SCHEMA, 'utf8')]] },
    () => undefined,
    adapter,
  );
}

export function schemaFiles(): SchemasContainer {
  return { files: [{ path: SCHEMA, content: readFileSync(SCHEMA, 'utf8') }] };
}

/** A migrations directory in the form that the engine takes. */
export function migrationList(directory: string): MigrationList {
  const lockfile = join(directory, 'migration_lock.toml');
  return {
    baseDir: resolve(directory),
    lockfile: {
      path: './migration_lock.toml',
      content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
      .map((name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(join(directory, name, 'migration.sql'), 'utf8') },
        },
      })),
  };
}
