/** What a VM with a board is booted from: pieces of guest memory and the registers of vcpu 0. */
import { type BootImage, type BootPlan, type BootProblem, placeBoot } from '../engine/devices/boot.ts';
import { virtDeviceTree } from '../engine/devices/device-tree/virt-tree.ts';
import { VIRT } from '../engine/devices/virt-map.ts';
import { mpidrOf } from './one-reg.ts';

export type { BootImage, BootPlan, BootProblem };

/** Guest physical addresses of a board's flash. */
export const FLASH: { readonly base: number; readonly size: number } = VIRT.FLASH;

/** What the device tree tells of the machine. */
export interface BootMachine {
  readonly memory: { readonly base: number; readonly size: number };
  readonly vcpus: number;
  readonly gic: 2 | 3;
  readonly disks: number;
}

export interface BootFiles {
  /** Firmware needs a board with flash for it. */
  readonly image: BootImage;
  readonly initrd?: Uint8Array;
  /** The kernel's command line. */
  readonly commandLine?: string;
}

/** Lay out a boot, with a device tree of the board: beside its disks there is an entropy source. */
export function planBoot(machine: BootMachine, files: BootFiles): BootPlan | BootProblem {
  const { memory, vcpus, gic, disks } = machine;
  const { image, initrd, commandLine } = files;
  return placeBoot({
    ram: memory,
    image,
    ...(initrd !== undefined && { initrd }),
    tree: (range) =>
      virtDeviceTree({
        ram: memory,
        mpidrs: Array.from({ length: vcpus }, (_, index) => mpidrOf(index)),
        gic,
        virtio: disks + 1,
        ...(commandLine !== undefined && { bootargs: commandLine }),
        ...(range !== null && { initrd: range }),
      }),
  });
}
