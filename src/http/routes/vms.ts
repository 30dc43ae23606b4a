/** /v1/vms: create, list, look, change, delete; pause and reset. */
import { Type } from 'typebox';
import type { Api, App } from '../app-type.ts';
import { ETAG, expectedVersion, IdempotencyHeaders, IfMatchHeaders, LOCATION } from '../etag.ts';
import { parseU32, U32Input } from '../codec.ts';
import { etag } from '../headers.ts';
import { invalidParameter } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import { pageAfter, PageLimit, page, ref, toPage, VmParams } from '../wire/common.ts';
import { Vm, VmInput, VmPatch, vmFromWire, vmToWire } from '../wire/vm.ts';

const tags = ['vms'];

const LabelsFilter = Type.Optional(
  Type.Unsafe<string | readonly string[]>({
    anyOf: [
      { type: 'string', maxLength: 1000 },
      { type: 'array', maxItems: 64, items: { type: 'string', maxLength: 1000 } },
    ],
    description: 'key:value; given several times, all must fit.',
    examples: ['team:bring-up'],
  }),
);

function labelsFilter(filter: string | readonly string[] | undefined): Record<string, string> | undefined {
  if (filter === undefined) return undefined;
  const pairs = [filter].flat().map((text) => {
    const colon = text.indexOf(':');
    if (colon < 1) throw invalidParameter('query', 'labels', `${JSON.stringify(text)} is not key:value.`);
    return [text.slice(0, colon), text.slice(colon + 1)];
  });
  return Object.fromEntries(pairs);
}

export function vmRoutes(app: App, api: Api): void {
  app.post(
    '/v1/vms',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'createVm',
        summary: 'Create a VM',
        description:
          'The VM is stopped at its entry; start it with POST /v1/vms/{vm}/runs. Its session is open from now on.',
        tags,
        headers: IdempotencyHeaders,
        body: ref(VmInput),
        response: responses(
          { 201: ok('The VM.', ref(Vm), { headers: { ...LOCATION.headers, ...ETAG.headers } }) },
          [
            'image-not-found',
            'name-taken',
            'name-invalid',
            'labels-invalid',
            'limit-exceeded',
            'vm-spec-invalid',
            'profile-unknown',
            'profile-invalid',
            'feature-unknown',
            'feature-unsupported',
            'kvm-refused',
            'load-address-missing',
            'load-outside-memory',
            'vm-limit',
            'memory-limit',
            'history-unavailable',
            'engine-failed',
            'service-stopping',
          ],
          { body: true, idempotent: true },
        ),
      },
    },
    async (request, reply) => {
      const view = await api.service.createVm(vmFromWire(request.body));
      reply.code(201).headers({ location: `/v1/vms/${view.id}`, etag: etag(view.version) });
      return vmToWire(view);
    },
  );

  app.get(
    '/v1/vms',
    {
      schema: {
        operationId: 'listVms',
        summary: 'List VMs',
        tags,
        querystring: Type.Object(
          { labels: LabelsFilter, limit: PageLimit, after: pageAfter('vm') },
          { additionalProperties: false },
        ),
        response: responses({ 200: ok('One page of VMs, oldest first.', page(ref(Vm), 'VMs.')) }, [
          'engine-failed',
        ]),
      },
    },
    async (request) => {
      const { limit = 100, after } = request.query;
      const labels = labelsFilter(request.query.labels);
      const found = await api.service.vms({
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
        ...(labels === undefined ? {} : { labels }),
      });
      return toPage(found, limit, vmToWire, (vm) => vm.id);
    },
  );

  app.get(
    '/v1/vms/:vm',
    {
      schema: {
        operationId: 'getVm',
        summary: 'Look at a VM',
        tags,
        params: VmParams,
        response: responses({ 200: ok('The VM.', ref(Vm), ETAG) }, ['vm-not-found']),
      },
    },
    async (request, reply) => {
      const view = await api.service.vm(request.params.vm);
      reply.header('etag', etag(view.version));
      return vmToWire(view);
    },
  );

  app.patch(
    '/v1/vms/:vm',
    {
      schema: {
        operationId: 'changeVm',
        summary: 'Change name, labels or lease',
        tags,
        params: VmParams,
        headers: IfMatchHeaders,
        body: ref(VmPatch),
        response: responses(
          { 200: ok('The VM as it is now.', ref(Vm), ETAG) },
          [
            'vm-not-found',
            'name-taken',
            'name-invalid',
            'labels-invalid',
            'limit-exceeded',
            'version-mismatch',
          ],
          { body: true },
        ),
      },
    },
    async (request, reply) => {
      const { vm } = request.params;
      const version = await expectedVersion(request, async () => (await api.service.vm(vm)).version);
      const view = await api.service.patchVm(vm, request.body, version);
      reply.header('etag', etag(view.version));
      return vmToWire(view);
    },
  );

  app.delete(
    '/v1/vms/:vm',
    {
      schema: {
        operationId: 'deleteVm',
        summary: 'Delete a VM',
        description:
          'A running VM is stopped first. Its session ends; sessions, runs and exits stay readable.',
        tags,
        params: VmParams,
        response: responses(
          { 204: { description: 'Gone.', type: 'null' } },
          ['vm-not-found', 'media-type-unsupported'],
          { changes: true },
        ),
      },
    },
    async (request, reply) => {
      await api.service.deleteVm(request.params.vm);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/vms/:vm/pause',
    {
      config: { consumes: [] },
      schema: {
        operationId: 'pauseVm',
        summary: 'Stop all vcpus',
        description:
          'Always accepted. Answers when every vcpu has stopped; a VM that is stopped already answers at once, with its current exits.',
        tags,
        params: VmParams,
        response: responses(
          { 200: ok('The VM, stopped.', ref(Vm), ETAG) },
          ['vm-not-found', 'media-type-unsupported'],
          { changes: true },
        ),
      },
    },
    async (request, reply) => {
      const view = await api.service.pause(request.params.vm);
      reply.header('etag', etag(view.version));
      return vmToWire(view);
    },
  );

  irqLineRoute(app, api);

  app.post(
    '/v1/vms/:vm/reset',
    {
      config: { consumes: [] },
      schema: {
        operationId: 'resetVm',
        summary: 'Start over',
        description:
          'Memory as it was loaded, every vcpu initialised again. Guest debug stays, as KVM_ARM_VCPU_INIT leaves it.',
        tags,
        params: VmParams,
        response: responses(
          { 200: ok('The VM, stopped at its entry.', ref(Vm), ETAG) },
          ['vm-not-found', 'vm-running', 'media-type-unsupported'],
          { changes: true },
        ),
      },
    },
    async (request, reply) => {
      const view = await api.service.reset(request.params.vm);
      reply.header('etag', etag(view.version));
      return vmToWire(view);
    },
  );
}

function irqLineRoute(app: App, api: Api): void {
  app.put(
    '/v1/vms/:vm/irq-line',
    {
      schema: {
        operationId: 'setVmIrqLine',
        summary: 'KVM_IRQ_LINE',
        description:
          'With it a device that the client mocks interrupts the guest. irq is as in struct kvm_irq_level: bits 27:24 are the type, 0 CPU (a VM without a board; 0 is IRQ, 1 is FIQ), 1 SPI (INTID 32 and up), 2 PPI (INTID 16 to 31); bits 23:16 the vcpu of a CPU or PPI type, whose higher bits are 31:28; bits 15:0 the number. ENXIO when the VM has no interrupt controller for the type, or one for the CPU type; EINVAL for what does not exist. The PPIs of the timers are theirs: no effect. Possible in any state; ends a wait in WFI.',
        tags,
        params: VmParams,
        body: Type.Object(
          { irq: ref(U32Input), level: Type.Boolean() },
          { additionalProperties: false, examples: [{ irq: '0x01000070', level: true }] },
        ),
        response: responses(
          { 204: { description: 'The line has this level.', type: 'null' } },
          ['vm-not-found', 'kvm-refused'],
          { body: true },
        ),
      },
    },
    async (request, reply) => {
      const { irq, level } = request.body;
      await api.service.vmIrqLine(request.params.vm, parseU32(irq), level);
      return reply.code(204).send(null);
    },
  );
}
