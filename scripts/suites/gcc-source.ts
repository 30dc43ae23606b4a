/** GCC's testsuite from Debian's package gcc-12-source, fetched once into the cache. */
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { missingSources, withSources } from './debian-source.ts';
import { cacheDirectory, output } from './tools.ts';

const PACKAGE = 'gcc-12-source';
const TESTSUITE = 'gcc/testsuite';
const TORTURE_DIRECTORY = 'gcc.c-torture/execute';
export const TORTURE_DIRECTORIES: readonly string[] = [TORTURE_DIRECTORY, `${TORTURE_DIRECTORY}/ieee`];
export const ADVSIMD_DIRECTORY = 'gcc.target/aarch64/advsimd-intrinsics';

const testsuite = (): string => join(cacheDirectory(PACKAGE), 'testsuite');

/** Why the sources cannot be had. */
export function missingGccSource(): string | undefined {
  return existsSync(testsuite()) ? undefined : missingSources(PACKAGE);
}

/** The directory that has the tests; the archive inside the package is unpacked as far as they need. */
export function gccTestsuite(): string {
  if (existsSync(testsuite())) return testsuite();
  withSources(PACKAGE, (work) => {
    const sources = join(work, 'unpacked/usr/src/gcc-12');
    const archive = readdirSync(sources).find((name) => /^gcc-.*\.tar\.xz$/.test(name));
    if (archive === undefined) throw new Error(`${PACKAGE} has no archive of GCC`);
    // With what is below them.
    const wanted = [TORTURE_DIRECTORY, ADVSIMD_DIRECTORY].map((path) => `*/${TESTSUITE}/${path}`);
    output('tar', ['xJf', join(sources, archive), '--strip-components=1', '--wildcards', ...wanted], work);
    renameSync(join(work, TESTSUITE), testsuite());
  });
  return testsuite();
}
