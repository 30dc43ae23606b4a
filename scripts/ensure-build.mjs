// Builds when there is no build, or one that is older than its sources: `npm start` works in a fresh clone after
// `npm ci`, and after a pull. An installation without the compiler runs what it has.
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/main.js';
const COMPILER = 'node_modules/typescript';
const SOURCES = ['src', 'prisma', 'tsconfig.json', 'tsconfig.build.json'];

/** Milliseconds; of a directory: of its newest file. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  const inside = statSync(path).isDirectory() ? readdirSync(path) : [];
  return Math.max(mtimeMs, ...inside.map((name) => newest(join(path, name))));
}

function isStale() {
  if (!existsSync(COMPILER)) return false;
  const built = statSync(BUILT).mtimeMs;
  return SOURCES.some((path) => existsSync(path) && newest(path) > built);
}

if (!existsSync(BUILT) || isStale()) execSync('npm run build', { stdio: 'inherit' });
