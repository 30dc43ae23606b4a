/** Values of the domain whose every member is shown as it is: only 64-bit values and dates need another spelling. */
import { hex64 } from '../codec.ts';

export type Wire = { readonly [name: string]: unknown };

function convert(value: unknown): unknown {
  if (typeof value === 'bigint') return hex64(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(convert);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, convert(member)]));
}

/** A copy of an object tree with every bigint as 16 hexadecimal digits and every Date as RFC 3339 text. */
export function toWire(value: object): Wire {
  return convert(value) as Wire;
}
