/** .../guest-debug: KVM_SET_GUEST_DEBUG itself, and a dry run that explains. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { packGuestDebug } from '../../abi/kvm/guest-debug.ts';
import { toJson } from '../../session/exit-json.ts';
import type { GuestDebug } from '../../session/types.ts';
import type { Api, App } from '../app-type.ts';
import { hex32 } from '../codec.ts';
import { ETAG, expectedVersion, IfMatchHeaders, withEtag } from '../etag.ts';
import { BYTES_TYPE, chosenType, JSON_TYPE } from '../plugins/content.ts';
import { invalid } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import { ref, VcpuParams } from '../wire/common.ts';
import {
  GuestDebugInput,
  GuestDebugView,
  guestDebugFromBytes,
  guestDebugFromWire,
  guestDebugToWire,
} from '../wire/guest-debug.ts';
import { vcpuRef } from './vcpus.ts';

const tags = ['guest debug'];
const PATH = '/v1/vms/:vm/vcpus/:n/guest-debug';
const STATE_PROBLEMS = ['vm-not-found', 'vcpu-not-found', 'vcpu-running', 'vcpu-not-initialized'] as const;

const OFF: GuestDebug = { control: 0, bcr: zeros(), bvr: zeros(), wcr: zeros(), wvr: zeros() };
function zeros(): readonly bigint[] {
  return new Array<bigint>(16).fill(0n);
}

/** struct kvm_guest_debug as 520 bytes, in schemas. */
const Struct = Type.Unsafe<Uint8Array>({
  description: 'struct kvm_guest_debug of arm64, 520 bytes, little-endian.',
  contentMediaType: BYTES_TYPE,
});
const PRODUCES = [JSON_TYPE, BYTES_TYPE] as const;

function bodyToGuestDebug(body: unknown): GuestDebug {
  if (body === undefined)
    throw invalid('', 'There is no body: give control and the registers, or the 520 bytes.');
  return body instanceof Uint8Array ? guestDebugFromBytes(body) : guestDebugFromWire(body as GuestDebugInput);
}

export function guestDebugRoutes(app: App, api: Api): void {
  const current = (request: FastifyRequest<{ Params: { vm: string; n: number } }>) => async () =>
    (await api.service.guestDebug(vcpuRef(request.params))).version;

  app.get(
    PATH,
    {
      config: { produces: PRODUCES },
      schema: {
        operationId: 'getGuestDebug',
        summary: 'What the host set last',
        description:
          'Possible in any state. Decoded field by field; with Accept: application/octet-stream the bytes of struct kvm_guest_debug. KVM has no such ioctl.',
        tags,
        params: VcpuParams,
        response: responses(
          {
            200: {
              description: 'The state in force.',
              ...ETAG,
              content: { [JSON_TYPE]: { schema: ref(GuestDebugView) }, [BYTES_TYPE]: { schema: Struct } },
            },
          },
          ['vm-not-found', 'vcpu-not-found'],
        ),
      },
    },
    async (request, reply) => {
      const debug = withEtag(reply, await api.service.guestDebug(vcpuRef(request.params)));
      if (chosenType(request, PRODUCES) === JSON_TYPE) return reply.send(guestDebugToWire(debug));
      return reply.type(BYTES_TYPE).send(Buffer.from(packGuestDebug(debug)));
    },
  );

  app.put(
    PATH,
    {
      config: { consumes: [JSON_TYPE, BYTES_TYPE] },
      schema: {
        operationId: 'setGuestDebug',
        summary: 'KVM_SET_GUEST_DEBUG',
        description:
          'The whole state of this vcpu is replaced at once: slots that are not given are 0. Control bits outside the mask are EINVAL and change nothing.',
        tags,
        params: VcpuParams,
        headers: IfMatchHeaders,
        body: {
          content: { [JSON_TYPE]: { schema: ref(GuestDebugInput) }, [BYTES_TYPE]: { schema: Struct } },
        },
        response: responses(
          { 200: ok('The state now in force.', ref(GuestDebugView), ETAG) },
          [...STATE_PROBLEMS, 'control-flag-unsupported', 'kvm-conflict', 'kvm-refused', 'version-mismatch'],
          { body: true },
        ),
      },
    },
    async (request, reply) => {
      const debug = bodyToGuestDebug(request.body);
      const version = await expectedVersion(request, current(request));
      return guestDebugToWire(
        withEtag(reply, await api.service.setGuestDebug(vcpuRef(request.params), debug, version)),
      );
    },
  );

  app.delete(
    PATH,
    {
      schema: {
        operationId: 'clearGuestDebug',
        summary: 'Turn guest debug off',
        description: 'KVM_SET_GUEST_DEBUG with control 0.',
        tags,
        params: VcpuParams,
        headers: IfMatchHeaders,
        response: responses(
          { 204: { description: 'Off.', type: 'null', ...ETAG } },
          [...STATE_PROBLEMS, 'version-mismatch', 'media-type-unsupported'],
          { changes: true },
        ),
      },
    },
    async (request, reply) => {
      const version = await expectedVersion(request, current(request));
      withEtag(reply, await api.service.setGuestDebug(vcpuRef(request.params), OFF, version));
      return reply.code(204).send(null);
    },
  );

  app.post(
    `${PATH}/explain`,
    {
      config: { consumes: [JSON_TYPE, BYTES_TYPE], changesNothing: true },
      schema: {
        operationId: 'explainGuestDebug',
        summary: 'Say what a guest-debug state would do',
        description:
          'A dry run: decodes every register, says what would and what would never fire, and why. Changes nothing. Without a body: the state in force.',
        tags,
        params: VcpuParams,
        body: {
          content: {
            [JSON_TYPE]: {
              schema: Type.Unsafe<GuestDebugInput | Record<never, never>>({
                anyOf: [ref(GuestDebugInput), { type: 'object', maxProperties: 0 }],
              }),
            },
            [BYTES_TYPE]: { schema: Struct },
          },
        },
        response: responses(
          {
            200: ok(
              'The explanation.',
              Type.Unsafe<Record<string, unknown>>({
                type: 'object',
                additionalProperties: true,
                description: 'More members may come; ignore those you do not know.',
              }),
            ),
          },
          ['vm-not-found', 'vcpu-not-found'],
          { body: true, changesNothing: true },
        ),
      },
    },
    async (request) => {
      const body: unknown = request.body;
      const given =
        body instanceof Uint8Array ||
        (body !== null && typeof body === 'object' && Object.keys(body).length > 0);
      const explanation = await api.service.explainGuestDebug(
        vcpuRef(request.params),
        given ? bodyToGuestDebug(body) : undefined,
      );
      return { ...JSON.parse(toJson(explanation)), control: hex32(explanation.control) };
    },
  );
}
