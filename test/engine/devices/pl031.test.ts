/** Arm DDI 0224, PrimeCell Real Time Clock (PL031). */
import { expect, it } from 'vitest';
import { Pl031 } from '../../../src/engine/devices/pl031.ts';
import { wire } from './lines.ts';

const EPOCH = 1_700_000_000;

function clock(): { rtc: Pl031; line: ReturnType<typeof wire>; pass: (seconds: number) => void } {
  let now = 0;
  const line = wire();
  const rtc = new Pl031(line, EPOCH, () => now);
  return {
    rtc,
    line,
    pass(seconds) {
      now += seconds;
      rtc.advance();
    },
  };
}

it('RTCDR counts seconds of virtual time from the epoch, RTCLR sets it', () => {
  const { rtc, pass } = clock();
  expect(rtc.read(0)).toBe(EPOCH);
  pass(61);
  expect(rtc.read(0)).toBe(EPOCH + 61);
  rtc.write(0x8, 4, 5);
  expect(rtc.read(0x8)).toBe(5);
  pass(2);
  expect(rtc.read(0)).toBe(7);
  expect(rtc.read(0xc)).toBe(1);
});

it('RTCMR raises the interrupt when it is reached, masked by RTCIMSC, until RTCICR', () => {
  const { rtc, line, pass } = clock();
  rtc.write(0x4, 4, EPOCH + 10);
  expect(rtc.secondsToMatch()).toBe(Infinity);
  rtc.write(0x10, 4, 1);
  expect(rtc.secondsToMatch()).toBe(10);
  pass(9);
  expect([line.level, rtc.read(0x14)]).toEqual([false, 0]);
  pass(5);
  expect([line.level, rtc.read(0x14), rtc.read(0x18)]).toEqual([true, 1, 1]);
  rtc.write(0x10, 4, 0);
  expect([line.level, rtc.read(0x14), rtc.read(0x18)]).toEqual([false, 1, 0]);
  rtc.write(0x10, 4, 1);
  rtc.write(0x1c, 4, 1);
  expect([line.level, rtc.read(0x14)]).toEqual([false, 0]);
});

it('identifies itself: part 0x031, designer Arm', () => {
  const { rtc } = clock();
  const ids = [0xfe0, 0xfe4, 0xfe8, 0xfec, 0xff0, 0xff4, 0xff8, 0xffc].map((at) => rtc.read(at));
  expect(ids).toEqual([0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1]);
});
