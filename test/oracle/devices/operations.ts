/** What random guests ask of devices: accesses to registers, and interrupts that are taken and ended in order. */
import { ICC } from '../../../src/abi/arm/gic-sysregs.ts';
import { sysregKey, type SysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import type { Rng } from '../numbers.ts';

export type Operation =
  | { readonly do: 'mrs'; readonly name: string; readonly key: SysregKey }
  | { readonly do: 'msr'; readonly name: string; readonly key: SysregKey; readonly value: number }
  | { readonly do: 'load'; readonly address: number; readonly bytes: 1 | 4 }
  | { readonly do: 'store'; readonly address: number; readonly bytes: 1 | 4; readonly value: number }
  /** Read ICC_IARn; the interrupt is remembered when it is one. */
  | { readonly do: 'acknowledge'; readonly group: 0 | 1 }
  /** End the interrupt that is remembered last, if any, in its group; `deactivate` writes ICC_DIR too (EOImode 1). */
  | { readonly do: 'end'; readonly deactivate: boolean };

export const GICD = 0x0800_0000;
export const GICR = 0x080a_0000;
const SGI_FRAME = GICR + 0x1_0000;
const UART = 0x0900_0000;
const CLOCK = 0x0901_0000;
const TIMER = {
  CNTFRQ_EL0: sysregKey(3, 3, 14, 0, 0),
  CNTP_CTL_EL0: sysregKey(3, 3, 14, 2, 1),
  CNTP_CVAL_EL0: sysregKey(3, 3, 14, 2, 2),
  CNTV_CTL_EL0: sysregKey(3, 3, 14, 3, 1),
  CNTV_CVAL_EL0: sysregKey(3, 3, 14, 3, 2),
  CNTKCTL_EL1: sysregKey(3, 0, 14, 1, 0),
} as const;
/** EOImode and CBPR of ICC_CTLR_EL1. */
const EOI_MODE = 2;

const oneOf = <T>(rng: Rng, list: readonly T[]): T => list[rng() % list.length]!;
const mrs = (name: keyof typeof ICC): Operation => ({ do: 'mrs', name: `ICC_${name}`, key: ICC[name] });
const msr = (name: keyof typeof ICC, value: number): Operation => ({
  do: 'msr',
  name: `ICC_${name}`,
  key: ICC[name],
  value,
});
const load = (address: number, bytes: 1 | 4 = 4): Operation => ({ do: 'load', address, bytes });
const store = (address: number, value: number, bytes: 1 | 4 = 4): Operation => ({
  do: 'store',
  address,
  bytes,
  value,
});

const READABLE = [
  'PMR_EL1',
  'BPR0_EL1',
  'BPR1_EL1',
  'RPR_EL1',
  'HPPIR0_EL1',
  'HPPIR1_EL1',
  'CTLR_EL1',
] as const;
const MORE_READABLE = ['AP0R0_EL1', 'AP1R0_EL1', 'IGRPEN0_EL1', 'IGRPEN1_EL1', 'SRE_EL1'] as const;
const PRIORITIES = [0, 0x08, 0x10, 0x20, 0x28, 0x40, 0x60, 0x80, 0x88, 0xa0, 0xc0, 0xf0];
const MASKS = [0xff, 0xff, 0xf8, 0xf0, 0x90, 0x80, 0x40, 0];

/** Registers with a bit for each interrupt: set and clear enable, pending, active. */
const BITS = [0x100, 0x180, 0x200, 0x280, 0x300, 0x380] as const;
/** Private interrupts of software, timers and nobody; shared ones that no device drives. */
const PRIVATE = [0, 1, 2, 3, 7, 15, 20, 22, 24] as const;
const SHARED = [50, 51, 60, 63, 64, 70, 95] as const;

function distributor(rng: Rng): Operation {
  const isPrivate = rng() % 2 === 0;
  const id = oneOf<number>(rng, isPrivate ? PRIVATE : SHARED);
  const frame = isPrivate ? SGI_FRAME : GICD;
  const word = 4 * (id >>> 5);
  const bit = 2 ** (id & 31);
  const kind = rng() % 10;
  if (kind < 4) return store(frame + oneOf(rng, [0x100, 0x100, 0x200, 0x200, ...BITS]) + word, bit);
  if (kind < 7) return load(frame + oneOf(rng, [...BITS, 0x80]) + word);
  if (kind === 7) return store(frame + 0x400 + id, oneOf(rng, PRIORITIES), 1);
  if (kind === 8) return rng() % 2 === 0 ? load(frame + 0x400 + (id & ~3)) : load(frame + 0x400 + id, 1);
  return load(frame + 0xc00 + 4 * (id >>> 4));
}

function cpuInterface(rng: Rng, isSplit: boolean): Operation {
  const kind = rng() % 20;
  if (kind < 5) return { do: 'acknowledge', group: rng() % 4 === 0 ? 0 : 1 };
  if (kind < 9) return { do: 'end', deactivate: isSplit };
  if (kind < 12) return mrs(oneOf(rng, [...READABLE, ...MORE_READABLE]));
  if (kind < 14) return mrs(oneOf(rng, READABLE));
  if (kind === 14) return msr('PMR_EL1', oneOf(rng, MASKS));
  // To this CPU. ICC_SGI1R for SGIs of group 0: with one security state they take it, as in KVM; in QEMU they do not.
  if (rng() % 3 === 0) return msr('SGI0R_EL1', (rng() % 16) * 2 ** 24 + 1);
  return msr('SGI1R_EL1', (4 + (rng() % 12)) * 2 ** 24 + 1);
}

/** Registers of the UART that are only stored, its status, and its identification. */
const UART_KEPT = [0x24, 0x28, 0x34] as const;
const UART_READ = [
  ...UART_KEPT,
  0x18,
  0x3c,
  0x40,
  0x2c,
  0x38,
  0xfe0,
  0xfe4,
  0xfe8,
  0xfec,
  0xff0,
  0xff4,
  0xff8,
  0xffc,
];
const CLOCK_READ = [0x04, 0x0c, 0x10, 0xfe0, 0xfe4, 0xfe8, 0xfec, 0xff0, 0xff4, 0xff8, 0xffc];

function otherDevice(rng: Rng): Operation {
  const kind = rng() % 8;
  if (kind === 0) return store(UART + oneOf(rng, UART_KEPT), rng() % 64);
  if (kind < 3) return load(UART + oneOf(rng, UART_READ));
  if (kind === 3) return store(UART + 0x38, (rng() % 2) * 0x10);
  if (kind === 4) return load(CLOCK + oneOf(rng, CLOCK_READ));
  const name = oneOf(rng, Object.keys(TIMER) as (keyof typeof TIMER)[]);
  const key = TIMER[name];
  if (kind < 7 || name === 'CNTFRQ_EL0') return { do: 'mrs', name, key };
  const value = /CTL_EL0/.test(name)
    ? rng() % 4
    : name === 'CNTKCTL_EL1'
      ? rng() % 4
      : (rng() % 2) * 0x7000_0000;
  return { do: 'msr', name, key, value };
}

function startOf(rng: Rng, control: number): Operation[] {
  return [
    msr('SRE_EL1', 7),
    store(GICD, 3),
    store(GICR + 0x14, 0),
    store(SGI_FRAME + 0x80, oneOf(rng, [0xffff_ffff, 0xffff_ffff, 0xffff_fff0])),
    ...[4, 8, 12].map((word) => store(GICD + 0x80 + word, oneOf(rng, [0xffff_ffff, 0x7fff_ffff]))),
    store(SGI_FRAME + 0x100, 0xffff),
    msr('CTLR_EL1', control),
    msr('PMR_EL1', 0xff),
    msr('BPR0_EL1', rng() % 8),
    msr('BPR1_EL1', rng() % 8),
    msr('IGRPEN0_EL1', 1),
    msr('IGRPEN1_EL1', 1),
    ...[...PRIVATE, ...SHARED].map((id) =>
      store((id < 32 ? SGI_FRAME : GICD) + 0x400 + id, oneOf(rng, PRIORITIES), 1),
    ),
  ];
}
/** Operations at the start of every program. */
export const startLength = startOf(() => 0, 0).length;

/**
 * A program. Decided once, at its start, is where QEMU 7.2 is not the specification or that leaves a choice: the group of an
 * interrupt; group enables (QEMU lets an interrupt of a disabled group stand in the way of others); binary points (QEMU
 * applies a new one to what is active already, where the active priorities registers keep what it was, as KVM does).
 */
export function randomOperations(rng: Rng, length: number): Operation[] {
  const control = oneOf(rng, [0, 0, 1, EOI_MODE, EOI_MODE | 1]);
  const start = startOf(rng, control);
  const rest = Array.from({ length }, () => {
    const kind = rng() % 8;
    if (kind === 0) return otherDevice(rng);
    return kind < 5 ? cpuInterface(rng, (control & EOI_MODE) !== 0) : distributor(rng);
  });
  return [...start, ...rest];
}

/** Bits of a value that an implementation chooses: ICC_CTLR_EL1.IDbits, 16 bits of INTID here and 24 in QEMU. */
export const choiceIn = (operation: Operation): bigint =>
  operation.do === 'mrs' && operation.key === ICC.CTLR_EL1 ? 0x3800n : 0n;

export function formatOperation(operation: Operation): string {
  const hex = (value: number): string => `0x${value.toString(16)}`;
  switch (operation.do) {
    case 'mrs':
      return `mrs ${operation.name}`;
    case 'msr':
      return `msr ${operation.name}, ${hex(operation.value)}`;
    case 'load':
      return `load ${8 * operation.bytes} bits at ${hex(operation.address)}`;
    case 'store':
      return `store ${8 * operation.bytes} bits at ${hex(operation.address)}: ${hex(operation.value)}`;
    case 'acknowledge':
      return `mrs ICC_IAR${operation.group}_EL1`;
    case 'end':
      return `end of the interrupt${operation.deactivate ? ', and deactivate' : ''}`;
  }
}
