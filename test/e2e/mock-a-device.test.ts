/** The example client that mocks a device, as the recipe starts it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnServer, startServer } from '../../src/cli/server.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/mock-a-device/mock.mjs', import.meta.url));

let server: OwnServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it('a client answers for a device that is in no board, while another vcpu spins', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE, server.base]);
  // The program turns the fan on above 30 degrees, and says so on the board's own console.
  expect(stdout.trimEnd().split('\n')).toEqual([
    'it is 21 degrees',
    'the fan is off',
    'it is 31 degrees',
    'the fan is on',
    'it is 30 degrees',
    'the fan is off',
    'it is 99 degrees',
    'the fan is on',
    'KVM_EXIT_SYSTEM_EVENT KVM_SYSTEM_EVENT_SHUTDOWN',
    'the guest said 0101',
  ]);
});
