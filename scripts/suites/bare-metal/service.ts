/** The same program in a VM with semihosting, over REST: created, run to its end, read and deleted. */
import { readFileSync } from 'node:fs';
import { Client, type Image, type Run, type Vm } from '../../../src/cli/client.ts';
import { startServer } from '../../../src/cli/server.ts';
import type { Outcome } from './outcome.ts';

const MEMORY = 128 << 20;
const PROFILE = 'neoverse-n1';
/** The longest program needs a tenth of them. */
const BUDGET = { instructions: 1_000_000_000, wallMilliseconds: 300_000 } as const;

/** Everything interpreted, and everything compiled that runs again. */
export const TIERS = ['interpreter', 'jit'] as const;
type Tier = (typeof TIERS)[number];

export interface Service {
  /** In each tier, one after the other. */
  run(elf: string): Promise<ReadonlyMap<Tier, Outcome>>;
}

/** A service for as long as `use` takes. */
export async function withService<T>(use: (service: Service) => Promise<T>): Promise<T> {
  const server = await startServer({
    env: { GUESTDBG_REQUESTS_PER_SECOND: '0', GUESTDBG_DATABASE: ':memory:' },
  });
  const client = new Client(server.base);
  try {
    return await use({ run: (elf) => runInTiers(client, elf) });
  } finally {
    await server.stop();
  }
}

async function runInTiers(client: Client, elf: string): Promise<ReadonlyMap<Tier, Outcome>> {
  const uploaded = await client.send('POST', '/v1/images?kind=elf', { bytes: readFileSync(elf) });
  const { id } = (await uploaded.json()) as Image;
  const outcomes = new Map<Tier, Outcome>();
  for (const tier of TIERS) outcomes.set(tier, await runOnce(client, id, tier));
  await client.command('DELETE', `/v1/images/${id}`);
  return outcomes;
}

async function runOnce(client: Client, image: string, tier: Tier): Promise<Outcome> {
  const spec = { profile: PROFILE, memory: { size: MEMORY }, image, semihosting: {}, tier };
  const { id } = await client.post<Vm>('/v1/vms', spec);
  try {
    const run = await client.run(id, null, { budget: BUDGET });
    return outcomeOf(run, await client.bytes(`/v1/vms/${id}/console`));
  } finally {
    await client.command('DELETE', `/v1/vms/${id}`);
  }
}

function outcomeOf({ end, exit }: Run, console: Uint8Array): Outcome {
  const text = Buffer.from(console).toString('latin1');
  if (end?.reason === 'semihosting-exit') return { status: (end.code ?? 0) & 0xff, text };
  const where = exit === null ? '' : `, ${exit.explanation.summary} at ${exit.pc}`;
  return { status: null, text, end: `${end?.reason ?? 'no end'}${where}` };
}
