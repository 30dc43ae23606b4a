/** /v1/capabilities: KVM_CHECK_EXTENSION by number and by name. */
import { Type } from 'typebox';
import {
  type CapabilityName,
  capabilityName,
  capabilityNumber,
  KVM_CAP,
} from '../../abi/kvm/capabilities.ts';
import type { Api, App } from '../app-type.ts';
import { HttpProblem, invalidParameter } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import { page, VmParam } from '../wire/common.ts';

const Capability = Type.Object({
  cap: Type.Integer({ description: 'KVM_CAP_ number.' }),
  name: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Null for numbers without a name here.',
  }),
  value: Type.Integer({
    description: 'What KVM_CHECK_EXTENSION returns; 0 for unknown numbers, never an error.',
  }),
});

const OfVm = Type.Object(
  {
    vm: Type.Optional({
      ...VmParam,
      description: 'Ask this VM; else the host of the default profile.',
    } as typeof VmParam),
  },
  { additionalProperties: false },
);

/** A capability in a path: decimal or 0x number, or a name with or without KVM_CAP_. */
function capabilityOf(text: string): number {
  if (/^([0-9]+|0x[0-9a-fA-F]+)$/.test(text)) {
    const cap = Number(text);
    if (cap > 0x7fff_ffff)
      throw invalidParameter(
        'path',
        'cap',
        `${text.slice(0, 40)} does not fit in the int that KVM_CHECK_EXTENSION takes.`,
      );
    return cap;
  }
  const cap = capabilityNumber(text);
  if (cap !== undefined) return cap;
  throw new HttpProblem(
    'capability-not-found',
    `${JSON.stringify(text)} is no capability name. GET /v1/capabilities lists the names; any number may be asked.`,
  );
}

export function capabilityRoutes(app: App, api: Api): void {
  const ask = async (cap: number, vm: string | undefined) => ({
    cap,
    name: capabilityName(cap) ?? null,
    value: await api.service.checkExtension(cap, vm),
  });

  app.get(
    '/v1/capabilities',
    {
      schema: {
        operationId: 'listCapabilities',
        summary: 'Every capability with a name',
        tags: ['capabilities'],
        querystring: OfVm,
        response: responses({ 200: ok('All of them.', page(Capability, 'Capabilities; always one page.')) }, [
          'vm-not-found',
        ]),
      },
    },
    async (request) => {
      const names = Object.keys(KVM_CAP) as CapabilityName[];
      return {
        items: await Promise.all(names.map((name) => ask(KVM_CAP[name], request.query.vm))),
        next: null,
      };
    },
  );

  app.get(
    '/v1/capabilities/:cap',
    {
      schema: {
        operationId: 'checkExtension',
        summary: 'KVM_CHECK_EXTENSION',
        description:
          'By number, or by name with or without KVM_CAP_. An unknown number has the value 0, as in KVM.',
        tags: ['capabilities'],
        params: Type.Object({
          cap: Type.String({ maxLength: 100, examples: ['KVM_CAP_GUEST_DEBUG_HW_BPS'] }),
        }),
        querystring: OfVm,
        response: responses({ 200: ok('The answer.', Capability) }, ['vm-not-found', 'capability-not-found']),
      },
    },
    async (request) => ask(capabilityOf(request.params.cap), request.query.vm),
  );
}
