/**
 * The state of a set of interrupts and the distributor registers that show it: the part that GICv2 and GICv3 share.
 * Source: Arm IHI 0048 (GICv2) 4.3 and IHI 0069 (GICv3/v4) 12.9: the registers of one name have one layout.
 */
import type { AccessBytes } from '../bus.ts';

/** One byte per interrupt in each array; plain data, so that it can be saved. */
export interface InterruptBank {
  readonly count: number;
  /** The first 16 are software-generated interrupts: a vcpu's own bank. */
  readonly hasSgis: boolean;
  readonly enabled: Uint8Array;
  /** Made pending by an edge or by software; cleared by acknowledge and by software. */
  readonly latch: Uint8Array;
  /** Level of the input. */
  readonly line: Uint8Array;
  readonly active: Uint8Array;
  readonly priority: Uint8Array;
  /** Edge-triggered, else level-sensitive. */
  readonly edge: Uint8Array;
  readonly group: Uint8Array;
}

/** Everything at reset: disabled, idle, highest priority, level-sensitive, group 0. SGIs (below 16) are edges. */
export function createBank(count: number, hasSgis: boolean): InterruptBank {
  const bytes = (): Uint8Array => new Uint8Array(count);
  const edge = bytes();
  if (hasSgis) edge.fill(1, 0, 16);
  return {
    count,
    hasSgis,
    enabled: bytes(),
    latch: bytes(),
    line: bytes(),
    active: bytes(),
    priority: bytes(),
    edge,
    group: bytes(),
  };
}

/** Pending: latched, or level-sensitive with its input asserted. Source: IHI 0069, 4.1 (interrupt states). */
export function isPending(bank: InterruptBank, id: number): boolean {
  return bank.latch[id] === 1 || (bank.edge[id] === 0 && bank.line[id] === 1);
}

/** Drive an input; true when it changes. A rising edge of an edge-triggered interrupt makes it pending. */
export function driveInput(bank: InterruptBank, id: number, level: boolean): boolean {
  const was = bank.line[id] === 1;
  if (level === was) return false;
  bank.line[id] = level ? 1 : 0;
  if (level && bank.edge[id] === 1) bank.latch[id] = 1;
  return true;
}

/** Registers with one layout in both generations, by offset in the distributor (and the SGI frame of GICv3). */
export const BANK_REGISTER = {
  GROUP: 1,
  SET_ENABLE: 2,
  CLEAR_ENABLE: 3,
  SET_PENDING: 4,
  CLEAR_PENDING: 5,
  SET_ACTIVE: 6,
  CLEAR_ACTIVE: 7,
  PRIORITY: 8,
  CONFIGURATION: 9,
} as const;

/** Which bank register an offset belongs to; 0 when none. */
export function bankRegister(offset: number): number {
  if (offset >= 0x080 && offset < 0x400) return offset >>> 7;
  if (offset >= 0x400 && offset < 0x800) return BANK_REGISTER.PRIORITY;
  return offset >= 0xc00 && offset < 0xd00 ? BANK_REGISTER.CONFIGURATION : 0;
}

/** The first interrupt that the register at an offset describes. */
export function firstInterrupt(register: number, offset: number): number {
  if (register === BANK_REGISTER.PRIORITY) return offset - 0x400;
  return register === BANK_REGISTER.CONFIGURATION ? (offset - 0xc00) * 4 : (offset & 0x7f) * 8;
}

const bitPerInterrupt = (bank: InterruptBank, first: number, test: (id: number) => boolean): number => {
  let value = 0;
  for (let n = 0; n < 32 && first + n < bank.count; n++) if (test(first + n)) value |= 1 << n;
  return value >>> 0;
};

/** Priorities are read by byte, everything else by word. */
export function readBank(bank: InterruptBank, register: number, first: number, bytes: AccessBytes): number {
  if (register === BANK_REGISTER.PRIORITY) return readBytes(bank.priority, first, bytes);
  if (bytes !== 4) return 0;
  switch (register) {
    case BANK_REGISTER.GROUP:
      return bitPerInterrupt(bank, first, (id) => bank.group[id] === 1);
    case BANK_REGISTER.SET_ENABLE:
    case BANK_REGISTER.CLEAR_ENABLE:
      return bitPerInterrupt(bank, first, (id) => bank.enabled[id] === 1);
    case BANK_REGISTER.SET_PENDING:
    case BANK_REGISTER.CLEAR_PENDING:
      return bitPerInterrupt(bank, first, (id) => isPending(bank, id));
    case BANK_REGISTER.SET_ACTIVE:
    case BANK_REGISTER.CLEAR_ACTIVE:
      return bitPerInterrupt(bank, first, (id) => bank.active[id] === 1);
    default:
      return readConfiguration(bank, first);
  }
}

function readConfiguration(bank: InterruptBank, first: number): number {
  let value = 0;
  for (let n = 0; n < 16 && first + n < bank.count; n++) value |= (bank.edge[first + n]! << 1) << (n * 2);
  return value >>> 0;
}

/** Little-endian bytes of an array; bytes beyond it are 0. */
export function readBytes(array: Uint8Array, first: number, bytes: AccessBytes): number {
  let value = 0;
  for (let n = 0; n < bytes; n++) value |= (array[first + n] ?? 0) << (n * 8);
  return value >>> 0;
}

/** What a generation decides about writes. */
export interface BankRules {
  /** Bits of a priority that exist, from the top. */
  readonly priorityMask: number;
  /** GICv2: SGIs are enabled for good, and pending only by source: SPENDSGIR and CPENDSGIR. */
  readonly fixedSgis: boolean;
}

export function writeBank(
  bank: InterruptBank,
  rules: BankRules,
  register: number,
  first: number,
  bytes: AccessBytes,
  value: number,
): void {
  if (register === BANK_REGISTER.PRIORITY) {
    for (let n = 0; n < bytes && first + n < bank.count; n++) {
      bank.priority[first + n] = (value >>> (n * 8)) & rules.priorityMask;
    }
    return;
  }
  if (bytes !== 4) return;
  if (register === BANK_REGISTER.CONFIGURATION) writeConfiguration(bank, first, value);
  else
    for (let n = 0; n < 32 && first + n < bank.count; n++)
      writeBit(bank, rules, register, first + n, (value >>> n) & 1);
}

function writeBit(bank: InterruptBank, rules: BankRules, register: number, id: number, bit: number): void {
  if (register === BANK_REGISTER.GROUP) {
    bank.group[id] = bit;
    return;
  }
  if (bit === 0) return;
  const fixed = rules.fixedSgis && bank.hasSgis && id < 16;
  switch (register) {
    case BANK_REGISTER.SET_ENABLE:
      bank.enabled[id] = 1;
      return;
    case BANK_REGISTER.CLEAR_ENABLE:
      if (!fixed) bank.enabled[id] = 0;
      return;
    case BANK_REGISTER.SET_PENDING:
      if (!fixed) bank.latch[id] = 1;
      return;
    case BANK_REGISTER.CLEAR_PENDING:
      if (!fixed) bank.latch[id] = 0;
      return;
    case BANK_REGISTER.SET_ACTIVE:
      bank.active[id] = 1;
      return;
    case BANK_REGISTER.CLEAR_ACTIVE:
      bank.active[id] = 0;
      return;
  }
}

/** Bit 1 of each pair says edge; bit 0 is reserved. SGIs are always edges. */
function writeConfiguration(bank: InterruptBank, first: number, value: number): void {
  for (let n = 0; n < 16 && first + n < bank.count; n++) {
    const id = first + n;
    if (bank.hasSgis && id < 16) continue;
    bank.edge[id] = (value >>> (n * 2 + 1)) & 1;
  }
}
