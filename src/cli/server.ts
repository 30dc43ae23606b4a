/** A service of one's own: `dist/main.js` as a child process, on a free loopback port, with a database that goes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface OwnServer {
  readonly base: string;
  readonly process: ChildProcess;
  /** Ends the service and, unless the directory was given, removes its database. */
  stop(): Promise<void>;
}

export interface OwnServerOptions {
  /** Where the database lives; default a temporary directory. */
  readonly directory?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 25;

/** Resolves when the service is ready. Rejects with what it wrote when it is not within half a minute. */
export async function startServer(options: OwnServerOptions = {}): Promise<OwnServer> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'guestdbg-'));
  const port = options.port ?? (await freePort());
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...withoutOurs(process.env),
      GUESTDBG_HOST: '127.0.0.1',
      GUESTDBG_PORT: String(port),
      GUESTDBG_DATABASE: join(directory, 'guestdbg.db'),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => keepTail(output, chunk));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  const base = `http://127.0.0.1:${port}`;
  if (await ready(base, child)) return { base, process: child, stop };
  await stop();
  throw new Error(`the service did not start:\n${output.join('')}`);
}

/** The caller's own GUESTDBG_ variables are for the caller's service. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GUESTDBG_')));
}

async function ready(base: string, child: ChildProcess): Promise<boolean> {
  const end = Date.now() + START_MILLISECONDS;
  while (Date.now() < end && child.exitCode === null && child.signalCode === null) {
    try {
      const response = await fetch(`${base}/health/ready`);
      await response.arrayBuffer();
      if (response.ok) return true;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  return false;
}

function keepTail(output: string[], chunk: Buffer): void {
  output.push(chunk.toString());
  if (output.length > 200) output.shift();
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
