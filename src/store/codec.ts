/**
 * Values of the domain as canonical JSON text (keys sorted) and back, for columns that only this floor reads: bigint,
 * Date and bytes, which JSON lacks, are objects with one `$` key.
 */
import { assert } from '../base/assert.ts';

/** Text of a value made of JSON types, bigint, Date, Uint8Array. Absent and undefined properties are left out. */
export function encode(value: unknown): string {
  return JSON.stringify(tagged(value));
}

/** The value back. The caller names the type that it wrote. */
export function decode<T>(text: string): T {
  return untagged(JSON.parse(text)) as T;
}

function tagged(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  assert(!keys.some((key) => key.startsWith('$')), () => `a stored key starts with $: ${keys.join(' ')}`);
  return Object.fromEntries(keys.map((key) => [key, tagged((value as Record<string, unknown>)[key])]));
}

function untagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value !== 'object' || value === null) return value;
  const { $bigint, $date, $bytes } = value as Record<string, unknown>;
  if (typeof $bigint === 'string') return BigInt($bigint);
  if (typeof $date === 'string') return new Date($date);
  if (typeof $bytes === 'string') return new Uint8Array(Buffer.from($bytes, 'base64'));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, untagged(member)]));
}
