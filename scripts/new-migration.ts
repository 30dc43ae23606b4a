/**
 * `npm run migration -- what_changes`: writes prisma/migrations/<time>_<what_changes>/migration.sql with the step from
 * the committed migrations to prisma/schema.prisma. Works without network, unlike `prisma migrate dev`; the result is the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { migrationList, NO_FILTER, prismaEngine, schemaFiles } from './prisma-engine.ts';

const MIGRATIONS = 'prisma/migrations';

const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('usage: npm run migration -- what_changes   (lower case, digits, underscores)');
  process.exit(2);
}
const engine = await prismaEngine('file::memory:');
const step = await engine.diff({
  from: { tag: 'migrations', ...migrationList(MIGRATIONS) },
  to: { tag: 'schemaDatamodel', ...schemaFiles() },
  script: true,
  exitCode: true,
  filters: NO_FILTER,
});
if (step.exitCode === 0 || step.stdout === null) {
  console.log('prisma/schema.prisma and prisma/migrations agree: nothing to do');
} else {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const directory = `${MIGRATIONS}/${time}_${name}`;
  mkdirSync(directory);
  writeFileSync(`${directory}/migration.sql`, step.stdout);
  console.log(`wrote ${directory}/migration.sql; read it, then run npm test -- test/store`);
}
