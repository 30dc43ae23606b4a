/**
 * Debian's kernel boots several times: in each tier, alone and beside guests that spin. Stopped at the same odd
 * instruction counts, with the same line typed at one of them, all state has the same digest every time. Tier `jit`,
 * which compiles whatever runs twice, does the beginning only.
 */
import type { Client, Run, Vm } from '../../src/cli/client.ts';
import { missingKernel } from './debian-kernel.ts';
import {
  type Board,
  boardName,
  type Images,
  millions,
  seconds,
  withGuest,
  withKernel,
} from './linux-guest.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

const WALL_MILLISECONDS = 3_600_000;
/** Instructions of each run, up to the shell and beyond. */
const STOPS = [1, 1_000_003, 9_999_991, 40_000_003, 100_000_007, 120_000_007, 29_999_999, 20_000_003];
/** Before the last but one: what the shell reads when it is up, so that it never idles. */
const TYPED_BEFORE = STOPS.length - 2;
const TYPED = 'while :; do :; done\n';
const BOARDS: readonly Board[] = [
  { gic: 3, vcpus: 4 },
  { gic: 2, vcpus: 1 },
];
const SPINNERS = 3;
const SPIN = '14000000'; // b .

interface Digest {
  readonly instructions: number;
  readonly digest: string;
  readonly parts: Readonly<Record<string, string>>;
}

interface Attempt {
  readonly tier: string;
  readonly loaded: boolean;
  /** How many of the stops; default: all. */
  readonly stops?: number;
}
const REFERENCE: Attempt = { tier: 'interpreter', loaded: false };
const OTHERS: readonly Attempt[] = [
  { tier: 'auto', loaded: false },
  { tier: 'auto', loaded: true },
  { tier: 'interpreter', loaded: true },
  { tier: 'jit', loaded: true, stops: 4 },
];
const nameOf = ({ tier, loaded }: Attempt): string => `${tier}${loaded ? ` beside ${SPINNERS} others` : ''}`;

function digests(client: Client, images: Images, board: Board, { tier, stops }: Attempt): Promise<Digest[]> {
  return withGuest(client, images, { ...board, tier }, '', async (vm) => {
    const found: Digest[] = [];
    for (const [i, instructions] of STOPS.slice(0, stops).entries()) {
      if (i === TYPED_BEFORE) await client.post(`${vm}/console`, { text: TYPED });
      const budget = { instructions, wallMilliseconds: WALL_MILLISECONDS };
      const { id } = await client.post<Run>(`${vm}/runs`, { budget });
      const { end } = await ended(client, id);
      if (end?.reason !== 'budget-instructions') throw new Error(`run ${i} ended with ${end?.reason}`);
      found.push(await client.get<Digest>(`${vm}/digest`));
    }
    return found;
  });
}

async function ended(client: Client, run: string): Promise<Run> {
  for (;;) {
    const view = await client.get<Run>(`/v1/runs/${run}?wait=60`);
    if (view.state === 'ended') return view;
  }
}

/** Guests that do nothing but take turns, for as long as `use` takes. */
async function beside<T>(client: Client, count: number, use: () => Promise<T>): Promise<T> {
  const vms: string[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const { id } = await client.post<Vm>('/v1/vms', { load: [{ address: '0x40000000', words: [SPIN] }] });
      vms.push(id);
      await client.post(`/v1/vms/${id}/runs`, {});
    }
    return await use();
  } finally {
    for (const id of vms) await client.command('DELETE', `/v1/vms/${id}`);
  }
}

/** Where two lists of digests differ first; undefined when they do not. */
function difference(expected: readonly Digest[], got: readonly Digest[]): string | undefined {
  for (const [i, { digest, parts, instructions }] of got.entries()) {
    const other = expected[i]!;
    if (digest === other.digest) continue;
    const names = Object.keys(parts).filter((name) => parts[name] !== other.parts[name]);
    return `after ${instructions} instructions ${names.join(', ')} differ`;
  }
  return undefined;
}

/** Boots once more, and says where all state differs from what it is in the interpreter. True when it does not. */
async function repeats(
  board: Board,
  attempt: Attempt,
  expected: readonly Digest[],
  { client, images, progress }: Context,
): Promise<boolean> {
  const name = `${boardName(board)}, ${nameOf(attempt)}`;
  const started = performance.now();
  const count = attempt.loaded ? SPINNERS : 0;
  const got = await beside(client, count, () => digests(client, images, board, attempt));
  const where = difference(expected, got);
  const took = `${millions(got.at(-1)!.instructions)}, ${seconds(performance.now() - started)} s`;
  const verdict = where === undefined ? `${got.length} digests equal` : `FAILED: ${where}`;
  progress.line(`${name}: ${verdict} (${took})`);
  return where === undefined;
}

interface Context {
  readonly client: Client;
  readonly images: Images;
  readonly progress: SuiteOptions['progress'];
}

function run({ progress, count = BOARDS.length * OTHERS.length }: SuiteOptions): Promise<SuiteResult> {
  return withKernel([], async (client, images) => {
    const context = { client, images, progress };
    let done = 0;
    let passed = 0;
    for (const board of BOARDS) {
      if (done >= count) break;
      progress.step(`${boardName(board)}, ${nameOf(REFERENCE)}`, done, count);
      const expected = await digests(client, images, board, REFERENCE);
      for (const attempt of OTHERS.slice(0, count - done)) {
        progress.step(`${boardName(board)}, ${nameOf(attempt)}`, done, count);
        if (await repeats(board, attempt, expected, context)) passed++;
        done++;
      }
    }
    return { passed, failed: done - passed, skipped: 0 };
  });
}

export const DETERMINISM: Suite = {
  name: 'determinism',
  summary: "digests of all state while Debian's kernel boots: equal in each tier, whatever runs beside it",
  quick: 2,
  missing: missingKernel,
  run,
};
