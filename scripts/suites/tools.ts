/** Tools and packages of Debian that suites need: whether they are there, and where things made with them are kept. */
import { spawn, spawnSync } from 'node:child_process';
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

/** What a suite needs cannot be had now, such as without a network: it says nothing, which is no failure. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** Fetch Debian packages into a directory, as files. */
export function download(packages: readonly string[], directory: string): void {
  try {
    output('apt-get', ['download', ...packages], directory);
  } catch (error) {
    throw new Unavailable((error as Error).message.trim().split('\n')[0], { cause: error });
  }
}

/** How a command ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly text: string;
  readonly errors: string;
}

/** Run a command to its end, which comes after `milliseconds` at the latest. It has no input. */
export function spawned(command: string, args: readonly string[], milliseconds?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      ...(milliseconds === undefined ? {} : { timeout: milliseconds }),
    });
    let [text, errors] = ['', ''];
    child.stdout.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      errors += piece;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, text, errors }));
  });
}

/** Do something with each of them, `width` at a time; results in their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  action: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await action(items[i]!);
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}
