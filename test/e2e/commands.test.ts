/** The commands as a user starts them: the demo and the conformance replay, each with a service of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnServer, startServer } from '../../src/cli/server.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CORPUS = join(ROOT, 'test/conformance/real-kvm.json');

interface Result {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

function command(name: 'demo' | 'conformance', ...args: string[]): Promise<Result> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli', `${name}.js`), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, lines: output.trimEnd().split('\n'), errors })),
  );
}

describe('the demo', () => {
  it('finds the bug and ends with status 0, without colour where there is no terminal', async () => {
    const { code, lines } = await command('demo');
    expect([code, lines.at(-1)]).toEqual([
      0,
      expect.stringMatching(/^Found: log_sample stores one past samples\[8\], into limit\. \d+ exits/),
    ]);
    expect(lines.join('\n')).not.toContain('\x1b');
  });
});

describe('the conformance command', () => {
  let directory: string;
  let server: OwnServer;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'guestdbg-conformance-'));
    server = await startServer();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('passes the published corpus in its reference configuration, on a service that it starts itself', async () => {
    const { code, lines } = await command('conformance', CORPUS);
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    const [, passed, skipped] = /^(\d+) passed, 0 failed, (\d+) skipped$/.exec(lines.at(-1) ?? '') ?? [];
    expect(Number(passed) + Number(skipped)).toBe(360);
    // What is skipped is a listed deviation, and has its line.
    expect(lines.filter((line) => line.startsWith('DEVIATION'))).toHaveLength(Number(skipped));
    expect(code).toBe(0);
  });

  it('tells what it takes', async () => {
    const { code, lines, errors } = await command('conformance', '--help');
    expect([code, errors, lines[0]]).toEqual([0, '', 'usage: npm run conformance -- FILE [options]']);
  });

  it('runs against a given service, with a filter and another recorded configuration', async () => {
    const args = [
      '--server',
      server.base,
      '--filter',
      'control_',
      '--profile',
      'cortex-a57',
      '--kernel',
      '6.1',
    ];
    const { code, lines } = await command('conformance', CORPUS, ...args);
    expect(lines[0]).toBe('19 scenarios, configuration k61-a57-q72: profile cortex-a57, kernel 6.1');
    expect([code, lines.at(-1)]).toEqual([0, '19 passed, 0 failed, 0 skipped']);
  });

  it.each(['interpreter', 'jit'])('replays in the tier %s', async (tier) => {
    const options = ['--server', server.base, '--filter', 'step_', '--tier', tier];
    const { code, lines } = await command('conformance', CORPUS, ...options);
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect([code, lines.at(-1)]).toEqual([0, expect.stringMatching(/^[1-9]\d* passed, 0 failed/)]);
  });

  it('says expected and got, and ends with status 1, when something differs', async () => {
    const file = join(directory, 'wrong.json');
    const scenarios = JSON.parse(readFileSync(CORPUS, 'utf8')) as {
      name: string;
      exits: { pc: string; hsr?: string }[];
    }[];
    const scenario = scenarios.find(({ name }) => name === 'control_invalid_8');
    if (scenario?.exits[0] === undefined) throw new Error('the corpus has no control_invalid_8');
    scenario.exits[0].pc = '0x4000000c';
    writeFileSync(file, JSON.stringify([scenario]));
    const { code, lines } = await command('conformance', file, '--server', server.base);
    expect(lines[1]).toBe(
      'FAILED control_invalid_8: op 2 run, exit 0: pc expected 0x4000000c, got 0x40000008',
    );
    expect([code, lines.at(-1)]).toEqual([1, '0 passed, 1 failed, 0 skipped']);
  });

  it('counts everything as skipped where nothing was recorded, and says what was', async () => {
    const { code, lines, errors } = await command(
      'conformance',
      CORPUS,
      '--profile',
      'cortex-a72',
      '--kernel',
      '6.18',
    );
    expect([code, lines]).toEqual([0, ['0 passed, 0 failed, 360 skipped']]);
    expect(errors).toMatch(
      /^nothing was recorded for cortex-a72 with kernel 6\.18; this file has k61-a53-q72, /,
    );
  });

  it.each([
    [[], /^usage: npm run conformance/],
    [['/nowhere.json'], /no such file/],
    [[join(ROOT, 'package.json')], /package\.json: the file: expected an array of scenarios/],
    [[CORPUS, '--config', 'k5-z80-q1'], /k5-z80-q1 is no configuration name; this file has/],
    [[CORPUS, '--server', 'http://127.0.0.1:9'], /^no answer from http:\/\/127\.0\.0\.1:9: /],
    [[CORPUS, '--tier', 'fast'], /^--tier fast: it is one of interpreter, jit, auto/],
    [[CORPUS, '--speed', '9'], /Unknown option '--speed'/],
  ])('ends with status 2 and a reason for %j', async (args, reason) => {
    const { code, errors } = await command('conformance', ...args);
    expect(errors).toMatch(reason);
    expect(code).toBe(2);
  });
});
