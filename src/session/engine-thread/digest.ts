/** A digest of everything that decides what a VM does next, whatever tier has run it and however long it took. */
import { createHash, type Hash } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import type { StateTree } from '../../base/state-tree.ts';
import type { Vm } from '../../kvm/contract.ts';
import type { VmDigest } from '../types.ts';

const PAGE = 4096;
/** Bytes that are looked at at once. */
const STRETCH = 64 * PAGE;
const ZEROS = new Uint8Array(STRETCH);

/** Feed a state tree: each value with its kind, and members in order of their names, so that equal state is equal text. */
function feed(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`bytes ${value.byteLength}\n`);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (value instanceof Map) {
    const entries = [...(value as Map<number, unknown>)].sort(([a], [b]) => a - b);
    feed(hash, entries);
  } else if (Array.isArray(value)) {
    hash.update(`list ${value.length}\n`);
    for (const item of value) {
      feed(hash, item);
    }
  } else if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).sort();
    hash.update(`object ${names.length}\n`);
    for (const name of names) {
      hash.update(`${name}:`);
      feed(hash, (value as Record<string, unknown>)[name]);
    }
  } else {
    assert(value !== undefined && typeof value !== 'function', 'state is plain data');
    hash.update(`${typeof value} ${String(value)}\n`);
  }
}

function digestOfTree(tree: unknown): string {
  const hash = createHash('sha256');
  feed(hash, tree);
  return hash.digest('hex');
}

/**
 * The physical address (64 bits, little-endian) and the bytes of each 4 KiB page that is not all zeros, in order: what
 * was never written costs little, and whether it has a page on the host does not matter.
 */
function digestOfMemory({ hardware }: Vm): string {
  const hash = createHash('sha256');
  const { ram, rom } = hardware;
  for (const { base, size } of rom === null ? [ram] : [ram, rom]) {
    for (let at = 0; at < size; at += STRETCH) {
      const bytes = hardware.viewPhysical(base + at, Math.min(STRETCH, size - at));
      assert(bytes !== null, 'memory is where it says it is');
      feedPages(hash, base + at, bytes);
    }
  }
  return hash.digest('hex');
}

function feedPages(hash: Hash, base: number, bytes: Uint8Array): void {
  if (isZero(bytes)) {
    return;
  }
  const address = Buffer.alloc(8);
  for (let at = 0; at < bytes.length; at += PAGE) {
    const page = bytes.subarray(at, at + PAGE);
    if (!isZero(page)) {
      address.writeBigUInt64LE(BigInt(base + at));
      hash.update(address).update(page);
    }
  }
}

function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0;
}

/** What is remembered around the VM. */
interface Surroundings {
  /** The vcpu whose turn is next. */
  readonly turn: number;
  /** The vcpu that the next answer of an MMIO read is for, and answers that wait for their vcpu's turn. */
  readonly mmioVcpu: number;
  readonly mmioAnswers: ReadonlyMap<number, bigint>;
  /** Open files, and what the guest may still do with them; null: it has none. */
  readonly files: StateTree | null;
}

/** Every vcpu is outside KVM_RUN. */
export function digestOf(vm: Vm, { files, ...schedule }: Surroundings): VmDigest {
  const { hardware } = vm;
  const { instructionCount: instructions, ticks } = hardware.vcpus[0]!;
  const vcpus = vm.vcpus.map((vcpu) => vcpu.snapshot());
  const parts: Record<string, string> = {
    time: digestOfTree({ instructions, ticks, schedule }),
    memory: digestOfMemory(vm),
    hypervisor: digestOfTree(vm.snapshot()),
    ...(files !== null && { files: digestOfTree(files) }),
  };
  for (const [index, { guest, guestDebug }] of vcpus.entries()) {
    parts[`vcpu${index}`] = digestOfTree(guest);
    parts[`guestDebug${index}`] = digestOfTree(guestDebug);
  }
  for (const [name, state] of Object.entries(hardware.devices?.snapshot() ?? {})) {
    parts[name] = digestOfTree(state);
  }
  return { instructions, ticks, digest: digestOfTree(parts), parts };
}
