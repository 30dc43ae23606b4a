/** Debian's U-Boot for QEMU's virt board, unmodified, and a disk for it; fetched once into the cache. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, download, missingTool, output } from './tools.ts';

const PACKAGE = 'u-boot-qemu';
const IMAGE = 'usr/lib/u-boot/qemu_arm64/u-boot.bin';

const imagePath = (): string => join(cacheDirectory('u-boot'), IMAGE);

/** Why U-Boot, or what makes a disk for it, cannot be had. */
export function missingUBoot(): string | undefined {
  const disk = missingTool({ mke2fs: 'e2fsprogs' });
  if (disk !== undefined || existsSync(imagePath())) return disk;
  return missingTool({ 'apt-get': 'apt', 'dpkg-deb': 'dpkg' });
}

/** The firmware. */
export function uBoot(): Uint8Array {
  if (!existsSync(imagePath())) {
    const directory = cacheDirectory('u-boot');
    download([PACKAGE], directory);
    output('sh', ['-c', `dpkg-deb -x ${PACKAGE}_*.deb .`], directory);
  }
  return readFileSync(imagePath());
}

/** A disk of `kibibytes` with an ext2 file system that has the files. */
export function ext2Disk(kibibytes: number, files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'guestdbg-disk-'));
  try {
    const content = mkdtempSync(join(directory, 'root-'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(content, name), bytes);
    const disk = join(directory, 'disk');
    output('mke2fs', ['-q', '-t', 'ext2', '-b', '1024', '-d', content, disk, String(kibibytes)]);
    return readFileSync(disk);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
