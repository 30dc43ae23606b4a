/** Tools and packages of Debian that suites need: whether they are there, and where things made with them are kept. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The line for the first command that is not there, by the Debian package that has it. */
export function missingTool(packages: Readonly<Record<string, string>>): string | undefined {
  for (const [command, name] of Object.entries(packages)) {
    const { error } = spawnSync(command, ['--version'], { stdio: 'ignore' });
    if (error !== undefined) return `no ${command} (Debian package ${name})`;
  }
  return undefined;
}

/** A directory below the cache, made when it is not there. */
export function cacheDirectory(...path: string[]): string {
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const directory = join(base, 'guestdbg', ...path);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** Whether a command is there and succeeds. */
export function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Output of a command; an Error with what it said when it fails. */
export function output(command: string, args: readonly string[], cwd?: string): string {
  const run = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${run.stderr || run.error?.message}`);
  return run.stdout;
}
