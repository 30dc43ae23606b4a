/** A kernel and its RAM disk as images of a service. */
import type { Client } from '../../../src/cli/client.ts';
import type { KernelFiles } from '../../../scripts/suites/debian-kernel.ts';

export interface KernelImages {
  readonly kernel: string;
  readonly initrd: string;
}

async function upload(client: Client, kind: string, bytes: Uint8Array): Promise<string> {
  const response = await client.send('POST', `/v1/images?kind=${kind}`, { bytes });
  return ((await response.json()) as { id: string }).id;
}

export async function uploadKernel(client: Client, { image, initrd }: KernelFiles): Promise<KernelImages> {
  const kernel = await upload(client, 'linux-image', image);
  return { kernel, initrd: await upload(client, 'initrd', initrd) };
}
