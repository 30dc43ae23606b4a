/** Bytes inside JSON: A64 words, hexadecimal or base64, whichever is at hand. */
import { Type } from 'typebox';
import { invalid } from '../problems.ts';

export interface BytesInput {
  readonly words?: readonly (string | number)[];
  readonly hex?: string;
  readonly base64?: string;
}

/** Members for the schema of an object that carries bytes; exactly one of them is to be given. */
export const BytesMembers = {
  words: Type.Optional(
    Type.Unsafe<readonly (string | number)[]>({
      type: 'array',
      items: {
        anyOf: [
          { type: 'string', pattern: '^(0x)?[0-9a-fA-F]{8}$' },
          { type: 'integer', minimum: 0, maximum: 0xffff_ffff },
        ],
      },
      minItems: 1,
      description:
        'Instruction words, 8 hexadecimal digits each, as a disassembler prints them; stored little-endian.',
      examples: [['d503201f', 'd65f03c0']],
    }),
  ),
  hex: Type.Optional(
    Type.String({
      description: 'Bytes in address order, two hexadecimal digits each.',
      examples: ['1f2003d5'],
    }),
  ),
  base64: Type.Optional(
    Type.String({ description: 'Bytes in address order, base64 with padding.', examples: ['HyAD1Q=='] }),
  ),
};

export const BYTE_FORMS = ['words', 'hex', 'base64'] as const;

/** The bytes of an object, at `pointer` in the body; undefined when it has none of the three members. */
export function optionalBytes(input: BytesInput, pointer: string): Uint8Array | undefined {
  const given = BYTE_FORMS.filter((form) => input[form] !== undefined);
  if (given.length > 1)
    throw invalid(pointer, `Give one of ${BYTE_FORMS.join(', ')}, not ${given.join(' and ')}.`);
  if (input.words !== undefined) return wordsToBytes(input.words);
  if (input.hex !== undefined) return hexToBytes(input.hex, `${pointer}/hex`);
  if (input.base64 !== undefined) return base64ToBytes(input.base64, `${pointer}/base64`);
  return undefined;
}

export function requiredBytes(input: BytesInput, pointer: string): Uint8Array {
  const bytes = optionalBytes(input, pointer);
  if (bytes === undefined)
    throw invalid(pointer, `The bytes are missing: give one of ${BYTE_FORMS.join(', ')}.`);
  if (bytes.length === 0) throw invalid(pointer, 'There are no bytes in it.');
  return bytes;
}

function wordsToBytes(words: readonly (string | number)[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, i) => {
    view.setUint32(i * 4, typeof word === 'number' ? word : Number.parseInt(word, 16), true);
  });
  return new Uint8Array(view.buffer);
}

function hexToBytes(text: string, pointer: string): Uint8Array {
  if (text.startsWith('0x'))
    throw invalid(pointer, 'Bytes are written without 0x: two digits for each byte, in address order.');
  if (text.length % 2 !== 0) throw invalid(pointer, 'The number of digits is odd: two digits for each byte.');
  const bytes = Buffer.from(text, 'hex');
  if (bytes.length * 2 !== text.length) {
    throw invalid(pointer, `Digit ${bytes.length * 2} or its neighbour is not hexadecimal.`);
  }
  return bytes;
}

function base64ToBytes(text: string, pointer: string): Uint8Array {
  if (text.length % 4 !== 0) throw invalid(pointer, 'The length of base64 is a multiple of 4: pad with "=".');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw invalid(pointer, 'This is not base64: letters, digits, "+", "/", and "=" at the end.');
  }
  return Buffer.from(text, 'base64');
}
