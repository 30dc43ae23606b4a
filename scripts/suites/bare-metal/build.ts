/** Programs for EL1 with nothing below them: C, the start code and the small library beside this file. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, output } from '../tools.ts';

const GCC = 'aarch64-linux-gnu-gcc';
const RUNTIME = ['start.S', 'libc.c', 'link.ld'] as const;
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
  /** Compile and link unless it is there already. False when that fails: the test needs what is not here. */
  build(name: string, file: string, flags: readonly string[]): boolean;
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
  const library = join(directory, 'libc.o');
  output(GCC, ['-c', source('start.S'), '-o', start]);
  output(GCC, [...FLAGS, ...LIBRARY_FLAGS, '-c', source('libc.c'), '-o', library]);
  // Tests have functions of their own by the names of the library's.
  output('aarch64-linux-gnu-objcopy', ['--weaken', library]);
  const file = (name: string): string => join(directory, `${name}.elf`);
  const link = ['-static', '-nostdlib', `-Wl,-T,${source('link.ld')},--build-id=none,--no-warn-rwx-segments`];
  return {
    file,
    build(name, program, flags) {
      const elf = file(name);
      if (existsSync(elf)) return true;
      const args = [...FLAGS, ...flags, ...link, program, start, library, '-lgcc', '-o', `${elf}.new`];
      if (spawnSync(GCC, args, { stdio: 'ignore' }).status !== 0) return false;
      renameSync(`${elf}.new`, elf);
      return true;
    },
  };
}
