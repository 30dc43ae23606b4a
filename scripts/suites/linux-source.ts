/** The kernel's own tests of hardware breakpoints, from Debian's package linux-source-6.1, fetched once into the cache. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './debian-kernel.ts';
import { missingSources, withSources } from './debian-source.ts';
import { cacheDirectory, missingTool, output } from './tools.ts';

const PACKAGE = 'linux-source-6.1';
const COMPILER = 'aarch64-linux-gnu-gcc';
const SELFTESTS = 'tools/testing/selftests';
const WANTED = [`${SELFTESTS}/breakpoints`, `${SELFTESTS}/kselftest.h`];
const TEST = 'breakpoint_test_arm64';
/** Part of every C library for programs, so there when they can be built. */
const LIBC = '/usr/aarch64-linux-gnu/lib/libc.a';

const selftests = (): string => join(cacheDirectory(PACKAGE), 'selftests');

/** Why the test cannot be had. */
export function missingBreakpointTest(): string | undefined {
  const compiler = missingTool({ [COMPILER]: 'gcc-aarch64-linux-gnu' });
  if (compiler !== undefined) return compiler;
  if (!existsSync(LIBC)) return `no ${LIBC} (Debian package libc6-dev-arm64-cross)`;
  return existsSync(selftests()) ? undefined : missingSources(PACKAGE);
}

function fetchSelftests(): void {
  withSources(PACKAGE, (work) => {
    const archive = join(work, `unpacked/usr/src/${PACKAGE}.tar.xz`);
    const wanted = WANTED.map((path) => `${PACKAGE}/${path}`);
    output('tar', ['xJf', archive, '--strip-components=1', ...wanted], work);
    renameSync(join(work, SELFTESTS), selftests());
  });
}

/** The test as a static program. */
export function breakpointTest(): Program {
  if (!existsSync(selftests())) fetchSelftests();
  const file = join(cacheDirectory('built', 'selftests'), TEST);
  output(COMPILER, ['-O2', '-static', '-o', file, join(selftests(), 'breakpoints', `${TEST}.c`)]);
  return { name: TEST, bytes: readFileSync(file) };
}
