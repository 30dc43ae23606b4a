import { fc } from '../seed.ts';
import { describe, expect, it } from 'vitest';
import { explainNumber, hex64, parseU64 } from '../../src/http/codec.ts';
import { byteRange, ifMatch, negotiate, preferWait } from '../../src/http/headers.ts';
import { csvRow } from '../../src/http/export.ts';
import { hostName } from '../../src/http/plugins/security.ts';

describe('64-bit values', () => {
  it('come back as they went, sixteen digits wide', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
        expect(hex64(value)).toMatch(/^0x[0-9a-f]{16}$/);
        expect(parseU64(hex64(value))).toBe(value);
      }),
    );
  });

  it.each([
    [
      'U64Input',
      '10',
      '"10" is ambiguous: decimal or hexadecimal? Write "0xa" if it is decimal, "0x10" if it is hexadecimal.',
    ],
    [
      'U64Input',
      '0x12345678901234567',
      '"0x12345678901234567" has more than 16 digits, so it does not fit in 64 bits.',
    ],
    ['U32Input', '0x123456789', '"0x123456789" has more than 8 digits, so it does not fit in 32 bits.'],
    ['U32Input', 4294967296, '4294967296 does not fit in 32 bits.'],
    ['U64Text', '1', '"1" has no 0x prefix: write "0x1".'],
    [
      'RegisterInput',
      -1,
      '-1 is negative: write the unsigned 64-bit (for v0 to v31: 128-bit) pattern as a "0x..." string.',
    ],
    ['U64Input', 'deadbeef', '"deadbeef" has no 0x prefix: write "0xdeadbeef".'],
    [
      'U64Text',
      'main',
      '"main" is not a number: an unsigned 64-bit value is written as "0x" and hexadecimal digits.',
    ],
  ])('%s %j is explained', (title, value, words) => {
    expect(explainNumber(title, value)).toBe(words);
  });
});

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"3"', [3]],
    ['"3", "14"', [3, 14]],
    ['W/"3"', []],
    ['"abc"', []],
    ['"03"', []],
  ])('%j asks for %j', (header, versions) => {
    expect(ifMatch(header)).toEqual(versions);
  });
});

describe('Prefer', () => {
  it.each([
    [undefined, undefined],
    ['wait=10', 10],
    ['respond-async, wait=5', 5],
    ['Wait="7"; foo', 7],
    ['handling=lenient', undefined],
    ['await=3', undefined],
    ['wait=-1', undefined],
  ])('%j waits %j', (header, seconds) => {
    expect(preferWait(header)).toBe(seconds);
  });
});

describe('Range', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-', { start: 2, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=5-100', { start: 5, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', undefined],
    ['bytes=0-1,3-4', undefined],
    ['pages=1-2', undefined],
    ['bytes=-', undefined],
  ])('%j of ten bytes is %j', (header, range) => {
    expect(byteRange(header, 10)).toEqual(range);
  });
});

describe('Accept', () => {
  const offered = ['application/json', 'text/csv'] as const;
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/*', 'text/csv'],
    ['text/csv;q=0.5, application/json;q=0.1', 'text/csv'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'application/json'],
    ['image/png', undefined],
    ['*/*;q=0', undefined],
  ])('%j chooses %j', (accept, type) => {
    expect(negotiate(accept, offered)).toBe(type);
  });
});

describe('Host', () => {
  it.each([
    ['localhost:8080', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]:8080', '::1'],
    ['EVIL.example.', 'evil.example'],
    ['a b', undefined],
    ['evil.example@127.0.0.1', undefined],
    ['', undefined],
  ])('%j names %j', (header, name) => {
    expect(hostName(header)).toBe(name);
  });
});

it('CSV quotes what needs it, and no text becomes a formula', () => {
  const event = {
    sequence: 7,
    at: new Date(0),
    kind: 'exit' as const,
    session: '=1+1',
    vm: 'a"b,c',
    run: null,
    vcpu: 0,
    exitReason: null,
    cause: null,
    slot: null,
    pc: 0x1234n,
    body: '{}',
  };
  expect(csvRow(event)).toBe('7,1970-01-01T00:00:00.000Z,exit,\'=1+1,"a""b,c",,0,,,,0x0000000000001234\r\n');
});
