/** Small guests for tests of the whole service. */
import type { Client, Vm } from '../../src/cli/client.ts';

/** add x0, x0, #1; b . - 4: runs for ever. */
export const SPIN = ['91000400', '17ffffff'];
export const BASE = '0x40000000';

export async function createVm(
  client: Client,
  words: readonly string[] = SPIN,
  more: object = {},
): Promise<Vm> {
  return client.post<Vm>('/v1/vms', {
    memory: { size: 0x40_0000 },
    load: [{ address: BASE, words }],
    ...more,
  });
}
