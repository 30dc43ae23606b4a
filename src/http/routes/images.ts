/** /v1/images: upload once, load into any number of VMs. */
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { ImageKind } from '../../session/types.ts';
import type { Api, App } from '../app-type.ts';
import { parseU64, U64Text } from '../codec.ts';
import { IdempotencyHeaders, LOCATION } from '../etag.ts';
import { BYTES_TYPE, chosenType, FORM_TYPE, JSON_TYPE } from '../plugins/content.ts';
import { readForm, type UploadForm } from '../plugins/form.ts';
import { invalid } from '../problems.ts';
import { ok, responses } from '../responses.ts';
import { requiredBytes } from '../wire/bytes.ts';
import { pageAfter, PageLimit, page, ref, toPage } from '../wire/common.ts';
import {
  Image,
  ImageInput,
  ImageKindSchema,
  imageToWire,
  SymbolSchema,
  symbolToWire,
} from '../wire/image.ts';
import { NameInput } from '../wire/vm.ts';

const tags = ['images'];
const PRODUCES = [JSON_TYPE, BYTES_TYPE] as const;
/** Room for what surrounds the bytes in JSON and multipart. */
const ENVELOPE = 64 * 1024;

const ImageParams = Type.Object({
  image: Type.String({ minLength: 1, maxLength: 128, description: 'img_...' }),
});
const Bytes = Type.Unsafe<Uint8Array>({
  description: 'The bytes of the image.',
  contentMediaType: BYTES_TYPE,
});
const Form = Type.Unsafe<UploadForm>({
  type: 'object',
  properties: {
    file: { description: 'The bytes of the image.', contentMediaType: BYTES_TYPE },
    name: NameInput,
    kind: ImageKindSchema,
  },
  required: ['file'],
  additionalProperties: false,
});

interface Upload {
  readonly bytes: Uint8Array;
  readonly name?: string | undefined;
  readonly kind?: ImageKind | undefined;
}

function uploadOf(request: FastifyRequest<{ Querystring: { name?: string; kind?: ImageKind } }>): Upload {
  const body: unknown = request.body ?? {};
  if (body instanceof Uint8Array) {
    if (body.length === 0) throw invalid('', 'There are no bytes in it.');
    return { bytes: body, ...request.query };
  }
  const members = body as Static<typeof ImageInput> & Partial<UploadForm>;
  const named = { name: members.name ?? request.query.name, kind: members.kind ?? request.query.kind };
  return { bytes: members.file ?? requiredBytes(members, ''), ...named };
}

export function imageRoutes(app: App, api: Api): void {
  const { imageBytes } = api.limits;

  app.post(
    '/v1/images',
    {
      config: { idempotent: true, consumes: [JSON_TYPE, BYTES_TYPE, FORM_TYPE] },
      /** Two hexadecimal digits for each byte are the longest spelling. */
      bodyLimit: 2 * imageBytes + ENVELOPE,
      preValidation: async (request) => readForm(request, imageBytes),
      schema: {
        operationId: 'uploadImage',
        summary: 'Upload an image',
        description:
          'As bytes, as a form with a file, or inline in JSON. Content-addressed: the same bytes again are the same image.',
        tags,
        headers: IdempotencyHeaders,
        querystring: Type.Object(
          { name: Type.Optional(NameInput), kind: Type.Optional(ImageKindSchema) },
          { additionalProperties: false },
        ),
        body: {
          content: {
            [JSON_TYPE]: { schema: ref(ImageInput) },
            [BYTES_TYPE]: { schema: Bytes },
            [FORM_TYPE]: { schema: Form },
          },
        },
        response: responses(
          { 201: ok('The image.', ref(Image), LOCATION) },
          [
            'image-invalid',
            'image-kind-differs',
            'image-too-large',
            'image-limit',
            'service-stopping',
            'name-invalid',
          ],
          { body: true, idempotent: true },
        ),
      },
    },
    async (request, reply) => {
      const { bytes, name, kind } = uploadOf(request);
      const view = await api.service.putImage(bytes, {
        ...(name === undefined ? {} : { name }),
        ...(kind === undefined ? {} : { kind }),
      });
      reply.code(201).header('location', `/v1/images/${view.id}`);
      return imageToWire(view);
    },
  );

  app.get(
    '/v1/images',
    {
      schema: {
        operationId: 'listImages',
        summary: 'List images',
        tags,
        querystring: Type.Object(
          { limit: PageLimit, after: pageAfter('img') },
          { additionalProperties: false },
        ),
        response: responses({ 200: ok('One page of images.', page(ref(Image), 'Images.')) }, []),
      },
    },
    async (request) => {
      const { limit = 100, after } = request.query;
      const found = await api.service.images({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
      return toPage(found, limit, imageToWire, (image) => image.id);
    },
  );

  app.get(
    '/v1/images/:image',
    {
      config: { produces: PRODUCES },
      schema: {
        operationId: 'getImage',
        summary: 'Look at an image, or download it',
        description: 'With Accept: application/octet-stream the bytes.',
        tags,
        params: ImageParams,
        response: responses(
          {
            200: {
              description: 'The image.',
              content: { [JSON_TYPE]: { schema: ref(Image) }, [BYTES_TYPE]: { schema: Bytes } },
            },
          },
          ['image-not-found'],
        ),
      },
    },
    async (request, reply) => {
      const { image } = request.params;
      if (chosenType(request, PRODUCES) === JSON_TYPE)
        return reply.send(imageToWire(await api.service.image(image)));
      return reply.type(BYTES_TYPE).send(Buffer.from(await api.service.imageBytes(image)));
    },
  );

  app.delete(
    '/v1/images/:image',
    {
      schema: {
        operationId: 'deleteImage',
        summary: 'Delete an image',
        tags,
        params: ImageParams,
        response: responses(
          { 204: { description: 'Gone.', type: 'null' } },
          ['image-not-found', 'image-in-use', 'media-type-unsupported'],
          { changes: true },
        ),
      },
    },
    async (request, reply) => {
      await api.service.deleteImage(request.params.image);
      return reply.code(204).send(null);
    },
  );

  symbolRoute(app, api);
}

const SymbolQuery = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 4096, description: 'Symbols of this name.' })),
    address: Type.Optional(ref(U64Text)),
    limit: PageLimit,
    after: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,9}$', description: 'The `next` of the page before.' }),
    ),
  },
  { additionalProperties: false },
);

function symbolRoute(app: App, api: Api): void {
  app.get(
    '/v1/images/:image/symbols',
    {
      schema: {
        operationId: 'listSymbols',
        summary: 'Symbols of an image',
        description:
          'All, those of a name, or those that an address lies in: of ELF files, of lists of symbols, and of Linux images, which carry the names of their functions (CONFIG_KALLSYMS) and of what they export to modules, for the address they are linked at. Images without symbols have an empty list.',
        tags,
        params: ImageParams,
        querystring: SymbolQuery,
        response: responses({ 200: ok('One page of symbols.', page(ref(SymbolSchema), 'Symbols.')) }, [
          'image-not-found',
        ]),
      },
    },
    async (request) => {
      const { limit = 100, name, address } = request.query;
      const after = Number(request.query.after ?? 0);
      const found = await api.service.symbols(request.params.image, {
        limit: limit + 1,
        after,
        ...(name === undefined ? {} : { name }),
        ...(address === undefined ? {} : { address: parseU64(address) }),
      });
      const items = found.slice(0, limit).map(symbolToWire);
      return { items, next: found.length > limit ? String(after + limit) : null };
    },
  );
}
