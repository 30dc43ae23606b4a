/** Reads what TypeScript files import, as text: type-only imports count, and need no compiler. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Import {
  /** Path of the importing file from the repository's root, with forward slashes. */
  readonly from: string;
  readonly line: number;
  /** Path of the imported file, or the name of a package or of a `node:` module. */
  readonly to: string;
  readonly external: boolean;
}

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(,])\/\/[^\n]*/g;
/** `from 'x'`, `import 'x'`, `import('x')` (also as a type), `new URL('x.ts', import.meta.url)` of a worker. */
const SPECIFIER =
  /(?:\bfrom\s*|\bimport\s*|\bimport\s*\(\s*|\bnew\s+URL\(\s*(?=['"][^'"]*\.ts['"]))(['"])([^'"\s,;]+)\1/g;

/** Every TypeScript file below a directory, sorted. */
export function sourceFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

export function importsOfFile(path: string): readonly Import[] {
  return importsOfText(path, readFileSync(path, 'utf8'));
}

export function importsOfText(from: string, text: string): readonly Import[] {
  const code = text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(SPECIFIER)].map((match) => {
    const specifier = match[2] ?? '';
    const external = !specifier.startsWith('.');
    const to = external ? specifier : normalize(join(dirname(from), specifier)).replaceAll('\\', '/');
    return { from, line: code.slice(0, match.index).split('\n').length, to, external };
  });
}
