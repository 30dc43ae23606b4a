/**
 * The CPU interfaces (GICC), at one address for all CPUs. Source: Arm IHI 0048, chapter 3 (handling and
 * prioritisation) and 4.4 (the registers).
 */
import { lowestSetBit } from '../../../base/bits.ts';
import type { MmioDevice } from '../bus.ts';
import { clearHighestActive, highestActive, setActive } from '../gic/active-priorities.ts';
import { type Candidate, IDLE_PRIORITY, SPURIOUS } from '../gic/selection.ts';
import {
  bankOf,
  CONTROL,
  type CpuInterface,
  type GicV2Cpu,
  type GicV2State,
  SGIS,
  setSources,
} from './state.ts';

const GICC = {
  CTLR: 0x00,
  PMR: 0x04,
  BPR: 0x08,
  IAR: 0x0c,
  EOIR: 0x10,
  RPR: 0x14,
  HPPIR: 0x18,
  ABPR: 0x1c,
  AIAR: 0x20,
  AEOIR: 0x24,
  AHPPIR: 0x28,
  APR: 0xd0,
  NSAPR: 0xe0,
  END_OF_APR: 0xf0,
  IIDR: 0xfc,
  DIR: 0x1000,
} as const;
/** Architecture version 2, revision 0, implementer Arm. */
const IIDR = 0x2_043b;
/** A group 1 interrupt waits, and GICC_CTLR.AckCtl does not let this register acknowledge it. */
const OTHER_GROUP = 1022;
/** Priorities have eight bits, preemption seven: bit 0 never takes part. */
const LEVEL_SHIFT = 1;

/** What the CPU interfaces need of the controller. */
export interface Front {
  readonly state: GicV2State;
  /** The CPU whose access it is. */
  readonly accessor: () => number;
  /** What a CPU is offered now. */
  readonly offer: (cpu: number) => Candidate;
  readonly changed: () => void;
}

/** GICC_BPR of n leaves bits 7..n+1 for preemption, GICC_ABPR of n bits 7..n (IHI 0048, 3.3.3 and 4.4.8). */
function groupPriorityMask(cpu: CpuInterface, group: number): number {
  const own = group === 1 && (cpu.control & CONTROL.CBPR) === 0;
  return (0xff << (own ? cpu.binaryPoint[1] : cpu.binaryPoint[0] + 1)) & 0xff;
}

function runningLevel(cpu: CpuInterface): number {
  const levels = cpu.active.map(highestActive).filter((level) => level >= 0);
  return levels.length === 0 ? IDLE_PRIORITY : Math.min(...levels) << LEVEL_SHIFT;
}

/** Whether a candidate is signalled: above the mask, and its group priority above what runs. */
export function signalled(cpu: CpuInterface, { priority, group }: Candidate): boolean {
  return priority < cpu.priorityMask && (priority & groupPriorityMask(cpu, group)) < runningLevel(cpu);
}

export function createCpuInterfaces(front: Front): MmioDevice {
  return {
    read: (offset, bytes) => (bytes === 4 ? read(front, offset) : 0),
    write(offset, bytes, value) {
      if (bytes !== 4) return;
      write(front.state, front.state.cpus[front.accessor()]!, offset, value);
      front.changed();
    },
  };
}

function read(front: Front, offset: number): number {
  const self = front.accessor();
  const owner = front.state.cpus[self]!;
  const { cpu } = owner;
  switch (offset) {
    case GICC.CTLR:
      return cpu.control;
    case GICC.PMR:
      return cpu.priorityMask;
    case GICC.BPR:
      return cpu.binaryPoint[0];
    case GICC.ABPR:
      return cpu.binaryPoint[1];
    case GICC.IAR:
    case GICC.AIAR:
      return acknowledge(front, owner, front.offer(self), offset === GICC.AIAR);
    case GICC.HPPIR:
    case GICC.AHPPIR:
      return visible(owner, front.offer(self), offset === GICC.AHPPIR);
    case GICC.RPR:
      return Math.min(runningLevel(cpu), 0xff);
    case GICC.IIDR:
      return IIDR;
    default:
      return activeWord(cpu, offset, (words, n) => words[n]!) ?? 0;
  }
}

/** GICC_APRn and GICC_NSAPRn. */
function activeWord<T>(
  cpu: CpuInterface,
  offset: number,
  use: (words: Uint32Array, n: number) => T,
): T | undefined {
  if (offset < GICC.APR || offset >= GICC.END_OF_APR) return undefined;
  return use(cpu.active[offset < GICC.NSAPR ? 0 : 1], (offset >>> 2) & 3);
}

/**
 * The INTID, with the source CPU of an SGI, that GICC_IAR and HPPIR (or their aliases, for group 1 only) show.
 * Without Security Extensions software is as a secure one (IHI 0048, 4.4.4).
 */
function visible(owner: GicV2Cpu, { id, group }: Candidate, alias: boolean): number {
  if (id === SPURIOUS || (alias && group === 0)) return SPURIOUS;
  if (!alias && group === 1 && (owner.cpu.control & CONTROL.ACK_CTL) === 0) return OTHER_GROUP;
  return id < SGIS ? id | (lowestSetBit(owner.sources[id]!) << 10) : id;
}

function acknowledge(front: Front, owner: GicV2Cpu, candidate: Candidate, alias: boolean): number {
  const { id, priority, group } = candidate;
  if (!signalled(owner.cpu, candidate)) return SPURIOUS;
  const seen = visible(owner, candidate, alias);
  if (seen === SPURIOUS || seen === OTHER_GROUP) return seen;
  const bank = bankOf(front.state, owner, id)!;
  const level = (priority & groupPriorityMask(owner.cpu, group)) >>> LEVEL_SHIFT;
  setActive(owner.cpu.active[group === 0 ? 0 : 1], level);
  bank.active[id] = 1;
  if (id < SGIS) setSources(owner, id, owner.sources[id]! & ~(1 << (seen >>> 10)));
  else bank.latch[id] = 0;
  front.changed();
  return seen;
}

function write(state: GicV2State, owner: GicV2Cpu, offset: number, value: number): void {
  const { cpu } = owner;
  switch (offset) {
    case GICC.CTLR:
      cpu.control = value & CONTROL.ALL;
      return;
    case GICC.PMR:
      cpu.priorityMask = value & 0xff;
      return;
    case GICC.BPR:
      cpu.binaryPoint[0] = value & 7;
      return;
    case GICC.ABPR:
      cpu.binaryPoint[1] = Math.max(value & 7, 1);
      return;
    case GICC.EOIR:
    case GICC.AEOIR:
      endOfInterrupt(state, owner, value & 0x3ff, offset === GICC.AEOIR);
      return;
    case GICC.DIR:
      deactivate(state, owner, value & 0x3ff);
      return;
    default:
      activeWord(cpu, offset, (words, n) => {
        words[n] = value;
      });
  }
}

/** Priority drop, and deactivation unless GICC_CTLR.EOImode separates them. An EOI while nothing runs is ignored. */
function endOfInterrupt(state: GicV2State, owner: GicV2Cpu, id: number, alias: boolean): void {
  const bank = bankOf(state, owner, id);
  if (bank === null || runningLevel(owner.cpu) === IDLE_PRIORITY) return;
  const group = bank.group[id] === 0 ? 0 : 1;
  if (alias && group === 0) return;
  clearHighestActive(owner.cpu.active[group]);
  if ((owner.cpu.control & CONTROL.EOI_MODE) === 0) bank.active[id] = 0;
}

function deactivate(state: GicV2State, owner: GicV2Cpu, id: number): void {
  if ((owner.cpu.control & CONTROL.EOI_MODE) === 0) return;
  const bank = bankOf(state, owner, id);
  if (bank !== null) bank.active[id] = 0;
}
