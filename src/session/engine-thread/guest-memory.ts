/** Guest memory as a tool sees it: physical, or virtual page by page through a vcpu's current translation. */
import { hex64, u64 } from '../../base/u64.ts';
import type { Vm } from '../../kvm/contract.ts';
import { SessionError } from '../errors.ts';

/** Smallest granule: a longer run of bytes may change its translation at every multiple. */
const PAGE = 4096;

export interface MemoryPlace {
  readonly vcpu: number;
  readonly address: bigint;
  readonly space: 'physical' | 'virtual';
}

type MemoryRange = Vm['hardware']['ram'];

interface Piece {
  readonly physical: number;
  readonly offset: number;
  readonly length: number;
}

function notMapped(detail: string): SessionError {
  return new SessionError('memory-not-mapped', detail);
}

/** Physical pieces of a range, or the first address that has none. */
function pieces(
  vm: Vm,
  place: MemoryPlace,
  length: number,
): Piece[] | { readonly missing: bigint; readonly why: string } {
  if (place.space === 'physical') {
    return place.address > BigInt(Number.MAX_SAFE_INTEGER)
      ? { missing: place.address, why: 'it is beyond the physical address space' }
      : [{ physical: Number(place.address), offset: 0, length }];
  }
  const found: Piece[] = [];
  for (let offset = 0; offset < length; ) {
    const address = u64(place.address + BigInt(offset));
    const inPage = Math.min(length - offset, PAGE - Number(address % BigInt(PAGE)));
    const physical = vm.hardware.physicalAddress(place.vcpu, address);
    if (physical === null) {
      const { fault } = vm.hardware.translate(place.vcpu, address, { kind: 'read' });
      return { missing: address, why: `${fault?.reason} (${fault?.cause})` };
    }
    found.push({ physical, offset, length: inPage });
    offset += inPage;
  }
  return found;
}

/** All bytes, or null when some have no memory behind them. */
export function tryReadMemory(vm: Vm, place: MemoryPlace, length: number): Uint8Array | null {
  const parts = pieces(vm, place, length);
  if (!Array.isArray(parts)) {
    return null;
  }
  const bytes = new Uint8Array(length);
  for (const part of parts) {
    const read = vm.hardware.readPhysical(part.physical, part.length);
    if (read === null) {
      return null;
    }
    bytes.set(read, part.offset);
  }
  return bytes;
}

function explainMissing(vm: Vm, place: MemoryPlace, length: number): SessionError {
  const parts = pieces(vm, place, length);
  const text = ({ base, size }: MemoryRange) => `${hex64(BigInt(base))} to ${hex64(BigInt(base + size - 1))}`;
  const { ram: range, rom } = vm.hardware;
  const ram = `RAM is ${text(range)}${rom === null ? '' : `, flash ${text(rom)}`}`;
  if (!Array.isArray(parts)) {
    return notMapped(`${place.space} address ${hex64(parts.missing)}: ${parts.why}. ${ram}.`);
  }
  if (parts.some(({ physical, length: bytes }) => vm.hardware.devices?.answers(physical, bytes) === true)) {
    return notMapped(
      `${place.space} address ${hex64(place.address)} is a device's, and looking at a device changes it: only the guest reaches it. ${ram}.`,
    );
  }
  return notMapped(
    `Some of the ${length} bytes from ${place.space} address ${hex64(place.address)} have no memory behind them. ${ram}.`,
  );
}

export function readMemory(vm: Vm, place: MemoryPlace, length: number): Uint8Array {
  const bytes = tryReadMemory(vm, place, length);
  if (bytes === null) {
    throw explainMissing(vm, place, length);
  }
  return bytes;
}

/** Writes all bytes or, with `memory-not-mapped`, none. */
export function writeMemory(vm: Vm, place: MemoryPlace, bytes: Uint8Array): void {
  const parts = pieces(vm, place, bytes.length);
  const { ram, rom } = vm.hardware;
  const inside = ({ physical, length }: Piece) =>
    [ram, rom].some((m) => m !== null && physical >= m.base && physical + length <= m.base + m.size);
  if (!Array.isArray(parts) || !parts.every(inside)) {
    throw explainMissing(vm, place, bytes.length);
  }
  for (const part of parts) {
    vm.hardware.writePhysical(part.physical, bytes.subarray(part.offset, part.offset + part.length));
  }
}
