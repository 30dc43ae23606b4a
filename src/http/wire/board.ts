/** What a VM is made of beside memory and vcpus: devices, and software that they start with. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { BoardSpec, BootSpec, DiskSpec, VmView } from '../../session/types.ts';
import { parseU64, U64Input } from '../codec.ts';
import { oneOf, ref } from './common.ts';

/** Of the clock, when a client asks for none. */
const DEFAULT_TIME = '2026-01-01T00:00:00Z';
const DISK_MODES = ['read-only', 'overlay'] as const satisfies readonly DiskSpec['mode'][];

const DiskInput = Type.Object(
  {
    image: Type.String({ maxLength: 128, description: 'Id of an uploaded image of kind disk or raw.' }),
    mode: Type.Optional(
      oneOf(DISK_MODES, {
        description:
          'overlay: what the guest writes is kept beside the image, in this VM, until it is reset or deleted. The image is never changed. Default read-only.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'The guest reads the first 20 digits of the SHA-256 of the image as the serial number.',
  },
);

export const BoardInput = Type.Object(
  {
    kind: oneOf(['virt']),
    gic: Type.Optional(
      Type.Unsafe<2 | 3>({
        type: 'integer',
        enum: [2, 3],
        description: 'Architecture of the GIC. Default 3.',
      }),
    ),
    seed: Type.Optional(ref(U64Input)),
    time: Type.Optional(
      Type.String({
        format: 'date-time',
        description: `What the PL031 clock shows at the start of virtual time, to the second. Default ${DEFAULT_TIME}: it follows from nothing else.`,
        examples: ['2027-04-05T12:00:00Z'],
      }),
    ),
    disks: Type.Optional(
      Type.Array(DiskInput, {
        maxItems: 32,
        description:
          'virtio-mmio block devices, in the order of their addresses; the entropy source comes behind them.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      'Devices at the addresses of the virt board of QEMU: GIC, timers with their interrupts, PL011 console, PL031 clock, virtio disks, virtio entropy source (its numbers follow from seed). Default: none, every address without RAM is a KVM_EXIT_MMIO.',
  },
);

export const BootInput = Type.Object(
  {
    kernel: Type.Optional(
      Type.String({
        maxLength: 128,
        description:
          'Id of an uploaded arm64 Linux Image, of an ELF image, loaded at its physical addresses, or of flat (raw) code for RAM + 0x80000. X0 is the device tree.',
      }),
    ),
    firmware: Type.Optional(
      Type.String({
        maxLength: 128,
        description:
          'Id of an uploaded image of kind firmware or raw, instead of a kernel: it is in flash at address 0, which the guest cannot change (a store there is a KVM_EXIT_MMIO), and vcpu 0 starts there; the device tree is at the base of RAM.',
      }),
    ),
    initrd: Type.Optional(
      Type.String({ maxLength: 128, description: 'Id of an uploaded initial RAM disk.' }),
    ),
    commandLine: Type.Optional(
      Type.String({
        maxLength: 2047,
        pattern: '^[ -~]*$',
        description: 'Of the kernel.',
        examples: ['console=ttyAMA0'],
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      'Needs a board, and either kernel or firmware. A Linux kernel, initrd and a generated device tree are placed as the Linux boot protocol says; vcpu 0 starts there, the others are powered off until PSCI CPU_ON.',
  },
);

export function boardFromWire(input: Static<typeof BoardInput>): BoardSpec {
  const { kind, gic = 3, seed, time = DEFAULT_TIME, disks = [] } = input;
  return {
    kind,
    gic,
    seed: seed === undefined ? 0n : parseU64(seed),
    time: wholeSeconds(new Date(time)),
    disks: disks.map(({ image, mode = 'read-only' }) => ({ image, mode })),
  };
}
function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

export function bootFromWire({ kernel, firmware, initrd, commandLine }: Static<typeof BootInput>): BootSpec {
  return {
    ...(kernel === undefined ? {} : { kernel }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(initrd === undefined ? {} : { initrd }),
    ...(commandLine === undefined ? {} : { commandLine }),
  };
}

interface BoardOnWire {
  readonly kind: 'virt';
  readonly gic: 2 | 3;
  readonly time: string;
  readonly disks: readonly DiskSpec[];
}
export const BoardView = Type.Unsafe<BoardOnWire | null>({
  type: ['object', 'null'],
  properties: {
    kind: { type: 'string', enum: ['virt'] },
    gic: { type: 'integer', enum: [2, 3] },
    time: { type: 'string', format: 'date-time' },
    disks: {
      type: 'array',
      items: {
        type: 'object',
        properties: { image: { type: 'string' }, mode: { type: 'string', enum: DISK_MODES } },
        required: ['image', 'mode'],
      },
    },
  },
  required: ['kind', 'gic', 'time', 'disks'],
  description: 'Its devices; null when there is nothing but RAM and vcpus.',
});

export function boardToWire(board: VmView['board']): Static<typeof BoardView> {
  if (board === null) return null;
  const { kind, gic, time, disks } = board;
  return { kind, gic, time: time.toISOString(), disks };
}
