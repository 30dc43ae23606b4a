/** The committed guest programs are what their sources build: rebuilt and compared bit for bit. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

/** Another compiler makes other code from the same source: the committed files say nothing about it. */
const BUILT_WITH = 'aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0';

function compiler(): string | null {
  const run = spawnSync('aarch64-linux-gnu-gcc', ['--version'], { encoding: 'utf8' });
  return run.status === 0 ? (run.stdout.split('\n')[0] ?? '') : null;
}

const found = compiler();
const reason =
  found === null
    ? 'skipped: aarch64-linux-gnu-gcc is not installed'
    : found !== BUILT_WITH
      ? `skipped: the guests were built with ${BUILT_WITH}, here is ${found}`
      : null;

const root = fileURLToPath(new URL('../../', import.meta.url));
const output = mkdtempSync(join(tmpdir(), 'guests-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

describe.each(['examples/guests', 'test/bench/guest'])('guests in %s', (directory) => {
  const name = 'rebuild to the committed ELF files';
  it.runIf(reason === null)(reason === null ? name : `${name} (${reason})`, () => {
    execFileSync(join(root, directory, 'build.sh'), [output], { stdio: 'pipe' });
    const committed = readdirSync(join(root, directory)).filter((file) => file.endsWith('.elf'));
    expect(committed.length).toBeGreaterThan(0);
    for (const file of committed) {
      const same = readFileSync(join(output, file)).equals(readFileSync(join(root, directory, file)));
      expect(same, `${directory}/${file} is not what build.sh makes of its sources`).toBe(true);
    }
  });
});
