/** /v1/vms/{vm}/digest: whether two runs are the same run, and where they are not. */
import { Type } from 'typebox';
import type { Api, App } from '../app-type.ts';
import { ok, responses } from '../responses.ts';
import { Count, VmParams } from '../wire/common.ts';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal.' });

const Digest = Type.Object(
  {
    instructions: { ...Count, description: 'Instructions that all vcpus have retired.' } as typeof Count,
    ticks: {
      ...Count,
      description: 'Virtual time: instructions, and ticks skipped while all vcpus waited.',
    } as typeof Count,
    digest: Sha256,
    parts: Type.Record(Type.String(), Sha256, {
      description:
        'By part, so that a difference can be located: memory (RAM, and what the guest only reads), vcpu0 and on (all registers, debug registers and monitors of the guest), guestDebug0 and on (what KVM_SET_GUEST_DEBUG has set), hypervisor (what KVM remembers of the VM), time (both counts, and whose turn it is), files (those that semihosting has open: names and positions, not what is in them), and each device of the board.',
    }),
  },
  { additionalProperties: false },
);

export function digestRoutes(app: App, api: Api): void {
  app.get(
    '/v1/vms/:vm/digest',
    {
      schema: {
        operationId: 'getDigest',
        summary: 'Digest of all state',
        description:
          'Everything that decides what the VM does next, in one number: the same image and the same inputs at the same instruction counts give the same digest, in every tier and however long it takes. Two VMs are run with the same budgets and compared; leave guestDebug parts out to see whether debugging has disturbed the guest. The VM must be stopped. All memory is read, which takes a fraction of a second for each GiB; other VMs of the same engine thread wait meanwhile.',
        tags: ['vms'],
        params: VmParams,
        response: responses({ 200: ok('The digest.', Digest) }, ['vm-not-found', 'vm-running']),
      },
    },
    async (request) => {
      const { instructions, ticks, digest, parts } = await api.service.digest(request.params.vm);
      return { instructions, ticks, digest, parts: { ...parts } };
    },
  );
}
