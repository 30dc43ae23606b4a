/** Schemas that several nouns share. */
import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import type { Labels } from '../../session/types.ts';
import { LIMIT_ROWS } from '../../session/limits.ts';
import { RegisterInput, U32, U32Input, U64, U64Input, U64Text } from '../codec.ts';

/** A shared component by reference, typed as the component itself. */
export function ref<T extends TSchema>(schema: T) {
  const id = (schema as { $id?: string }).$id;
  return Type.Unsafe<Static<T>>(Type.Ref(`${id}#`));
}

/** A reference or null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] });
}

export const NullableString = Type.Unsafe<string | null>({ type: ['string', 'null'] });
export const NullableInteger = Type.Unsafe<number | null>({ type: ['integer', 'null'] });

/** Text of one of the given values. */
export function oneOf<const T extends readonly string[]>(values: T, options: object = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: values, ...options });
}

export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Sequence = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Position on the one ordered timeline of the service; survives restarts.',
});
export const Time = Type.String({ format: 'date-time', description: 'UTC, RFC 3339.' });
export const NullableTime = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' });

export const LabelsSchema = Type.Unsafe<Labels>({
  $id: 'Labels',
  type: 'object',
  description: 'Free key and value pairs for finding things again; filter lists with labels=key:value.',
  additionalProperties: { type: 'string' },
  examples: [{ team: 'bring-up', board: 'virt' }],
});

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'URI reference of the description of this kind of problem.' }),
    title: Type.String({ description: 'The kind of problem in a few words; the same for every occurrence.' }),
    status: Type.Integer({ description: 'The HTTP status code.' }),
    detail: Type.String({ description: 'What went wrong here, whose fault it is, and what to do next.' }),
    code: Type.String({ description: 'Stable name for programs; GET /v1/problems lists all of them.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          detail: Type.String(),
          pointer: Type.Optional(
            Type.String({ description: 'JSON pointer into the request body, as a URI fragment.' }),
          ),
          parameter: Type.Optional(
            Type.String({ description: 'Name of the query, path or header parameter.' }),
          ),
          in: Type.Optional(oneOf(['query', 'path', 'header'])),
        }),
        { description: 'One entry for each thing that is wrong.' },
      ),
    ),
    errno: Type.Optional(
      Type.String({
        description: 'For calls with the shape of a KVM ioctl: what the ioctl would return.',
        examples: ['EINVAL'],
      }),
    ),
  },
  {
    $id: 'Problem',
    description: 'Problem details, RFC 9457. Further members depend on the code.',
    additionalProperties: true,
  },
);

/** Shared components that are registered once. */
export const COMMON = [
  U64,
  U32,
  U64Input,
  U32Input,
  U64Text,
  RegisterInput,
  LabelsSchema,
  ProblemSchema,
] as const;

/** One page of a list. `next` is the cursor of the next page, null on the last one. */
export function page<T extends TSchema>(items: T, description: string) {
  return Type.Object(
    {
      items: Type.Array(items),
      next: Type.Unsafe<string | null>({
        type: ['string', 'null'],
        description: 'Give it as `after` to get the next page; null when there is none.',
      }),
    },
    { description },
  );
}

export const DEFAULT_PAGE = 100;
export const MAX_PAGE = LIMIT_ROWS.pageSize.value;
export const PageLimit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_PAGE,
    default: DEFAULT_PAGE,
    description: 'Greatest number of items in the answer.',
  }),
);

/** Cursors of lists are ids: the last one that was shown. */
const CURSORS = {
  vm: '^vm_[0-9a-z]{20}$',
  run: '^run_[0-9a-z]{20}$',
  ses: '^ses_[0-9a-z]{20}$',
  img: '^img_[0-9a-f]{64}$',
} as const;

export function pageAfter(items: keyof typeof CURSORS) {
  return Type.Optional(
    Type.String({
      pattern: CURSORS[items],
      description: 'The `next` of the page before; the items after it are returned.',
    }),
  );
}

/** Items of a page asked with `limit + 1`, and the cursor behind the last one shown. */
export function toPage<T, W>(
  found: readonly T[],
  limit: number,
  wire: (item: T) => W,
  cursor: (item: T) => string,
) {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(wire), next: found.length > limit && last !== undefined ? cursor(last) : null };
}

export const VmParam = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'The id (vm_...) or the name of a VM.',
});
export const VmParams = Type.Object({ vm: VmParam });
export const VcpuParams = Type.Object({
  vm: VmParam,
  n: Type.Integer({ minimum: 0, maximum: 65535, description: 'Index of the vcpu, from 0.' }),
});
