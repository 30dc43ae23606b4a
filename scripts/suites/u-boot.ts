/**
 * U-Boot over REST, from flash to its prompt: commands typed on its console, a disk and a clock that it finds in the
 * device tree, a store to flash, and power off by PSCI. Expected texts come from the firmware's and the disk's own bytes,
 * and from what the same firmware prints in QEMU.
 */
import { crc32 } from 'node:zlib';
import { Client, type Run, type Vm } from '../../src/cli/client.ts';
import { startServer } from '../../src/cli/server.ts';
import { Console } from './console.ts';
import { ext2Disk, missingDiskTool } from './ext2-disk.ts';
import { millions, powerOff, seconds, upload } from './linux-guest.ts';
import type { Suite, SuiteOptions, SuiteResult } from './suite.ts';
import { missingUBoot, uBoot } from './u-boot-files.ts';

interface Case {
  readonly tier: 'interpreter' | 'jit' | 'auto';
  readonly gic: 2 | 3;
}
const CASES: readonly Case[] = [
  { tier: 'interpreter', gic: 3 },
  { tier: 'jit', gic: 2 },
  { tier: 'auto', gic: 3 },
];

/** A session takes about 200 million instructions; its guest polls the console while it waits. */
const BUDGET = { instructions: 2_000_000_000, wallMilliseconds: 300_000 } as const;
const PROMPT = '=> ';
const MEMORY = 512 << 20;
const DISK_KIBIBYTES = 2048;
const GREETING = new TextEncoder().encode('read from a disk by firmware\n'.repeat(100));
/** When the VM's clock starts. */
const TIME = '2027-04-05T12:00:00Z';
const SCRATCH = '0x41000000';
const BACK = '0x43000000';

/** A command, and what its output has to contain. */
type Command = readonly [line: string, ...expected: string[]];

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

function commands(firmware: Uint8Array): readonly Command[] {
  const view = new DataView(firmware.buffer, firmware.byteOffset, firmware.length);
  const words = [0, 4, 8, 12].map((offset) => hex8(view.getUint32(offset, true)));
  const banner = /U-Boot \d{4}\.\d{2}[^\0\n]*\)/.exec(new TextDecoder('latin1').decode(firmware))![0];
  return [
    ['version', banner],
    ['bdinfo', '-> start    = 0x0000000040000000', `-> size     = 0x${hex8(MEMORY).padStart(16, '0')}`],
    ['printenv', 'fdt_addr=0x40000000', 'bootcmd=run distro_bootcmd', 'stdout=pl011@9000000'],
    ['md.l 0 4', `00000000: ${words.join(' ')}`],
    [`crc32 0 ${firmware.length.toString(16)}`, `==> ${hex8(crc32(firmware))}`],
    [`mw.l ${SCRATCH} deadbeef 80`],
    [`md.l ${SCRATCH} 4`, '41000000: deadbeef deadbeef deadbeef deadbeef'],
    ['dm tree', 'virtio-blk', 'virtio-rng', 'rtc-pl031', 'serial_pl01x', 'psci-sysreset'],
    [
      'virtio scan; virtio info',
      'VirtIO Block Device',
      `Capacity: 2.0 MB = 0.0 GB (${DISK_KIBIBYTES * 2} x 512)`,
    ],
    ['ls virtio 0', `${GREETING.length} greeting.txt`],
    [`load virtio 0 ${BACK} greeting.txt`, `${GREETING.length} bytes read`],
    [`crc32 ${BACK} $filesize`, `==> ${hex8(crc32(GREETING))}`],
    // The first sector is nothing of the file system's.
    [`virtio write ${SCRATCH} 0 1`, '1 blocks written: OK'],
    [`virtio read ${BACK} 0 1`, '1 blocks read: OK'],
    [`cmp.b ${BACK} ${SCRATCH} 200`, 'Total of 512 byte(s) were the same'],
    ['date', 'Date: 2027-04-05 (Monday)', 'Time: 12:00:'],
    ['date 010203042030', 'Date: 2030-01-02 (Wednesday)', 'Time:  3:04:'],
  ];
}

/**
 * A store to flash comes to the client, as a VMM would see it: the instruction writes its base register back, so that
 * the syndrome does not describe it. Steps over it, and returns the run that goes on.
 */
async function storeToFlash(client: Client, vm: string, console: Console, run: string): Promise<string> {
  await console.type('mw.l 0x100 12345678');
  const { exit } = await client.get<Run>(`/v1/runs/${run}?wait=60`);
  const { armNisv, pc } = exit as unknown as { armNisv?: { faultIpa: string }; pc: string };
  if (exit?.reason !== 'KVM_EXIT_ARM_NISV' || Number(armNisv?.faultIpa) !== 0x100)
    throw new Error(`a store to flash ended the run with ${exit?.reason ?? 'nothing'}`);
  await client.command('PATCH', `${vm}/vcpus/0/registers`, {
    json: { pc: `0x${(BigInt(pc) + 4n).toString(16)}` },
  });
  const from = console.text.length;
  const { id } = await client.post<Run>(`${vm}/runs`, { budget: BUDGET });
  await console.ready(id, PROMPT, from);
  return id;
}

async function session(client: Client, vm: string, firmware: Uint8Array): Promise<string> {
  const console = new Console(client, vm, PROMPT);
  try {
    const started = performance.now();
    let { id: run } = await client.post<Run>(`${vm}/runs`, { budget: BUDGET });
    await console.until(run, 'Hit any key to stop autoboot', 0);
    await console.press(' ');
    await console.ready(run, 'stop autoboot');
    const prompted = performance.now();
    const list = commands(firmware);
    for (const [line, ...expected] of list) {
      const said = await console.command(run, line, expected[0] ?? PROMPT);
      const absent = expected.find((text) => !said.includes(text));
      if (absent !== undefined) throw new Error(`${line} did not print ${JSON.stringify(absent)}`);
    }
    run = await storeToFlash(client, vm, console, run);
    const [, ...flash] = list.find(([line]) => line === 'md.l 0 4')!;
    await console.command(run, 'md.l 0 4', flash[0]!);
    await powerOff(client, console, run, 'poweroff');
    const { vcpus } = await client.get<{ vcpus: { instructionCount: number }[] }>(vm);
    return `prompt after ${seconds(prompted - started)} s, ${list.length + 3} commands, ${millions(vcpus[0]!.instructionCount)} in all`;
  } catch (error) {
    throw await console.explained(error);
  }
}

async function run({ count, progress }: SuiteOptions): Promise<SuiteResult> {
  const firmware = uBoot();
  const cases = CASES.slice(0, count);
  const server = await startServer({ env: { GUESTDBG_REQUESTS_PER_SECOND: '0' } });
  let failed = 0;
  try {
    const client = new Client(server.base);
    const boot = { firmware: await upload(client, 'firmware', firmware) };
    const disk = ext2Disk(DISK_KIBIBYTES, { 'greeting.txt': GREETING });
    const disks = [{ image: await upload(client, 'disk', disk), mode: 'overlay' }];
    for (const [i, { tier, gic }] of cases.entries()) {
      const name = `GICv${gic}, ${tier}`;
      progress.step(name, i, cases.length);
      const board = { kind: 'virt', gic, time: TIME, disks };
      const enableCapabilities = ['KVM_CAP_ARM_NISV_TO_USER'];
      const { id } = await client.post<Vm>('/v1/vms', {
        tier,
        memory: { size: MEMORY },
        enableCapabilities,
        board,
        boot,
      });
      try {
        progress.line(`${name}: ${await session(client, `/v1/vms/${id}`, firmware)}`);
      } catch (error) {
        failed++;
        progress.line(`${name}: FAILED: ${(error as Error).message}`);
      }
      await client.command('DELETE', `/v1/vms/${id}`);
    }
  } finally {
    await server.stop();
  }
  return { passed: cases.length - failed, failed, skipped: 0 };
}

export const U_BOOT: Suite = {
  name: 'u-boot',
  summary: "Debian's U-Boot from flash to its prompt, commands, disk and clock, power off; both tiers",
  quick: 2,
  missing: () => missingDiskTool() ?? missingUBoot(),
  run,
};
