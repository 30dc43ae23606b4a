/** Memory by virtual address: each page where the guest's tables have it. Descriptors: Arm ARM, VMSAv8-64. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Vm } from '../../src/kvm/contract.ts';
import { profile } from '../../src/kvm/profiles.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { readMemory, tryReadMemory, writeMemory } from '../../src/session/engine-thread/guest-memory.ts';
import { set } from '../kvm/guest.ts';

const RAM = 0x4000_0000;
const ROM_BYTES = [0xde, 0xad, 0xbe, 0xef];
const L1 = RAM + 0x1_0000;
const L2 = RAM + 0x1_1000;
const L3 = RAM + 0x1_2000;
/** AF; of the descriptors of pages and tables bits 1:0 are 0b11. */
const PAGE = 0x403n;
const READ_ONLY = 1n << 7n;
const BACKWARDS = [RAM + 0x5000, RAM + 0x3000] as const;

let vm: Vm;
function word(address: number, value: bigint): void {
  vm.hardware.writePhysical(address, new Uint8Array(new BigUint64Array([value]).buffer));
}
const physical = (address: number, length: number): number[] => [
  ...vm.hardware.readPhysical(address, length)!,
];
const at = (address: bigint, vcpu = 0, space: 'virtual' | 'physical' = 'virtual') => ({
  vcpu,
  address,
  space,
});
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** vcpu 0: virtual page 0 and 1 in RAM, the later one first, 2 not mapped, 3 flash, 4 a device. vcpu 1: MMU off. */
beforeEach(() => {
  vm = createVm({
    memory: { base: RAM, size: 0x20_0000 },
    vcpus: [0, 1].map(() => ({ profile: profile('neoverse-n1'), features: [] })),
    debugResources: 'lowest-common-denominator',
    board: { kind: 'virt', gic: 3, entropySeed: 0n, firmware: true },
  });
  for (const vcpu of vm.vcpus) vcpu.init(['psci_0_2']);
  vm.hardware.writePhysical(0, Uint8Array.from(ROM_BYTES));
  word(L1, BigInt(L2) | 3n);
  word(L2, BigInt(L3) | 3n);
  word(L3, BigInt(BACKWARDS[0]) | PAGE);
  word(L3 + 8, BigInt(BACKWARDS[1]) | PAGE | READ_ONLY);
  word(L3 + 24, PAGE);
  word(L3 + 32, 0x0900_0000n | PAGE);
  // 4 KiB granule, 39 bits, 40-bit output.
  set(vm.vcpus[0]!, { tcr_el1: 25n | (2n << 32n) | (1n << 23n), ttbr0_el1: BigInt(L1), sctlr_el1: 1n });
});

describe('memory by virtual address', () => {
  it('is read across a boundary of pages that are no neighbours, and read-only pages are as good', () => {
    vm.hardware.writePhysical(BACKWARDS[0] + 0xffe, bytes(1, 2));
    vm.hardware.writePhysical(BACKWARDS[1], bytes(3, 4));
    expect([...readMemory(vm, at(0xffen), 4)]).toEqual([1, 2, 3, 4]);
  });

  it('is written the same way', () => {
    writeMemory(vm, at(0xffdn), bytes(1, 2, 3, 4, 5));
    expect(physical(BACKWARDS[0] + 0xffc, 4)).toEqual([0, 1, 2, 3]);
    expect(physical(BACKWARDS[1], 3)).toEqual([4, 5, 0]);
    // What follows the first page in physical memory is not the second.
    expect(physical(BACKWARDS[0] + 0x1000, 2)).toEqual([0, 0]);
  });

  it('is flash, too: a debugger writes what the guest cannot', () => {
    expect([...readMemory(vm, at(0x3000n), 4)]).toEqual(ROM_BYTES);
    expect([...readMemory(vm, at(0n, 0, 'physical'), 4)]).toEqual(ROM_BYTES);
    writeMemory(vm, at(0x3001n), bytes(0x11));
    writeMemory(vm, at(2n, 0, 'physical'), bytes(0x22));
    expect(physical(0, 4)).toEqual([0xde, 0x11, 0x22, 0xef]);
  });

  it.each([
    ['a page that is not mapped', 0x1fffn, /address 0x0000000000002000: Translation fault, level 3 \(bit 0/],
    ['a device', 0x3fffn, /is a device's/],
    ['an address of no half', 0x7f_ffff_ffffn, /Translation fault/],
  ])('is all there or untouched: %s', (_, address, why) => {
    const first = readMemoryOrNull(address, 1);
    expect(() => writeMemory(vm, at(address), bytes(0xaa, 0xbb))).toThrow(why);
    expect(() => readMemory(vm, at(address), 2)).toThrow(why);
    expect(tryReadMemory(vm, at(address), 2)).toBeNull();
    expect(readMemoryOrNull(address, 1)).toEqual(first);
  });

  it('is of the vcpu that is named', () => {
    expect([...readMemory(vm, at(0n, 1), 4)]).toEqual(ROM_BYTES);
    expect([...readMemory(vm, at(BigInt(L3), 1), 2)]).toEqual([0x03, 0x54]);
    expect(() => readMemory(vm, at(BigInt(L3), 0), 2)).toThrow(/Translation fault, level 1/);
  });
});

describe('memory by physical address', () => {
  it('ends where memory ends', () => {
    const last = at(BigInt(RAM) + 0x20_0000n - 1n, 0, 'physical');
    expect([...readMemory(vm, last, 1)]).toEqual([0]);
    expect(() => writeMemory(vm, last, bytes(1, 2))).toThrow(/no memory behind them/);
    expect([...readMemory(vm, last, 1)]).toEqual([0]);
  });
});

function readMemoryOrNull(address: bigint, length: number): number[] | null {
  const read = tryReadMemory(vm, at(address), length);
  return read === null ? null : [...read];
}
