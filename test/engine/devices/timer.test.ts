import { describe, expect, it } from 'vitest';
import {
  driveTimers,
  nextDeadline,
  type TimerRegisters,
  timerDeadline,
  timerOutput,
  timerStatus,
} from '../../../src/engine/devices/timer.ts';

const ENABLE = 1n;
const IMASK = 2n;
const OFF: TimerRegisters = { control: 0n, compare: 0n };
const timer = (compare: bigint, control = ENABLE): TimerRegisters => ({ control, compare });

describe('generic timer (Arm ARM, CNTV_CTL_EL0 and CNTV_CVAL_EL0)', () => {
  it('meets its condition when the counter reaches the compare value', () => {
    expect(timerStatus(timer(100n), 99n)).toBe(false);
    expect(timerStatus(timer(100n), 100n)).toBe(true);
    expect(timerOutput(timer(100n), 100n)).toBe(true);
  });

  it('compares unsigned: a compare value of all ones is never reached', () => {
    expect(timerOutput(timer(0xffff_ffff_ffff_ffffn), 5n)).toBe(false);
    expect(timerDeadline(timer(0xffff_ffff_ffff_ffffn), 5n)).toBe(Infinity);
  });

  it('IMASK hides the interrupt, not the status; off means neither', () => {
    expect(timerStatus(timer(1n, ENABLE | IMASK), 2n)).toBe(true);
    expect(timerOutput(timer(1n, ENABLE | IMASK), 2n)).toBe(false);
    expect(timerStatus(timer(1n, IMASK), 2n)).toBe(false);
    expect(timerOutput(timer(1n, 0n), 2n)).toBe(false);
  });

  it('has a deadline only while it is going to fire', () => {
    expect(timerDeadline(timer(100n), 40n)).toBe(60);
    expect(timerDeadline(timer(100n), 100n)).toBe(Infinity);
    expect(timerDeadline(timer(100n, ENABLE | IMASK), 40n)).toBe(Infinity);
    expect(timerDeadline(timer(100n, 0n), 40n)).toBe(Infinity);
    expect(nextDeadline({ virtual: timer(100n), physical: timer(90n) }, 40n)).toBe(50);
  });

  it('drives PPIs 27 (virtual) and 30 (physical) of its vcpu', () => {
    const seen: [number, number, boolean][] = [];
    const inputs = {
      setSpi: () => undefined,
      setPpi: (vcpu: number, intid: number, level: boolean) => void seen.push([vcpu, intid, level]),
    };
    expect(driveTimers(inputs, 3, { virtual: timer(10n), physical: timer(30n) }, 12n)).toBe(18);
    expect(driveTimers(inputs, 3, { virtual: OFF, physical: OFF }, 12n)).toBe(Infinity);
    expect(seen).toEqual([
      [3, 27, true],
      [3, 30, false],
      [3, 27, false],
      [3, 30, false],
    ]);
  });
});
