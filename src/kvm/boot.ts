/** What a VM with a board is booted from: pieces of guest memory and the registers of vcpu 0. */
import {
  type BootImage,
  type BootPlan,
  type BootProblem,
  linuxHeader,
  placeBoot,
} from '../engine/devices/boot.ts';
import { virtDeviceTree } from '../engine/devices/device-tree/virt-tree.ts';
import type { BoardConfig, VmConfig } from './contract.ts';
import { mpidrOf } from './one-reg.ts';

export type { BootPlan, BootProblem };

/** A VM that has a board. */
export type BoardVmConfig = VmConfig & { readonly board: BoardConfig };

export interface BootFiles {
  readonly kernel: Uint8Array;
  readonly initrd?: Uint8Array;
  /** The kernel's command line. */
  readonly commandLine?: string;
}

/** virtio-mmio transports of a board: the entropy source. */
const TRANSPORTS = 1;

/** Lay out a boot of a Linux `Image`, or of flat code at 0x80000 above the base of RAM. */
export function planBoot(config: BoardVmConfig, files: BootFiles): BootPlan | BootProblem {
  const { memory, vcpus, board } = config;
  const { kernel, initrd, commandLine } = files;
  const image: BootImage = { kind: linuxHeader(kernel) === null ? 'flat' : 'linux', bytes: kernel };
  return placeBoot({
    ram: memory,
    image,
    ...(initrd !== undefined && { initrd }),
    tree: (range) =>
      virtDeviceTree({
        ram: memory,
        mpidrs: vcpus.map((_, index) => mpidrOf(index)),
        gic: board.gic,
        virtio: TRANSPORTS,
        ...(commandLine !== undefined && { bootargs: commandLine }),
        ...(range !== null && { initrd: range }),
      }),
  });
}
