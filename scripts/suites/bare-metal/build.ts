/** Programs for EL1 with nothing below them: C, the start code and the small library beside this file. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, output, spawned } from '../tools.ts';

const GCC = 'aarch64-linux-gnu-gcc';
const LIBRARY = ['libc.c', 'console.c'] as const;
const RUNTIME = ['start.S', ...LIBRARY, 'link.ld'] as const;
const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** The compiler's defaults are those of a Linux program. */
const FLAGS: readonly string[] = [
  '-O2',
  '-w',
  '-fno-pie',
  '-no-pie',
  '-fno-stack-protector',
  '-mno-outline-atomics',
];
/** A library function that is recognised as itself would call itself. */
const LIBRARY_FLAGS = ['-ffreestanding', '-fno-builtin', '-fno-tree-loop-distribute-patterns'];

export interface Builder {
  /** Where the ELF file of a name is. */
  file(name: string): string;
  /** Compile and link unless that was done before. What the tools say when it fails: the test needs what is not here. */
  build(name: string, file: string, flags: readonly string[]): Promise<string | undefined>;
}

/**
 * A directory of its own for each version of the runtime and of `flags`, all that are ever given to `build`: what is in
 * the cache is never stale.
 */
export function createBuilder(suite: string, flags: readonly (readonly string[])[]): Builder {
  const hash = createHash('sha256')
    .update(JSON.stringify([FLAGS, flags]))
    .update(output(GCC, ['--version']));
  for (const name of RUNTIME) hash.update(readFileSync(source(name)));
  const directory = cacheDirectory('built', `${suite}-${hash.digest('hex').slice(0, 12)}`);
  const start = join(directory, 'start.o');
  output(GCC, ['-c', source('start.S'), '-o', start]);
  const library = LIBRARY.map((name) => {
    const object = join(directory, `${name}.o`);
    output(GCC, [...FLAGS, ...LIBRARY_FLAGS, '-c', source(name), '-o', object]);
    // Tests have functions of their own by the names of the library's.
    output('aarch64-linux-gnu-objcopy', ['--weaken', object]);
    return object;
  });
  const file = (name: string): string => join(directory, `${name}.elf`);
  const link = ['-static', '-nostdlib', `-Wl,-T,${source('link.ld')},--build-id=none,--no-warn-rwx-segments`];
  return {
    file,
    async build(name, program, flags) {
      const elf = file(name);
      const refused = `${elf}.refused`;
      if (existsSync(elf)) return undefined;
      if (existsSync(refused)) return readFileSync(refused, 'utf8');
      const args = [...FLAGS, ...flags, ...link, program, start, ...library, '-lgcc', '-o', `${elf}.new`];
      const { code, errors } = await spawned(GCC, args);
      if (code !== 0) {
        const why = explain(errors);
        writeFileSync(refused, why);
        return why;
      }
      renameSync(`${elf}.new`, elf);
      return undefined;
    },
  };
}

/** What is missing, when the tools say so; else the first complaint. */
function explain(errors: string): string {
  const missing = new Set([...errors.matchAll(/undefined reference to `(\w+)'/g)].map(([, name]) => name));
  if (missing.size > 0) return `no ${[...missing].join(', ')} without an operating system`;
  return /(?:error|Error): (.*)/.exec(errors)?.[1] ?? errors.split('\n')[0]!;
}
