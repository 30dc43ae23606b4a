/** /v1/vms/{vm}/vcpus/{n}/translation: the walk of the translation tables, level by level. */
import type { Api, App } from '../app-type.ts';
import { parseU64, U64Text } from '../codec.ts';
import { ok, responses } from '../responses.ts';
import { Type } from 'typebox';
import { oneOf, ref, VcpuParams } from '../wire/common.ts';
import { Translation, translationToWire } from '../wire/translation.ts';
import { vcpuRef } from './vcpus.ts';

export function translationRoutes(app: App, api: Api): void {
  app.get(
    '/v1/vms/:vm/vcpus/:n/translation',
    {
      schema: {
        operationId: 'translateAddress',
        summary: 'Walk the translation tables',
        description:
          'As a debugger would, while the vcpu is stopped: nothing changes, no access flag is set, the TLB has no say. ' +
          'A physical address is given wherever there is one; `fault` says what the access that you ask about would take.',
        tags: ['vcpus'],
        params: VcpuParams,
        querystring: Type.Object(
          {
            address: ref(U64Text),
            access: Type.Optional(
              oneOf(['read', 'write', 'fetch'], { description: 'What is to be permitted. Default read.' }),
            ),
            el: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: 1,
                description: 'Exception level of the access. Default: that of the vcpu.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: responses({ 200: ok('Where it goes, or why nowhere.', ref(Translation)) }, [
          'vm-not-found',
          'vcpu-not-found',
          'vcpu-running',
          'vcpu-not-initialized',
        ]),
      },
    },
    async (request) => {
      const { address, access: kind = 'read', el } = request.query;
      const access = { kind, ...(el !== undefined && { el: el === 0 ? (0 as const) : (1 as const) }) };
      return translationToWire(
        await api.service.translate(vcpuRef(request.params), parseU64(address), access),
      );
    },
  );
}
