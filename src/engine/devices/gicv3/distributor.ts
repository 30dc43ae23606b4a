/**
 * The distributor's frame (GICD). Affinity routing is always on: what belongs to a vcpu (INTIDs below 32) is in its
 * redistributor, and reads as zero here. Source: Arm IHI 0069, 12.9; identification as QEMU's virt board has it.
 */
import type { AccessBytes, MmioDevice } from '../bus.ts';
import { bankRegister, type BankRules, firstInterrupt, readBank, writeBank } from '../gic/bank.ts';
import { type GicV3State, INTERRUPTS, PRIORITY_MASK } from './state.ts';

const GICD = { CTLR: 0x0, TYPER: 0x4, IIDR: 0x8, IROUTER: 0x6000, IDENTIFICATION: 0xffd0 } as const;
/** ARE and DS: both always set. */
const CTLR_FIXED = 0x50;
const CTLR_GROUPS = 3;
/** No1N, A3V, 16 bits of INTID, and the number of 32-interrupt blocks above the first. */
const TYPER = (1 << 25) | (1 << 24) | (15 << 19) | (INTERRUPTS / 32 - 1);
/** Implementer: Arm. */
export const IIDR = 0x43b;
/** Also those of a redistributor's SGI frame. */
export const RULES: BankRules = { priorityMask: PRIORITY_MASK, fixedSgis: false };

/** PIDR4..7, PIDR0..3, CIDR0..3 from offset 0xffd0. `part` is PIDR0; architecture revision 3. */
export function identification(part: number, offset: number): number {
  const bytes = [0x44, 0, 0, 0, part, 0xb4, 0x3b, 0, 0x0d, 0xf0, 0x05, 0xb1];
  return bytes[(offset - GICD.IDENTIFICATION) >>> 2] ?? 0;
}

/** `changed` is called after every write. */
export function createDistributor(state: GicV3State, changed: () => void): MmioDevice {
  return {
    read: (offset, bytes) => read(state, offset, bytes),
    write(offset, bytes, value) {
      write(state, offset, bytes, value);
      changed();
    },
  };
}

function read(state: GicV3State, offset: number, bytes: AccessBytes): number {
  const register = bankRegister(offset);
  if (register !== 0) {
    const first = firstInterrupt(register, offset);
    return first < 32 ? 0 : readBank(state.shared, register, first, bytes);
  }
  if (bytes !== 4) return 0;
  if (isRoute(offset)) return routeWord(state, offset);
  if (offset >= GICD.IDENTIFICATION) return identification(0x92, offset);
  switch (offset) {
    case GICD.CTLR:
      return state.groups | CTLR_FIXED;
    case GICD.TYPER:
      return TYPER;
    case GICD.IIDR:
      return IIDR;
    default:
      return 0;
  }
}

function write(state: GicV3State, offset: number, bytes: AccessBytes, value: number): void {
  const register = bankRegister(offset);
  if (register !== 0) {
    const first = firstInterrupt(register, offset);
    if (first >= 32) writeBank(state.shared, RULES, register, first, bytes, value);
  } else if (bytes === 4 && isRoute(offset)) writeRoute(state, offset, value);
  else if (bytes === 4 && offset === GICD.CTLR) state.groups = value & CTLR_GROUPS;
}

// GICD_IROUTER<n>: Aff2..Aff0 in the low word, Aff3 in the high one. Interrupt_Routing_Mode (1 of N) does not exist.

function isRoute(offset: number): boolean {
  return offset >= GICD.IROUTER + 32 * 8 && offset < GICD.IROUTER + INTERRUPTS * 8;
}
function routeWord(state: GicV3State, offset: number): number {
  const affinity = state.route[(offset - GICD.IROUTER) >>> 3]!;
  return (offset & 4) === 0 ? affinity & 0xff_ffff : affinity >>> 24;
}
function writeRoute(state: GicV3State, offset: number, value: number): void {
  const id = (offset - GICD.IROUTER) >>> 3;
  const affinity = state.route[id]!;
  state.route[id] =
    (offset & 4) === 0
      ? (affinity & 0xff00_0000) | (value & 0xff_ffff)
      : (affinity & 0xff_ffff) | (value << 24);
}
