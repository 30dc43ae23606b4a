/** The tree is judged by dtc (package device-tree-compiler): it reads it, has nothing to complain about, and shows it. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { virtDeviceTree } from '../../../../src/engine/devices/device-tree/virt-tree.ts';

const dtc = spawnSync('dtc', ['--version']).status === 0;
if (!dtc) console.log('device tree: not checked, dtc is not installed (package device-tree-compiler)');

function source(options: Parameters<typeof virtDeviceTree>[0]): string {
  const { stdout, stderr, status } = spawnSync('dtc', ['-I', 'dtb', '-O', 'dts', '-'], {
    input: virtDeviceTree(options),
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}
/** The text of a node, from its name to its end. */
function nodeOf(text: string, name: string): string {
  const start = text.indexOf(`${name} {`);
  expect(start, name).toBeGreaterThan(0);
  return text.slice(start, text.indexOf('\n\t};', start));
}

const RAM = { base: 0x4000_0000, size: 0x1_0000_0000 };

describe.runIf(dtc)('the virt board’s device tree', () => {
  it('with a GICv3 and two vcpus', () => {
    const text = source({ ram: RAM, mpidrs: [0x8000_0000n, 0x8000_0001n], gic: 3, virtio: 2 });
    expect(nodeOf(text, 'memory@40000000')).toContain('reg = <0x00 0x40000000 0x01 0x00>;');
    expect(nodeOf(text, 'psci')).toContain('method = "hvc";');
    const gic = nodeOf(text, 'intc@8000000');
    expect(gic).toContain('compatible = "arm,gic-v3";');
    expect(gic).toContain('reg = <0x00 0x8000000 0x00 0x10000 0x00 0x80a0000 0x00 0x40000>;');
    expect(nodeOf(text, 'timer')).toContain(
      'interrupts = <0x01 0x0d 0x04 0x01 0x0e 0x04 0x01 0x0b 0x04 0x01 0x0a 0x04>;',
    );
    expect(nodeOf(text, 'cpus')).toMatch(/cpu@1 {[^}]*reg = <0x01>;[^}]*enable-method = "psci";/);
    expect(nodeOf(text, 'pl011@9000000')).toContain('interrupts = <0x00 0x01 0x04>;');
    expect(nodeOf(text, 'pl031@9010000')).toContain('interrupts = <0x00 0x02 0x04>;');
    expect(nodeOf(text, 'virtio_mmio@a000200')).toContain('interrupts = <0x00 0x11 0x01>;');
    expect(text).not.toContain('virtio_mmio@a000400');
    expect(nodeOf(text, 'chosen')).toContain('stdout-path = "/pl011@9000000";');
    expect(text).not.toMatch(/bootargs|initrd|seed/);
  });

  it('with a GICv2, whose private interrupts name their CPUs', () => {
    const mpidrs = [0n, 1n, 2n, 3n];
    const text = source({ ram: RAM, mpidrs, gic: 2, virtio: 0 });
    const gic = nodeOf(text, 'intc@8000000');
    expect(gic).toContain('compatible = "arm,cortex-a15-gic";');
    expect(gic).toContain('reg = <0x00 0x8000000 0x00 0x10000 0x00 0x8010000 0x00 0x10000>;');
    expect(nodeOf(text, 'timer')).toContain(
      '<0x01 0x0d 0xf04 0x01 0x0e 0xf04 0x01 0x0b 0xf04 0x01 0x0a 0xf04>',
    );
  });

  it('with everything that /chosen can say', () => {
    const chosen = nodeOf(
      source({
        ram: RAM,
        mpidrs: [0n],
        gic: 3,
        virtio: 0,
        bootargs: 'console=ttyAMA0 "quoted"',
        initrd: { start: 0x4800_0000, end: 0x4812_3456 },
        rngSeed: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
        kaslrSeed: 0x1122_3344_5566_7788n,
      }),
      'chosen',
    );
    expect(chosen).toContain(String.raw`bootargs = "console=ttyAMA0 \"quoted\"";`);
    expect(chosen).toContain('linux,initrd-start = <0x00 0x48000000>;');
    expect(chosen).toContain('linux,initrd-end = <0x00 0x48123456>;');
    expect(chosen).toContain('rng-seed = <0x1020304 0x5060708>;');
    expect(chosen).toContain('kaslr-seed = <0x11223344 0x55667788>;');
  });
});
