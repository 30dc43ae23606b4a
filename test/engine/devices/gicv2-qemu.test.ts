/**
 * Random accesses to a GICv2 with one CPU, here and in QEMU's virt board (package qemu-system-arm), whose bus its qtest
 * protocol reaches without a guest. Left out is where QEMU 7.2 is not the specification: GICC_HPPIR honours the
 * priority mask there, GICC_AIAR does not exist, preemption does not use the group priority, GICD_SPENDSGIR makes
 * SGIs pending whatever is written, interrupts of a disabled group stand in the way of others, and
 * what GICD_ISACTIVER1 made active a CPU interface cannot end.
 */
import { spawn, spawnSync } from 'node:child_process';
import { fc } from '../../seed.ts';
import { expect, it } from 'vitest';
import { Bus } from '../../../src/engine/devices/bus.ts';
import { GicV2 } from '../../../src/engine/devices/gicv2/gicv2.ts';

const GICD = 0x0800_0000;
const GICC = 0x0801_0000;

interface Access {
  readonly address: number;
  readonly bytes: 1 | 4;
  /** Absent: a read. */
  readonly value?: number;
}

const QEMU = 'qemu-system-aarch64';
const present = spawnSync(QEMU, ['--version']).status === 0;
if (!present)
  console.log(`GICv2 against QEMU: not checked, ${QEMU} is not installed (package qemu-system-arm)`);

/** Values that the reads gave. QEMU does not end by itself when there is nothing more to do. */
function inQemu(accesses: readonly Access[]): Promise<number[]> {
  const letter = { 1: 'b', 4: 'l' } as const;
  const lines = accesses.map(({ address, bytes, value }) =>
    value === undefined ? `read${letter[bytes]} ${address}` : `write${letter[bytes]} ${address} ${value}`,
  );
  const machine = ['-M', 'virt,gic-version=2', '-cpu', 'cortex-a57', '-accel', 'tcg', '-S'];
  const quiet = ['-display', 'none', '-serial', 'null', '-monitor', 'none', '-qtest-log', 'none'];
  const child = spawn(QEMU, [...machine, ...quiet, '-qtest', 'stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  child.stdin.end(`${lines.join('\n')}\n`);
  let output = '';
  return new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.split('\n').length > lines.length) child.kill('SIGKILL');
    });
    child.on('close', () => {
      resolve([...output.matchAll(/^OK 0x([0-9a-f]+)$/gm)].map(([, digits]) => Number.parseInt(digits!, 16)));
    });
  });
}

/** Stands for the end of the interrupt that was acknowledged last: any other order is UNPREDICTABLE. */
const END = -1;

/** Values that the reads give here, and the accesses with their ends filled in. */
function here(steps: readonly Access[]): { readonly values: number[]; readonly accesses: Access[] } {
  const bus = new Bus();
  new GicV2(1, () => 0).attach(bus);
  const data = new DataView(new ArrayBuffer(4));
  const running: number[] = [];
  const values: number[] = [];
  const accesses = steps.map((step) => {
    const { address, bytes } = step;
    const value = step.value === END ? (running.pop() ?? 1023) : step.value;
    data.setUint32(0, value ?? 0, true);
    if (value !== undefined) {
      bus.write(address, bytes, data, 0);
      return { ...step, value };
    }
    bus.read(address, bytes, data, 0);
    const seen = data.getUint32(0, true);
    values.push(seen);
    if (address === GICC + 0x0c && seen < 1020) running.push(seen);
    return step;
  });
  return { values, accesses };
}

const word = (...offsets: number[]): fc.Arbitrary<number> => fc.constantFrom(...offsets);
const read = (address: fc.Arbitrary<number>): fc.Arbitrary<Access> =>
  address.map((at) => ({ address: at, bytes: 4 }));
const write = (address: fc.Arbitrary<number>, value: fc.Arbitrary<number>): fc.Arbitrary<Access> =>
  fc.tuple(address, value).map(([at, v]) => ({ address: at, bytes: 4, value: v }));
const some = fc.integer({ min: 0, max: 0xffff_ffff });
/** Enable, pending, active: a bit per interrupt, for INTIDs 0 to 63. */
const bitRegister = word(...[0x100, 0x180, 0x200, 0x280, 0x300, 0x380].flatMap((n) => [n, n + 4])).map(
  (n) => GICD + n,
);
const interrupt = fc.oneof(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 32, max: 39 }));

const access = fc.oneof(
  { weight: 4, arbitrary: read(bitRegister) },
  {
    weight: 3,
    arbitrary: write(
      bitRegister.filter((at) => at !== GICD + 0x304),
      some,
    ),
  },
  {
    weight: 1,
    arbitrary: read(word(0, 4, 8, 0xc00, 0xc04, 0xc08, 0x800, 0x820, 0xf10).map((n) => GICD + n)),
  },
  {
    weight: 1,
    arbitrary: write(
      word(0xc00, 0xc04, 0xc08, 0x800, 0x820, 0xf10).map((n) => GICD + n),
      some,
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(interrupt, fc.integer({ min: 0, max: 127 }))
      .map(([id, level]): Access => ({ address: GICD + 0x400 + id, bytes: 1, value: level * 2 })),
  },
  { weight: 1, arbitrary: read(interrupt.map((id) => GICD + 0x400 + (id & ~3))) },
  {
    weight: 2,
    arbitrary: write(
      word(0xf00).map((n) => GICD + n),
      fc.tuple(word(0, 1, 2), fc.nat(15)).map(([f, n]) => f * 2 ** 24 + 0x1_0000 + n),
    ),
  },
  {
    weight: 1,
    arbitrary: write(word(GICD + 0xf20), fc.constant(0x101_0101)),
  },
  { weight: 1, arbitrary: write(word(GICC), word(7, 0x207)) },
  { weight: 1, arbitrary: write(word(GICC + 4), word(0x10, 0x80, 0xf0, 0xff, 0xff)) },
  {
    weight: 5,
    arbitrary: read(
      word(0x0c, 0x0c, 0x14, 0x00, 0x04, 0xd0, 0xd4, 0xd8, 0xdc, 0xe0, 0xe4).map((n) => GICC + n),
    ),
  },
  { weight: 3, arbitrary: write(word(GICC + 0x10), fc.constant(END)) },
  { weight: 1, arbitrary: write(word(GICC + 0x1000), interrupt) },
);

it.runIf(present)('answers as QEMU does', async () => {
  const start: Access[] = [
    { address: GICD, bytes: 4, value: 3 },
    { address: GICC, bytes: 4, value: 7 },
    { address: GICC + 4, bytes: 4, value: 0xff },
  ];
  // Which group an interrupt belongs to is decided once: priority drops go by group.
  const groups = fc.tuple(write(word(GICD + 0x80), some), write(word(GICD + 0x84), some));
  const steps = fc.array(access, { minLength: 300, maxLength: 600 });
  await fc.assert(
    fc.asyncProperty(groups, steps, async (grouped, rest) => {
      const { values, accesses } = here([...start, ...grouped, ...rest]);
      const reads = accesses.filter(({ value }) => value === undefined);
      const label = (all: number[]): string[] =>
        all.map((value, n) => `${n} 0x${reads[n]!.address.toString(16)}: 0x${value.toString(16)}`);
      expect(label(values)).toEqual(label(await inQemu(accesses)));
    }),
    { numRuns: 6, endOnFailure: true },
  );
});
