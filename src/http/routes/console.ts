/** /v1/vms/{vm}/console: what a guest with a board says, and what it is told. */
import { Type } from 'typebox';
import type { Api, App } from '../app-type.ts';
import { BYTES_TYPE, chosenType, JSON_TYPE } from '../plugins/content.ts';
import { invalid } from '../problems.ts';
import { responses } from '../responses.ts';
import { Count, VmParams } from '../wire/common.ts';

const tags = ['console'];
const PATH = '/v1/vms/:vm/console';
const PRODUCES = [JSON_TYPE, BYTES_TYPE] as const;
const PROBLEMS = ['vm-not-found', 'console-missing'] as const;
/** Bytes of one answer. */
const ANSWER = 256 * 1024;

const Output = Type.Object(
  {
    from: Count,
    next: Count,
    text: Type.String({ description: 'The bytes as UTF-8; what is no UTF-8 is U+FFFD.' }),
  },
  { $id: 'ConsoleOutput', additionalProperties: false },
);
const Bytes = Type.Unsafe<Uint8Array>({ description: 'The bytes.', contentMediaType: BYTES_TYPE });
const Input = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 65536, description: 'Sent as UTF-8.' }) },
  { additionalProperties: false, examples: [{ text: 'uname -a\n' }] },
);
const Accepted = Type.Object({
  accepted: {
    ...Count,
    description: 'Bytes that found room in the console; offer the rest again later.',
  } as typeof Count,
});

export function consoleRoutes(app: App, api: Api): void {
  app.get(
    PATH,
    {
      config: { produces: PRODUCES },
      schema: {
        operationId: 'readConsole',
        summary: 'Read console output',
        description:
          'From a position on, as JSON, or with Accept: application/octet-stream as bytes. Continue at next. Live: GET /v1/vms/{vm}/events?kinds=console.',
        tags,
        params: VmParams,
        querystring: Type.Object(
          {
            after: Type.Optional({
              ...Count,
              description: 'Position in bytes since the VM was created. Default 0.',
            } as typeof Count),
          },
          { additionalProperties: false },
        ),
        response: responses(
          {
            200: {
              description: 'The output. from is later than after when older output is no longer kept.',
              headers: {
                'Console-From': { type: 'string', description: 'Position of the first byte.' },
                'Console-Next': { type: 'string', description: 'Position after the last one.' },
              },
              content: { [JSON_TYPE]: { schema: Output }, [BYTES_TYPE]: { schema: Bytes } },
            },
          },
          PROBLEMS,
        ),
      },
    },
    async (request, reply) => {
      const { after = 0 } = request.query;
      const { from, next, bytes } = await api.service.consoleOutput(request.params.vm, after, ANSWER);
      reply.headers({ 'console-from': String(from), 'console-next': String(next) });
      if (chosenType(request, PRODUCES) === BYTES_TYPE)
        return reply.type(BYTES_TYPE).send(Buffer.from(bytes));
      return reply.send({ from, next, text: new TextDecoder().decode(bytes) });
    },
  );

  app.post(
    PATH,
    {
      config: { consumes: [JSON_TYPE, BYTES_TYPE] },
      schema: {
        operationId: 'typeConsole',
        summary: 'Type on the console',
        description: 'Text, or bytes. In any state; the guest sees it when it runs.',
        tags,
        params: VmParams,
        body: { content: { [JSON_TYPE]: { schema: Input }, [BYTES_TYPE]: { schema: Bytes } } },
        response: responses(
          { 200: { description: 'Typed.', content: { [JSON_TYPE]: { schema: Accepted } } } },
          [...PROBLEMS, 'limit-exceeded'],
          { body: true },
        ),
      },
    },
    async (request, reply) => {
      const accepted = await api.service.consoleInput(request.params.vm, bytesOf(request.body));
      return reply.send({ accepted });
    },
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) {
    if (body.length === 0) throw invalid('', 'There are no bytes in it.');
    return body;
  }
  const { text } = (body ?? {}) as { text?: string };
  if (text === undefined)
    throw invalid('', 'There is nothing to type: give text, or bytes as application/octet-stream.');
  return new TextEncoder().encode(text);
}
