/** Images: what is loaded into guest memory, stored under the hash of its content. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { ImageKind, ImageView, SymbolView } from '../../session/types.ts';
import { hex64, U64 } from '../codec.ts';
import { BytesMembers } from './bytes.ts';
import { Count, NullableString, nullable, oneOf, ref, Time } from './common.ts';
import { NameInput } from './vm.ts';

export const IMAGE_KINDS = [
  'elf',
  'raw',
  'linux-image',
  'initrd',
  'symbols',
  'firmware',
  'disk',
] as const satisfies readonly ImageKind[];
export const ImageKindSchema = oneOf(IMAGE_KINDS, {
  description:
    'Default: found out from the bytes, of which `initrd`, `firmware` and `disk` are `raw`. `symbols` is text with a symbol on each line, as System.map and /proc/kallsyms have it.',
});

export const ImageInput = Type.Object(
  { name: Type.Optional(NameInput), kind: Type.Optional(ImageKindSchema), ...BytesMembers },
  {
    $id: 'ImageInput',
    description: 'Exactly one of words, hex and base64.',
    additionalProperties: false,
    examples: [{ name: 'two-nops', words: ['d503201f', 'd503201f'] }],
  },
);

export const Image = Type.Object(
  {
    id: Type.String({ examples: ['img_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] }),
    kind: oneOf(IMAGE_KINDS),
    name: NullableString,
    size: Count,
    sha256: Type.String(),
    createdAt: Time,
    entry: nullable(ref(U64)),
    symbols: Count,
  },
  { $id: 'Image', additionalProperties: false },
);

export function imageToWire(view: ImageView): Static<typeof Image> {
  return {
    ...view,
    createdAt: view.createdAt.toISOString(),
    entry: view.entry === null ? null : hex64(view.entry),
  };
}

export const SymbolSchema = Type.Object(
  { name: Type.String(), address: ref(U64), size: Count, type: oneOf(['function', 'object', 'other']) },
  { $id: 'Symbol', additionalProperties: false },
);

export function symbolToWire(view: SymbolView): Static<typeof SymbolSchema> {
  return { ...view, address: hex64(view.address) };
}
