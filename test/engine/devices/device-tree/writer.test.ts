/** Devicetree Specification v0.4, chapter 5 (flattened format). */
import { expect, it } from 'vitest';
import { cells64, node, writeDeviceTree } from '../../../../src/engine/devices/device-tree/writer.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('writes header, empty reservation block, structure and strings (5.2 to 5.5)', () => {
  const blob = writeDeviceTree(node('', { a: [1] }, [node('b', { a: 'x', cc: true })]));
  const structure = [
    '00000001', // FDT_BEGIN_NODE
    '00000000', // ""
    '00000003', // FDT_PROP
    '00000004', // length
    '00000000', // "a"
    '00000001',
    '00000001', // FDT_BEGIN_NODE
    '62000000', // "b"
    '00000003',
    '00000002',
    '00000000',
    '78000000', // "x", NUL, padding
    '00000003',
    '00000000',
    '00000002', // "cc"
    '00000002', // FDT_END_NODE
    '00000002',
    '00000009', // FDT_END
  ].join('');
  const strings = '6100' + '636300';
  const header = [
    'd00dfeed',
    (40 + 16 + 72 + 5).toString(16).padStart(8, '0'),
    '00000038',
    (40 + 16 + 72).toString(16).padStart(8, '0'),
    '00000028',
    '00000011',
    '00000010',
    '00000000',
    '00000005',
    '00000048',
  ].join('');
  expect(hex(blob)).toBe(header + '00'.repeat(16) + structure + strings);
});

it('writes 64-bit numbers as two cells, high first', () => {
  expect(cells64(0x1_0000_0002, 3)).toEqual([1, 2, 0, 3]);
});
