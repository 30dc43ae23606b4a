/** .../registers by name, and .../one-reg by KVM id. */
import { Type } from 'typebox';
import type { Api, App } from '../app-type.ts';
import { hex64, parseU64, RegisterInput, U64, U64Text } from '../codec.ts';
import { ETAG, expectedVersion, IfMatchHeaders, withEtag } from '../etag.ts';
import { invalid } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import { ref, VcpuParams } from '../wire/common.ts';
import { registersToWire } from '../wire/run.ts';
import { vcpuRef } from './vcpus.ts';

const tags = ['registers'];
const STATE_PROBLEMS = [
  'vm-not-found',
  'vcpu-not-found',
  'vcpu-running',
  'vcpu-not-initialized',
  'register-unknown',
] as const;

const Values = Type.Record(Type.String(), Type.String(), {
  description: 'Values by name: 16 hexadecimal digits, 32 for v0 to v31.',
  examples: [{ pc: '0x0000000040000000', x0: '0x0000000000000007' }],
});

/** Bits 52 to 55 of a KVM register id are log2 of the size in bytes. Source: Linux uapi kvm.h, KVM_REG_SIZE. */
function registerBytes(id: bigint): number {
  return 1 << Number((id >> 52n) & 0xfn);
}

function valueToWire(id: bigint, value: bigint): string {
  return `0x${value.toString(16).padStart(2 * registerBytes(id), '0')}`;
}

export function registerRoutes(app: App, api: Api): void {
  app.get(
    '/v1/vms/:vm/vcpus/:n/registers',
    {
      schema: {
        operationId: 'getRegisters',
        summary: 'Read registers by name',
        tags,
        params: VcpuParams,
        querystring: Type.Object(
          {
            names: Type.Optional(
              Type.String({
                maxLength: 20_000,
                description: 'Names or groups (core, simd, system), with commas between. Default core.',
                examples: ['pc,pstate,x0'],
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: responses({ 200: ok('The values.', Values, ETAG) }, [...STATE_PROBLEMS, 'limit-exceeded']),
      },
    },
    async (request, reply) => {
      const names = (request.query.names ?? 'core').split(',').map((name) => name.trim());
      return registersToWire(withEtag(reply, await api.service.registers(vcpuRef(request.params), names)));
    },
  );

  app.patch(
    '/v1/vms/:vm/vcpus/:n/registers',
    {
      schema: {
        operationId: 'setRegisters',
        summary: 'Write registers by name',
        description: 'All or none. Answers with the registers written, as they read now.',
        tags,
        params: VcpuParams,
        headers: IfMatchHeaders,
        body: Type.Record(Type.String(), ref(RegisterInput), {
          minProperties: 1,
          examples: [{ pc: '0x40000010', x0: 7 }],
        }),
        response: responses(
          { 200: ok('The values now.', Values, ETAG) },
          [
            ...STATE_PROBLEMS,
            'register-refused',
            'kvm-conflict',
            'kvm-refused',
            'limit-exceeded',
            'version-mismatch',
          ],
          { body: true },
        ),
      },
    },
    async (request, reply) => {
      const ref = vcpuRef(request.params);
      const values = Object.fromEntries(
        Object.entries(request.body).map(([name, value]) => [name, parseU64(value)]),
      );
      const version = await expectedVersion(
        request,
        async () => (await api.service.registers(ref, ['pc'])).version,
      );
      return registersToWire(withEtag(reply, await api.service.setRegisters(ref, values, version)));
    },
  );

  oneRegRoutes(app, api);
}

const OneRegParams = Type.Object({ ...VcpuParams.properties, id: ref(U64Text) });
const OneReg = Type.Object(
  {
    id: ref(U64),
    value: Type.String({
      description: 'As many hexadecimal digits as the register has.',
      examples: ['0x0000000040000000'],
    }),
  },
  { description: 'A register by its KVM id.' },
);

function oneRegRoutes(app: App, api: Api): void {
  app.get(
    '/v1/vms/:vm/vcpus/:n/one-reg',
    {
      schema: {
        operationId: 'listRegisterIds',
        summary: 'KVM_GET_REG_LIST',
        tags,
        params: VcpuParams,
        response: responses(
          { 200: ok('All ids.', Type.Object({ items: Type.Array(ref(U64)), next: Type.Null() })) },
          ['vm-not-found', 'vcpu-not-found', 'vcpu-running', 'vcpu-not-initialized'],
        ),
      },
    },
    async (request) => ({
      items: (await api.service.regList(vcpuRef(request.params))).map(hex64),
      next: null,
    }),
  );

  app.get(
    '/v1/vms/:vm/vcpus/:n/one-reg/:id',
    {
      schema: {
        operationId: 'getOneReg',
        summary: 'KVM_GET_ONE_REG',
        tags,
        params: OneRegParams,
        response: responses({ 200: ok('The register.', OneReg) }, [...STATE_PROBLEMS, 'register-refused']),
      },
    },
    async (request) => {
      const id = parseU64(request.params.id);
      return { id: hex64(id), value: valueToWire(id, await api.service.oneReg(vcpuRef(request.params), id)) };
    },
  );

  app.put(
    '/v1/vms/:vm/vcpus/:n/one-reg/:id',
    {
      schema: {
        operationId: 'setOneReg',
        summary: 'KVM_SET_ONE_REG',
        tags,
        params: OneRegParams,
        body: Type.Object(
          { value: ref(RegisterInput) },
          { additionalProperties: false, examples: [{ value: '0x40000010' }] },
        ),
        response: responses(
          { 200: ok('The register as it reads now.', OneReg) },
          [...STATE_PROBLEMS, 'register-refused', 'kvm-conflict', 'kvm-refused'],
          { body: true },
        ),
      },
    },
    async (request) => {
      const id = parseU64(request.params.id);
      const value = parseU64(request.body.value);
      if (value >> BigInt(8 * registerBytes(id)) !== 0n) {
        throw invalid(
          '/value',
          `The id says that the register has ${registerBytes(id)} bytes; the value does not fit.`,
        );
      }
      await api.service.setOneReg(vcpuRef(request.params), id, value);
      return { id: hex64(id), value: valueToWire(id, await api.service.oneReg(vcpuRef(request.params), id)) };
    },
  );
}
