/** /v1/vms/{vm}/vcpus: each vcpu; KVM_ARM_VCPU_INIT, MP_STATE, KVM_IRQ_LINE, translation. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { SessionError } from '../../session/errors.ts';
import type { VcpuRef } from '../../session/service.ts';
import type { Api, App } from '../app-type.ts';
import { ok, responses } from '../responses.ts';
import { oneOf, page, ref, VcpuParams, VmParams } from '../wire/common.ts';
import { MP_STATES, Vcpu, vcpuToWire } from '../wire/vcpu.ts';
import { DEFAULT_FEATURES } from '../wire/vm.ts';

const tags = ['vcpus'];

export function vcpuRef(params: { readonly vm: string; readonly n: number }): VcpuRef {
  return { vm: params.vm, vcpu: params.n };
}

/** A vcpu has one URL: `00` and `0x0` are numbers, too, but not of a vcpu. */
function requirePlainIndex(request: FastifyRequest): void {
  const { n } = (request.params ?? {}) as { n?: unknown };
  if (typeof n !== 'string' || /^(0|[1-9][0-9]*)$/.test(n) || !(Number(n) >= 0)) return;
  throw new SessionError(
    'vcpu-not-found',
    `There is no vcpu ${JSON.stringify(n.slice(0, 40))}: they are 0, 1, 2 and so on, in decimal without leading zeros.`,
  );
}

/** Also for the routes of what a vcpu has, wherever they are declared. */
export function vcpuRoutes(app: App, api: Api): void {
  app.addHook('preValidation', async (request) => requirePlainIndex(request));
  app.get(
    '/v1/vms/:vm/vcpus',
    {
      schema: {
        operationId: 'listVcpus',
        summary: 'List the vcpus of a VM',
        tags,
        params: VmParams,
        response: responses({ 200: ok('All vcpus.', page(ref(Vcpu), 'vcpus; always one page.')) }, [
          'vm-not-found',
        ]),
      },
    },
    async (request) => ({
      items: (await api.service.vm(request.params.vm)).vcpus.map(vcpuToWire),
      next: null,
    }),
  );

  app.get(
    '/v1/vms/:vm/vcpus/:n',
    {
      schema: {
        operationId: 'getVcpu',
        summary: 'Look at a vcpu',
        description: 'Run state, last exit, and how many of its debug slots are used.',
        tags,
        params: VcpuParams,
        response: responses({ 200: ok('The vcpu.', ref(Vcpu)) }, ['vm-not-found', 'vcpu-not-found']),
      },
    },
    async (request) => vcpuToWire(await api.service.vcpu(vcpuRef(request.params))),
  );

  app.post(
    '/v1/vms/:vm/vcpus/:n/init',
    {
      schema: {
        operationId: 'initVcpu',
        summary: 'KVM_ARM_VCPU_INIT',
        description: 'Resets the registers of the vcpu. Guest debug stays.',
        tags,
        params: VcpuParams,
        body: Type.Object(
          {
            features: Type.Optional(
              Type.Array(Type.String({ maxLength: 64 }), {
                maxItems: 32,
                description: `Default ${DEFAULT_FEATURES.join(', ')}.`,
              }),
            ),
          },
          { additionalProperties: false, examples: [{ features: ['psci_0_2'] }] },
        ),
        response: responses(
          { 200: ok('The vcpu, initialised.', ref(Vcpu)) },
          [
            'vm-not-found',
            'vcpu-not-found',
            'vcpu-running',
            'feature-unknown',
            'feature-unsupported',
            'kvm-conflict',
            'kvm-refused',
          ],
          { body: true },
        ),
      },
    },
    async (request) =>
      vcpuToWire(await api.service.init(vcpuRef(request.params), request.body.features ?? DEFAULT_FEATURES)),
  );

  mpStateRoutes(app, api);

  app.put(
    '/v1/vms/:vm/vcpus/:n/irq-line',
    {
      schema: {
        operationId: 'setIrqLine',
        summary: 'KVM_IRQ_LINE of the CPU type',
        description:
          'For a VM without a board; PUT /v1/vms/{vm}/irq-line has every type. Possible in any state; ends a wait in WFI.',
        tags,
        params: VcpuParams,
        body: Type.Object(
          { line: Type.Optional(oneOf(['irq', 'fiq'])), level: Type.Boolean() },
          { additionalProperties: false, examples: [{ line: 'irq', level: true }] },
        ),
        response: responses(
          { 204: { description: 'The line has this level.', type: 'null' } },
          ['vm-not-found', 'vcpu-not-found', 'kvm-refused'],
          { body: true },
        ),
      },
    },
    async (request, reply) => {
      await api.service.irqLine(vcpuRef(request.params), request.body.line ?? 'irq', request.body.level);
      return reply.code(204).send(null);
    },
  );
}

const MpStateBody = Type.Object(
  { mpState: oneOf(MP_STATES) },
  { additionalProperties: false, examples: [{ mpState: 'KVM_MP_STATE_RUNNABLE' }] },
);
const MP_PROBLEMS = ['vm-not-found', 'vcpu-not-found'] as const;

function mpStateRoutes(app: App, api: Api): void {
  app.get(
    '/v1/vms/:vm/vcpus/:n/mp-state',
    {
      schema: {
        operationId: 'getMpState',
        summary: 'KVM_GET_MP_STATE',
        tags,
        params: VcpuParams,
        response: responses({ 200: ok('The state.', MpStateBody) }, MP_PROBLEMS),
      },
    },
    async (request) => ({ mpState: await api.service.mpState(vcpuRef(request.params)) }),
  );

  app.put(
    '/v1/vms/:vm/vcpus/:n/mp-state',
    {
      schema: {
        operationId: 'setMpState',
        summary: 'KVM_SET_MP_STATE',
        tags,
        params: VcpuParams,
        body: MpStateBody,
        response: responses({ 200: ok('The state now.', MpStateBody) }, [...MP_PROBLEMS, 'vcpu-running'], {
          body: true,
        }),
      },
    },
    async (request) => {
      await api.service.setMpState(vcpuRef(request.params), request.body.mpState);
      return { mpState: await api.service.mpState(vcpuRef(request.params)) };
    },
  );
}
