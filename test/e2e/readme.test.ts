/** The README's tour, typed as it stands there, gives what stands there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnServer, startServer } from '../../src/cli/server.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const ADDRESS = 'http://127.0.0.1:8080';

/** curl has --json since 7.82. */
function curlProblem(): string | null {
  const run = spawnSync('curl', ['--version'], { encoding: 'utf8' });
  if (run.status !== 0) return 'skipped: curl is not installed';
  const [, major, minor] = /^curl (\d+)\.(\d+)/.exec(run.stdout) ?? [];
  return Number(major) * 1000 + Number(minor) >= 7082 ? null : 'skipped: curl is older than 7.82';
}

/** Commands (lines with `$ `) and the lines that follow each. */
function tour(): { command: string; output: string }[] {
  const block = /```console\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}

let server: OwnServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const problem = curlProblem();
it.runIf(problem === null)(
  problem === null ? 'the curl tour is as printed' : `the curl tour (${problem})`,
  () => {
    const steps = tour();
    expect(steps).toHaveLength(10);
    // One shell for all, as for a reader; a line between the commands to tell their outputs apart.
    const script = steps
      .map(({ command }) => `${command.replace(ADDRESS, server.base)}\necho @@@`)
      .join('\n');
    const run = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    // CSV lines end with CR LF (RFC 4180), which a terminal does not show.
    const outputs = run.stdout.replaceAll('\r\n', '\n').split('@@@\n');
    steps.forEach(({ command, output }, n) => {
      expect(outputs[n], command).toBe(output);
    });
  },
);
