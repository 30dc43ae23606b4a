/** What a VM is made of beside memory and vcpus: devices, and software that they start with. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { BoardSpec, BootSpec, VmView } from '../../session/types.ts';
import { parseU64, U64Input } from '../codec.ts';
import { oneOf, ref } from './common.ts';

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
  },
  {
    additionalProperties: false,
    description:
      'Devices at the addresses of the virt board of QEMU: GIC, timers with their interrupts, PL011 console, PL031 clock, virtio entropy source (its numbers follow from seed). Default: none, every address without RAM is a KVM_EXIT_MMIO.',
  },
);

export const BootInput = Type.Object(
  {
    kernel: Type.String({
      maxLength: 128,
      description: 'Id of an uploaded arm64 Linux Image, or of flat code for RAM + 0x80000.',
    }),
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
      'Needs a board. Image, initrd and a generated device tree are placed as the Linux boot protocol says; vcpu 0 starts there, the others are powered off until PSCI CPU_ON.',
  },
);

export function boardFromWire({ kind, gic = 3, seed }: Static<typeof BoardInput>): BoardSpec {
  return { kind, gic, seed: seed === undefined ? 0n : parseU64(seed) };
}

export function bootFromWire({ kernel, initrd, commandLine }: Static<typeof BootInput>): BootSpec {
  return {
    kernel,
    ...(initrd === undefined ? {} : { initrd }),
    ...(commandLine === undefined ? {} : { commandLine }),
  };
}

export const BoardView = Type.Unsafe<{ kind: 'virt'; gic: 2 | 3 } | null>({
  type: ['object', 'null'],
  properties: { kind: { type: 'string', enum: ['virt'] }, gic: { type: 'integer', enum: [2, 3] } },
  required: ['kind', 'gic'],
  description: 'Its devices; null when there is nothing but RAM and vcpus.',
});

export function boardToWire(board: VmView['board']): Static<typeof BoardView> {
  return board === null ? null : { kind: board.kind, gic: board.gic };
}
