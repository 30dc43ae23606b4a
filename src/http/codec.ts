/**
 * 64-bit and 32-bit values on the wire, the only place that knows their spelling. Out: lower-case `0x` text, 16 or 8
 * digits. In: `0x` text of up to the width, or a JSON integer that a double holds exactly. A bare digit string is
 * refused: "10" could be ten or sixteen, and guessing wrong arms the wrong address.
 */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { hex32, hex64 } from '../base/u64.ts';

export { hex32, hex64 };

export const U64 = Type.String({
  $id: 'U64',
  description: 'An unsigned 64-bit value: 0x and 16 lower-case hexadecimal digits.',
  pattern: '^0x[0-9a-f]{16}$',
  examples: ['0x0000000040000000'],
});

export const U32 = Type.String({
  $id: 'U32',
  description: 'An unsigned 32-bit value: 0x and 8 lower-case hexadecimal digits.',
  pattern: '^0x[0-9a-f]{8}$',
  examples: ['0xc2000022'],
});

export const U64Input = Type.Unsafe<string | number>({
  $id: 'U64Input',
  title: 'U64Input',
  description:
    'An unsigned 64-bit value: "0x" and 1 to 16 hexadecimal digits, or a JSON integer up to 9007199254740991. ' +
    'A string without 0x is refused.',
  anyOf: [
    { type: 'string', pattern: '^0x[0-9a-fA-F]{1,16}$' },
    { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  ],
  examples: ['0x40000000', 1073741824],
});

export const U32Input = Type.Unsafe<string | number>({
  $id: 'U32Input',
  title: 'U32Input',
  description:
    'An unsigned 32-bit value: "0x" and 1 to 8 hexadecimal digits, or a JSON integer up to 4294967295. ' +
    'A string without 0x is refused.',
  anyOf: [
    { type: 'string', pattern: '^0x[0-9a-fA-F]{1,8}$' },
    { type: 'integer', minimum: 0, maximum: 0xffff_ffff },
  ],
  examples: ['0x20001', 131073],
});

/** A 64-bit value in a URL, where numbers and strings look alike: only `0x` text. */
export const U64Text = Type.String({
  $id: 'U64Text',
  title: 'U64Text',
  description: 'An unsigned 64-bit value in a URL: 0x and 1 to 16 hexadecimal digits.',
  pattern: '^0x[0-9a-fA-F]{1,16}$',
  examples: ['0x40000000'],
});

/** The value of any register: vector registers have 128 bits. */
export const RegisterInput = Type.Unsafe<string | number>({
  $id: 'RegisterInput',
  title: 'RegisterInput',
  description:
    'The value of a register: "0x" and up to 16 hexadecimal digits (32 for v0 to v31), or a JSON integer up to ' +
    '9007199254740991. A string without 0x is refused.',
  anyOf: [
    { type: 'string', pattern: '^0x[0-9a-fA-F]{1,32}$' },
    { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  ],
  examples: ['0x40000000', 7],
});

export type WireU64 = Static<typeof U64Input>;

/** A value that has passed `U64Input`, `U32Input`, `U64Text` or `RegisterInput`. */
export function parseU64(value: WireU64): bigint {
  return BigInt(value);
}

/** A value that has passed `U32Input`. */
export function parseU32(value: WireU64): number {
  return Number(value);
}

/** In words; vector registers are the wide ones among registers. */
function bits(width: number): string {
  return width === 128 ? '64-bit (for v0 to v31: 128-bit)' : `${width}-bit`;
}

const WIDTHS: Readonly<Record<string, number>> = {
  U64Input: 64,
  U32Input: 32,
  U64Text: 64,
  RegisterInput: 128,
};

/**
 * Why a value is no U64Input, U32Input or U64Text (by schema title), and how to write it; undefined for other schemas.
 */
export function explainNumber(title: unknown, value: unknown): string | undefined {
  const width = typeof title === 'string' ? WIDTHS[title] : undefined;
  if (width === undefined) return undefined;
  const inUrl = title === 'U64Text';
  const forms = inUrl ? '"0x" and hexadecimal digits' : '"0x" and hexadecimal digits, or a JSON integer';
  if (typeof value === 'string') return explainText(value, width, forms);
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return `${value} is not an integer.`;
    if (value < 0)
      return `${value} is negative: write the unsigned ${bits(width)} pattern as a "0x..." string.`;
    return width === 32
      ? `${value} does not fit in 32 bits.`
      : `${value} is too large for an exact JSON number (limit 9007199254740991): write it as a "0x..." string.`;
  }
  return `An unsigned ${bits(width)} value is written as ${forms}.`;
}

function explainText(value: string, width: number, forms: string): string {
  const shown = JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (/^[0-9]+$/.test(value)) {
    const decimal = BigInt(value.slice(0, 20));
    if (decimal < 10n) return `${shown} has no 0x prefix: write "0x${decimal}".`;
    const hint =
      value.length <= 20 && decimal < 1n << 64n
        ? ` Write "0x${decimal.toString(16)}" if it is decimal,`
        : ' Write';
    return `${shown} is ambiguous: decimal or hexadecimal?${hint} "0x${value.slice(0, 16)}" if it is hexadecimal.`;
  }
  if (/^0x[0-9a-fA-F]+$/.test(value)) {
    return `${shown} has more than ${width / 4} digits, so it does not fit in ${width} bits.`;
  }
  if (/^[0-9a-fA-F]+$/.test(value)) return `${shown} has no 0x prefix: write "0x${value.slice(0, 16)}".`;
  return `${shown} is not a number: an unsigned ${bits(width)} value is written as ${forms}.`;
}

/** Bytes as hexadecimal text without prefix, two digits each, in address order. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
