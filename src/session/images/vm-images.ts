/** What a VM needs of the stored images: what it is loaded with, what it boots, its disks. */
import type { BootFiles } from '../../kvm/boot.ts';
import type { DiskConfig } from '../../kvm/contract.ts';
import { SessionError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { imagesOf } from '../vm-record.ts';
import type { BootSpec, DiskSpec, ImageId, ImageKind, ImageView, SymbolView, VmSpec } from '../types.ts';
import { kernelImage, withBoot } from './boot-plan.ts';
import type { ImageStore } from './image-store.ts';
import { type Loadable, type LoadPlan, planLoad } from './load-plan.ts';

/** Kinds that a member of a VM's specification takes. */
const KINDS = {
  kernel: ['linux-image', 'elf', 'raw'],
  initrd: ['initrd', 'raw'],
  firmware: ['firmware', 'raw'],
  disk: ['disk', 'raw'],
} as const satisfies Record<string, readonly ImageKind[]>;

/** A disk's serial number: how far it tells the hash of its image. */
const SERIAL_CHARACTERS = 20;

type StoredImage = ImageView & { readonly bytes: Uint8Array };

export class VmImages {
  readonly #store: ImageStore;
  readonly #limits: Limits;

  constructor(store: ImageStore, limits: Limits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** Bytes that the disks take: their images, and what their overlays may hold. */
  async diskBytes({ board }: VmSpec): Promise<number> {
    const sizes = (board?.disks ?? []).map(async ({ image, mode }, index) => {
      const { size } = await this.#view(image, `/board/disks/${index}/image`, KINDS.disk);
      return size + (mode === 'overlay' ? Math.min(size, this.#limits.diskOverlay) : 0);
    });
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  async disks({ board }: VmSpec): Promise<readonly DiskConfig[]> {
    return Promise.all((board?.disks ?? []).map((disk, index) => this.#disk(disk, index)));
  }

  async #disk({ image, mode }: DiskSpec, index: number): Promise<DiskConfig> {
    const { bytes, sha256 } = await this.#stored(image, `/board/disks/${index}/image`, KINDS.disk);
    return {
      image: bytes,
      readOnly: mode === 'read-only',
      overlayLimit: this.#limits.diskOverlay,
      serial: sha256.slice(0, SERIAL_CHARACTERS),
    };
  }

  /** What the VM is loaded with: at creation, and again at each reset. */
  async plan(spec: VmSpec): Promise<LoadPlan> {
    const items = await Promise.all(
      spec.load.map(async (item): Promise<Loadable> => {
        const { member, address } = item;
        if ('bytes' in item) {
          return { member, kind: null, bytes: item.bytes, address };
        }
        const { kind } = await this.#store.get(item.image);
        return { member, kind, bytes: await this.#store.bytes(item.image), address };
      }),
    );
    const plan = planLoad(items, await this.#symbols(spec), spec.memory, this.#limits);
    return spec.boot === undefined ? plan : withBoot(plan, spec, await this.#bootFiles(spec.boot));
  }

  /** Exactly one of kernel and firmware is there. */
  async #bootFiles({ kernel, firmware, initrd, commandLine }: BootSpec): Promise<BootFiles> {
    if (firmware !== undefined) {
      const { bytes } = await this.#stored(firmware, '/boot/firmware', KINDS.firmware);
      return { image: { kind: 'firmware', bytes } };
    }
    const { kind, bytes } = await this.#stored(kernel!, '/boot/kernel', KINDS.kernel);
    return {
      image: kernelImage(kind, bytes, this.#limits),
      ...(initrd !== undefined && {
        initrd: (await this.#stored(initrd, '/boot/initrd', KINDS.initrd)).bytes,
      }),
      ...(commandLine !== undefined && { commandLine }),
    };
  }

  /** Of everything that is loaded or booted, and of what is named for its symbols alone. */
  async #symbols(spec: VmSpec): Promise<readonly SymbolView[]> {
    for (const id of spec.symbols ?? []) {
      const { kind, symbols } = await this.#store.get(id);
      if (symbols === 0) {
        throw new SessionError(
          'vm-spec-invalid',
          `Image ${id} of symbols is ${kind} and has none. Upload System.map, /proc/kallsyms or an ELF file that is not stripped.`,
        );
      }
    }
    return (await Promise.all([...new Set(imagesOf(spec))].map((id) => this.#store.symbolTable(id)))).flat();
  }

  async #stored(id: ImageId, member: string, kinds: readonly ImageKind[]): Promise<StoredImage> {
    const view = await this.#view(id, member, kinds);
    return { ...view, bytes: await this.#store.bytes(id) };
  }

  async #view(id: ImageId, member: string, kinds: readonly ImageKind[]): Promise<ImageView> {
    const view = await this.#store.get(id);
    if (!kinds.includes(view.kind)) {
      throw new SessionError(
        'vm-spec-invalid',
        `${member} is an image of kind ${view.kind}; it takes ${kinds.join(', ')}. Name another image, or delete this one and upload it with the right kind.`,
        { facts: { member } },
      );
    }
    return view;
  }
}
