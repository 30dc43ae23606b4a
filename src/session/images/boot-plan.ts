/** A boot of a VM with a board, added to what else the VM is loaded with. */
import { assert } from '../../base/assert.ts';
import { type BootFiles, type BootImage, planBoot } from '../../kvm/boot.ts';
import { SessionError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { ImageKind, VmSpec } from '../types.ts';
import { parseElf } from './elf.ts';
import type { Extent, LoadPlan } from './load-plan.ts';

/** What an image of a kind is to a boot that has it as its kernel. */
export function kernelImage(kind: ImageKind, bytes: Uint8Array, limits: Limits): BootImage {
  if (kind === 'linux-image') {
    return { kind: 'linux', bytes };
  }
  if (kind !== 'elf') {
    return { kind: 'flat', bytes };
  }
  const { entry, segments } = parseElf(bytes, limits.elfSegments);
  return {
    kind: 'elf',
    entry: Number(entry),
    segments: segments.map((s) => ({
      address: Number(s.physical),
      bytes: s.bytes,
      size: Number(s.memorySize),
    })),
  };
}

/** Memory that an image needs with nothing of its own in it (.bss). */
function beyondBytes(image: BootImage): readonly Extent[] {
  if (image.kind !== 'elf') {
    return [];
  }
  return image.segments.map(({ address, size }) => ({ start: address, end: address + size }));
}

/** The load items come on top of the boot's pieces. */
export function withBoot(plan: LoadPlan, { board, memory, vcpus }: VmSpec, files: BootFiles): LoadPlan {
  assert(board !== undefined, 'a boot without a board was refused');
  const machine = { memory, vcpus: vcpus.length, gic: board.gic, disks: board.disks.length };
  const boot = planBoot(machine, files);
  if ('problem' in boot) {
    throw new SessionError('vm-spec-invalid', `The VM cannot boot this: ${boot.problem}.`);
  }
  return {
    segments: [...boot.pieces, ...plan.segments],
    occupied: [
      ...boot.pieces.map(({ address, bytes }) => ({ start: address, end: address + bytes.length })),
      ...beyondBytes(files.image),
      ...plan.occupied,
    ],
    symbols: plan.symbols,
    entry: BigInt(boot.entry),
    arguments: boot.x.map(BigInt),
  };
}
