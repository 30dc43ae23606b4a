/**
 * The virtio disks, the entropy source and the clock of a board in Debian's kernel, on each GIC with as many vcpus as a
 * board has. Both VMs have the same images: what the first one writes, the second one does not see.
 */
import { createHash } from 'node:crypto';
import type { Client, Run } from '../../src/cli/client.ts';
import type { Console } from './console.ts';
import { kernelModule, missingKernel, type Program } from './debian-kernel.ts';
import { ext2Disk, missingDiskTool } from './ext2-disk.ts';
import {
  type Board,
  BUDGET,
  boardName,
  greeting,
  type Images,
  millions,
  powerOff,
  upload,
  withGuest,
  withKernel,
} from './linux-guest.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';

const VCPUS = 8;
const GICS = [3, 2] as const;
const TIME = '2027-04-05T12:00:00Z';
const DISK_KIBIBYTES = 4096;
const CONTENT = new TextEncoder().encode('on the disk\n'.repeat(1000));
/** In the order in which they need each other. */
const MODULES = [
  'drivers/virtio/virtio_ring.ko',
  'drivers/virtio/virtio.ko',
  'drivers/virtio/virtio_mmio.ko',
  'drivers/block/virtio_blk.ko',
  'drivers/char/hw_random/virtio-rng.ko',
] as const;

const programs = (): readonly Program[] =>
  MODULES.map((path, n) => ({ name: `${n}.ko`, bytes: kernelModule(path) }));
const digest = (kind: string, bytes: Uint8Array): string => createHash(kind).update(bytes).digest('hex');

/** A command, and what it prints: nothing of it is in the command. */
type Command = readonly [line: string, expected: string];

function commands(disk: Uint8Array): readonly Command[] {
  return [
    ['for m in 0 1 2 3 4; do busybox insmod /bin/$m.ko; done; echo $m$m', '44'],
    ['cat /sys/block/vda/size /sys/block/vdb/ro', `${DISK_KIBIBYTES * 2}\r\n1`],
    ['cat /sys/block/vda/serial', digest('sha256', disk).slice(0, 20)],
    ['busybox md5sum /dev/vda', digest('md5', disk)],
    ['busybox mkdir /m; mount -t ext2 /dev/vda /m; busybox md5sum /m/file', digest('md5', CONTENT)],
    // Written, and read back from the device after the page cache has been dropped with the mount.
    ['busybox dd if=/dev/urandom of=/m/new bs=1k count=300; echo $?$?', '00'],
    ['A=$(busybox md5sum /m/new); busybox umount /m; echo $?$?', '00'],
    ['echo 3 >/proc/sys/vm/drop_caches; mount -t ext2 /dev/vda /m; echo $?$?', '00'],
    ['[ "$A" = "$(busybox md5sum /m/new)" ] && echo S""AME', 'SAME'],
    ['busybox dd if=/dev/zero of=/dev/vdb count=1; echo $?$?', '11'],
    ['busybox md5sum /dev/vdb', digest('md5', disk)],
    ['cat /sys/class/misc/hw_random/rng_current', 'virtio_rng.0'],
    ['busybox dd if=/dev/hwrng bs=20 count=2 2>/dev/null | busybox wc -c', '40'],
    ['busybox date -u +%F_%H:%M', '2027-04-05_12:00'],
  ];
}

async function session(client: Client, vm: string, console: Console, disk: Uint8Array): Promise<string> {
  const { id } = await client.post<Run>(`${vm}/runs`, { budget: BUDGET });
  await console.ready(id, greeting(VCPUS));
  const list = commands(disk);
  for (const [line, expected] of list) await console.command(id, line, expected);
  const { instructions } = await powerOff(client, console, id);
  return `${list.length} commands, ${millions(instructions)} in all`;
}

function run({ count, progress }: SuiteOptions): Promise<SuiteResult> {
  const gics = GICS.slice(0, count);
  return withKernel(programs(), async (client: Client, images: Images) => {
    const disk = ext2Disk(DISK_KIBIBYTES, { file: CONTENT });
    const image = await upload(client, 'disk', disk);
    const disks = [{ image, mode: 'overlay' }, { image }];
    let failed = 0;
    for (const [i, gic] of gics.entries()) {
      const board: Board = { gic, vcpus: VCPUS, devices: { time: TIME, disks } };
      const name = boardName(board);
      progress.step(name, i, gics.length);
      try {
        const said = await withGuest(client, images, board, '', (vm, console) =>
          session(client, vm, console, disk),
        );
        progress.line(`${name}: ${said}`);
      } catch (error) {
        failed++;
        progress.line(`${name}: FAILED: ${(error as Error).message}`);
      }
    }
    return { passed: gics.length - failed, failed, skipped: 0 };
  });
}

export const DISKS: Suite = {
  name: 'disks',
  summary:
    "disks, entropy source and clock in Debian's kernel with 8 vcpus, GICv3 and GICv2 (--count boards)",
  quick: 1,
  missing: () => missingKernel() ?? missingDiskTool(),
  run,
};
