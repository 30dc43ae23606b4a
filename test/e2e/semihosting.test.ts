/** The recipe's script, as it stands there, runs the example program in a VM of a whole server and ends as it does. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnServer, startServer } from '../../src/cli/server.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RECIPE = readFileSync(new URL('../../docs/recipes/test-a-program-in-ci.md', import.meta.url), 'utf8');
const SCRIPT = /```sh\n([\s\S]*?)```/.exec(RECIPE)?.[1] ?? '';

/** curl has --json since 7.82. */
function problem(): string | null {
  if (spawnSync('jq', ['--version']).status !== 0) return 'skipped: jq is not installed';
  const [, major, minor] =
    /^curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '') ?? [];
  return Number(major) * 1000 + Number(minor) >= 7082 ? null : 'skipped: no curl of 7.82 or newer';
}

let server: OwnServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

function recipe(...words: readonly string[]) {
  const env = { ...process.env, G: server.base };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', SCRIPT, 'bash', ...words], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const why = problem();
describe.runIf(why === null)(why === null ? 'the recipe' : `the recipe (${why})`, () => {
  it('prints what the program prints and ends with its exit status', () => {
    expect(recipe()).toEqual({
      status: 0,
      stdout: 'ok 1 - nothing\nok 2 - one\nok 3 - two\n1..3\n',
      stderr: '',
    });
    expect(recipe('broken')).toEqual({ status: 1, stdout: 'not ok 1 - broken\n1..1\n', stderr: '' });
    expect(recipe('two', 'broken', 'one')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/1\.\.3\n$/),
    });
  });
});
