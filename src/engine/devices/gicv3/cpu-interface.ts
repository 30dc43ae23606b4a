/**
 * The CPU interface of one vcpu: masking, preemption, acknowledge, priority drop and deactivation. Source: Arm IHI 0069,
 * chapter 4 (handling and prioritisation) and 12.2 (the registers).
 */
import { clearHighestActive, highestActive, setActive } from '../gic/active-priorities.ts';
import type { InterruptBank } from '../gic/bank.ts';
import { type Candidate, IDLE_PRIORITY, SPURIOUS } from '../gic/selection.ts';
import { type CpuInterface, type GicV3Cpu, type GicV3State, INTERRUPTS } from './state.ts';

export const CONTROL = { CBPR: 1, EOI_MODE: 2 } as const;
/** Priority reads as idle: no interrupt is active. */
const RPR_IDLE = 0xff;
const LEVEL_SHIFT = 3;

/**
 * The bits of a priority that decide preemption: BPR0 of n leaves bits 7..n+1, BPR1 of n leaves bits 7..n; group 1
 * uses BPR0 when ICC_CTLR.CBPR is set. Source: IHI 0069, 4.8.3 (priority grouping).
 */
export function groupPriorityMask(cpu: CpuInterface, group: number): number {
  const own = group === 1 && (cpu.control & CONTROL.CBPR) === 0;
  const kept = own ? cpu.binaryPoint[1] : cpu.binaryPoint[0] + 1;
  return (0xff << kept) & 0xff;
}

/** Priority of the level that runs; `IDLE_PRIORITY` when none does. */
function runningLevel(cpu: CpuInterface): number {
  const levels = cpu.active.map(highestActive).filter((level) => level >= 0);
  return levels.length === 0 ? IDLE_PRIORITY : Math.min(...levels) << LEVEL_SHIFT;
}

export function runningPriority(cpu: CpuInterface): number {
  return Math.min(runningLevel(cpu), RPR_IDLE);
}

/** Whether a candidate is signalled: above the mask, and its group priority above what runs. */
export function signalled(cpu: CpuInterface, { priority, group }: Candidate): boolean {
  if (priority >= cpu.priorityMask) return false;
  return (priority & groupPriorityMask(cpu, group)) < runningLevel(cpu);
}

/** The bank of an INTID as a vcpu names it; null when there is no such interrupt. */
export function bankOf(state: GicV3State, cpu: GicV3Cpu, id: number): InterruptBank | null {
  if (id < 32) return cpu.bank;
  return id < INTERRUPTS ? state.shared : null;
}

/** ICC_IAR0 and IAR1: the INTID now active, or 1023. */
export function acknowledge(state: GicV3State, owner: GicV3Cpu, candidate: Candidate, group: number): number {
  if (candidate.group !== group || !signalled(owner.cpu, candidate)) return SPURIOUS;
  const bank = bankOf(state, owner, candidate.id)!;
  const level = (candidate.priority & groupPriorityMask(owner.cpu, group)) >>> LEVEL_SHIFT;
  setActive(owner.cpu.active[group === 0 ? 0 : 1], level);
  bank.active[candidate.id] = 1;
  bank.latch[candidate.id] = 0;
  return candidate.id;
}

/** ICC_EOIR0 and EOIR1. With EOImode 1 the interrupt stays active until ICC_DIR. */
export function endOfInterrupt(state: GicV3State, owner: GicV3Cpu, id: number, group: number): void {
  const bank = bankOf(state, owner, id);
  const { cpu } = owner;
  if (bank === null || highestActiveGroup(cpu) !== group) return;
  clearHighestActive(cpu.active[group === 0 ? 0 : 1]);
  if ((cpu.control & CONTROL.EOI_MODE) === 0 && bank.group[id] === group) bank.active[id] = 0;
}

/** Group of the highest active priority; -1 when none is active. */
function highestActiveGroup(cpu: CpuInterface): number {
  const [group0, group1] = cpu.active.map(highestActive) as [number, number];
  if (group0 < 0 && group1 < 0) return -1;
  if (group0 < 0) return 1;
  return group1 < 0 || group0 <= group1 ? 0 : 1;
}

/** ICC_DIR: only where EOImode separates it from the priority drop. */
export function deactivate(state: GicV3State, owner: GicV3Cpu, id: number): void {
  if ((owner.cpu.control & CONTROL.EOI_MODE) === 0) return;
  const bank = bankOf(state, owner, id);
  if (bank !== null) bank.active[id] = 0;
}
