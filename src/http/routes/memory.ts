/** /v1/vms/{vm}/memory: guest memory as bytes or as JSON, by physical or virtual address. */
import { Type } from 'typebox';
import type { Api, App } from '../app-type.ts';
import { hex64, parseU64, toBase64, toHex, U64, U64Text } from '../codec.ts';
import { byteRange } from '../headers.ts';
import { BYTES_TYPE, chosenType, JSON_TYPE } from '../plugins/content.ts';
import { HttpProblem, invalid } from '../problems.ts';
import { responses } from '../responses.ts';
import { oneOf, ref, VmParams } from '../wire/common.ts';
import { type BytesInput, BytesMembers, requiredBytes } from '../wire/bytes.ts';

const tags = ['memory'];
const PATH = '/v1/vms/:vm/memory';
const PRODUCES = [JSON_TYPE, BYTES_TYPE] as const;
const PROBLEMS = [
  'vm-not-found',
  'vcpu-not-found',
  'vcpu-running',
  'vcpu-not-initialized',
  'memory-not-mapped',
  'transfer-too-large',
] as const;

const Place = {
  address: ref(U64Text),
  space: Type.Optional(
    oneOf(['physical', 'virtual'], {
      description:
        'Guest physical addresses are readable in any state; virtual ones need a stopped vcpu, whose tables are walked ' +
        'for each page: neighbours may be anywhere, and permissions and access flags do not matter. Default physical.',
    }),
  ),
  vcpu: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 65535, description: 'Whose translation is used. Default 0.' }),
  ),
};
const Length = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Bytes.' });
const ENCODINGS = ['hex', 'base64'] as const;

const Memory = Type.Object(
  {
    address: ref(U64),
    length: Type.Integer(),
    hex: Type.Optional(Type.String()),
    base64: Type.Optional(Type.String()),
  },
  { $id: 'Memory' },
);
const Bytes = Type.Unsafe<Uint8Array>({ description: 'The bytes.', contentMediaType: BYTES_TYPE });
const MemoryInput = Type.Object(BytesMembers, {
  additionalProperties: false,
  description: 'Exactly one of words, hex and base64.',
  examples: [{ words: ['d503201f'] }],
});

export function memoryRoutes(app: App, api: Api): void {
  app.get(
    PATH,
    {
      config: { produces: PRODUCES },
      schema: {
        operationId: 'readMemory',
        summary: 'Read guest memory',
        description:
          'As JSON, or with Accept: application/octet-stream as bytes, of which Range takes a part. RAM and flash, all of it or none.',
        tags,
        params: VmParams,
        querystring: Type.Object(
          {
            ...Place,
            length: Length,
            encoding: Type.Optional(oneOf(ENCODINGS, { description: 'Of bytes in JSON. Default hex.' })),
          },
          { additionalProperties: false },
        ),
        headers: Type.Object({
          range: Type.Optional(
            Type.String({ maxLength: 200, description: 'bytes=FIRST-LAST, for octet-stream.' }),
          ),
        }),
        response: responses(
          {
            200: {
              description: 'The memory.',
              content: { [JSON_TYPE]: { schema: Memory }, [BYTES_TYPE]: { schema: Bytes } },
            },
            206: {
              description: 'The part that Range asked for.',
              headers: { 'Content-Range': { type: 'string', description: 'Which bytes of how many.' } },
              content: { [BYTES_TYPE]: { schema: Bytes } },
            },
          },
          [...PROBLEMS, 'range-not-satisfiable'],
        ),
      },
    },
    async (request, reply) => {
      const { address, length, space = 'physical', vcpu = 0, encoding = 'hex' } = request.query;
      const at = { address: parseU64(address), length, space, vcpu };
      if (chosenType(request, PRODUCES) === JSON_TYPE) {
        const bytes = await api.service.readMemory(request.params.vm, at);
        const text = encoding === 'hex' ? { hex: toHex(bytes) } : { base64: toBase64(bytes) };
        return reply.send({ address: hex64(at.address), length: bytes.length, ...text });
      }
      reply.header('accept-ranges', 'bytes').type(BYTES_TYPE);
      const range = byteRange(request.headers.range, length);
      if (range === 'unsatisfiable') throw outsideRange(length);
      if (range === undefined)
        return reply.send(Buffer.from(await api.service.readMemory(request.params.vm, at)));
      const part = {
        ...at,
        address: BigInt.asUintN(64, at.address + BigInt(range.start)),
        length: range.end - range.start + 1,
      };
      const bytes = await api.service.readMemory(request.params.vm, part);
      return reply
        .code(206)
        .header('content-range', `bytes ${range.start}-${range.end}/${length}`)
        .send(Buffer.from(bytes));
    },
  );

  app.put(
    PATH,
    {
      config: { consumes: [JSON_TYPE, BYTES_TYPE] },
      schema: {
        operationId: 'writeMemory',
        summary: 'Write guest memory',
        description:
          'Bytes, or JSON with words, hex or base64. RAM, read-only pages and flash, too; all of it or none. ' +
          'Decoded instructions at the address are forgotten.',
        tags,
        params: VmParams,
        querystring: Type.Object({ ...Place }, { additionalProperties: false }),
        body: { content: { [JSON_TYPE]: { schema: MemoryInput }, [BYTES_TYPE]: { schema: Bytes } } },
        response: responses({ 204: { description: 'Written.', type: 'null' } }, PROBLEMS, { body: true }),
      },
    },
    async (request, reply) => {
      const { address, space = 'physical', vcpu = 0 } = request.query;
      const bytes = bodyBytes(request.body);
      await api.service.writeMemory(request.params.vm, { address: parseU64(address), space, vcpu }, bytes);
      return reply.code(204).send(null);
    },
  );
}

function bodyBytes(body: unknown): Uint8Array {
  if (!(body instanceof Uint8Array)) return requiredBytes((body ?? {}) as BytesInput, '');
  if (body.length === 0) throw invalid('', 'There are no bytes in it.');
  return body;
}

function outsideRange(length: number): HttpProblem {
  return new HttpProblem(
    'range-not-satisfiable',
    `Range starts after the ${length} bytes that address and length name. Ask for bytes inside.`,
    {
      headers: { 'content-range': `bytes */${length}` },
    },
  );
}
