/** Debian's U-Boot for QEMU's virt board, unmodified; fetched once into the cache. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, download, missingTool, output } from './tools.ts';

const PACKAGE = 'u-boot-qemu';
const IMAGE = 'usr/lib/u-boot/qemu_arm64/u-boot.bin';

const imagePath = (): string => join(cacheDirectory('u-boot'), IMAGE);

/** Why U-Boot cannot be had. */
export function missingUBoot(): string | undefined {
  if (existsSync(imagePath())) return undefined;
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
