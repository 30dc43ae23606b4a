/** The distributor (GICD). Registers of INTIDs below 32 are banked: each CPU sees its own. Source: Arm IHI 0048, 4.3. */
import type { AccessBytes, MmioDevice } from '../bus.ts';
import {
  bankRegister,
  type BankRules,
  firstInterrupt,
  type InterruptBank,
  readBank,
  readBytes,
  writeBank,
} from '../gic/bank.ts';
import { type GicV2State, INTERRUPTS, SGIS, setSources } from './state.ts';

const GICD = {
  CTLR: 0x0,
  TYPER: 0x4,
  IIDR: 0x8,
  ITARGETSR: 0x800,
  SGIR: 0xf00,
  CPENDSGIR: 0xf10,
  SPENDSGIR: 0xf20,
  IDENTIFICATION: 0xfd0,
} as const;
const IIDR = 0x43b;
/** PIDR4..7, PIDR0..3, CIDR0..3: architecture revision 2. */
const IDS = [0x04, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0x0d, 0xf0, 0x05, 0xb1];
const RULES: BankRules = { priorityMask: 0xff, fixedSgis: true };
/** GICD_SGIR.TargetListFilter. */
const FILTER = { LIST: 0, OTHERS: 1, SELF: 2 } as const;

/** `accessor` is the CPU whose access it is; `changed` is called after every write. */
export function createDistributor(
  state: GicV2State,
  accessor: () => number,
  changed: () => void,
): MmioDevice {
  return {
    read: (offset, bytes) => read(state, accessor(), offset, bytes),
    write(offset, bytes, value) {
      write(state, accessor(), offset, bytes, value);
      changed();
    },
  };
}

function bankAt(state: GicV2State, self: number, first: number): InterruptBank {
  return first < 32 ? state.cpus[self]!.bank : state.shared;
}

function read(state: GicV2State, self: number, offset: number, bytes: AccessBytes): number {
  const register = bankRegister(offset);
  if (register !== 0) {
    const first = firstInterrupt(register, offset);
    return readBank(bankAt(state, self, first), register, first, bytes);
  }
  if (offset >= GICD.ITARGETSR && offset < 0xc00) return readTargets(state, self, offset, bytes);
  const sgi = pendingSgi(offset);
  if (sgi >= 0) return readBytes(state.cpus[self]!.sources, sgi, bytes);
  if (bytes !== 4) return 0;
  switch (offset) {
    case GICD.CTLR:
      return state.groups;
    case GICD.TYPER:
      return (INTERRUPTS / 32 - 1) | ((state.cpus.length - 1) << 5);
    case GICD.IIDR:
      return IIDR;
    default:
      return offset >= GICD.IDENTIFICATION ? (IDS[(offset - GICD.IDENTIFICATION) >>> 2] ?? 0) : 0;
  }
}

function write(state: GicV2State, self: number, offset: number, bytes: AccessBytes, value: number): void {
  const register = bankRegister(offset);
  if (register !== 0) {
    const first = firstInterrupt(register, offset);
    writeBank(bankAt(state, self, first), RULES, register, first, bytes, value);
    return;
  }
  if (offset >= GICD.ITARGETSR && offset < 0xc00) writeTargets(state, offset, bytes, value);
  else if (pendingSgi(offset) >= 0) writePendingSgis(state, self, offset, bytes, value);
  else if (bytes === 4 && offset === GICD.CTLR) state.groups = value & 3;
  else if (bytes === 4 && offset === GICD.SGIR) generateSgi(state, self, value);
}

// GICD_ITARGETSRn: a byte per interrupt. The first eight say who asks; with one CPU all are RAZ/WI (IHI 0048, 4.3.12).

function readTargets(state: GicV2State, self: number, offset: number, bytes: AccessBytes): number {
  if (state.cpus.length === 1) return 0;
  const first = offset - GICD.ITARGETSR;
  if (first >= 32) return readBytes(state.targets, first, bytes);
  return (((1 << self) * 0x0101_0101) >>> 0) % 2 ** (bytes * 8);
}
function writeTargets(state: GicV2State, offset: number, bytes: AccessBytes, value: number): void {
  const first = offset - GICD.ITARGETSR;
  if (state.cpus.length === 1 || first < 32) return;
  const cpus = (1 << state.cpus.length) - 1;
  for (let n = 0; n < bytes && first + n < INTERRUPTS; n++)
    state.targets[first + n] = (value >>> (n * 8)) & cpus;
}

// GICD_CPENDSGIRn and GICD_SPENDSGIRn: a byte per SGI, a bit per source.

function pendingSgi(offset: number): number {
  return offset >= GICD.CPENDSGIR && offset < GICD.SPENDSGIR + SGIS ? offset & (SGIS - 1) : -1;
}
function writePendingSgis(
  state: GicV2State,
  self: number,
  offset: number,
  bytes: AccessBytes,
  value: number,
): void {
  const cpu = state.cpus[self]!;
  const cpus = (1 << state.cpus.length) - 1;
  for (let n = 0; n < bytes; n++) {
    const sgi = pendingSgi(offset) + n;
    const sources = (value >>> (n * 8)) & cpus;
    const now = cpu.sources[sgi]!;
    setSources(cpu, sgi, offset < GICD.SPENDSGIR ? now & ~sources : now | sources);
  }
}

/** GICD_SGIR (IHI 0048, 4.3.15). */
function generateSgi(state: GicV2State, self: number, value: number): void {
  const filter = (value >>> 24) & 3;
  const list = (value >>> 16) & 0xff;
  const sgi = value & 15;
  for (const [index, cpu] of state.cpus.entries()) {
    const mine = index === self;
    const reached =
      filter === FILTER.LIST
        ? ((list >>> index) & 1) === 1
        : (filter === FILTER.OTHERS && !mine) || (filter === FILTER.SELF && mine);
    if (reached) setSources(cpu, sgi, cpu.sources[sgi]! | (1 << self));
  }
}
