import { defineConfig } from 'prisma/config';

// generate, validate and format never start the schema engine, but the Prisma CLI insists that one exists and would
// download it. Any existing file satisfies the check, so these work without network; every other command is untouched.
if (process.argv.slice(2).some((word) => ['generate', 'validate', 'format'].includes(word))) {
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:./guestdbg.db' },
});
