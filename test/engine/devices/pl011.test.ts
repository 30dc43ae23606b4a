/** Arm DDI 0183, PrimeCell UART (PL011), chapter 3. Reset values and ids also read from QEMU's virt board. */
import { describe, expect, it } from 'vitest';
import { Pl011 } from '../../../src/engine/devices/pl011.ts';
import { wire } from './lines.ts';

const DR = 0x00;
const FR = 0x18;
const LCRH = 0x2c;
const CR = 0x30;
const IFLS = 0x34;
const IMSC = 0x38;
const RIS = 0x3c;
const MIS = 0x40;
const ICR = 0x44;
const [RX, TX, RT] = [0x10, 0x20, 0x40];
const [RXFE, RXFF, TXFE] = [0x10, 0x40, 0x80];

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const shown = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function uart(limits = { output: 64, input: 40 }): { uart: Pl011; line: ReturnType<typeof wire> } {
  const line = wire();
  return { uart: new Pl011(line, limits), line };
}
function withFifos(): ReturnType<typeof uart> {
  const made = uart();
  made.uart.write(LCRH, 4, 0x70);
  made.uart.write(CR, 4, 0x301);
  return made;
}

describe('PL011', () => {
  it('has its reset values and PrimeCell ids', () => {
    const { uart: u } = uart();
    expect([FR, CR, IFLS, IMSC, RIS, LCRH].map((at) => u.read(at))).toEqual([0x90, 0x300, 0x12, 0, 0, 0]);
    const ids = [0xfe0, 0xfe4, 0xfe8, 0xfec, 0xff0, 0xff4, 0xff8, 0xffc].map((at) => u.read(at));
    expect(ids).toEqual([0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1]);
  });

  it('sends bytes to the host, whatever the size of the access', () => {
    const { uart: u } = uart();
    u.write(DR, 1, 0x68);
    u.write(DR, 2, 0x0169);
    u.write(DR, 4, 0x0a);
    expect(u.drain()).toEqual({ bytes: text('hi\n'), lost: 0 });
    expect(u.drain().bytes).toEqual(new Uint8Array());
    expect(u.read(FR) & TXFE).toBe(TXFE);
  });

  it('UARTTXINTR is raised by sending, masked by UARTIMSC, cleared by UARTICR (3.3.11 to 3.3.13)', () => {
    const { uart: u, line } = withFifos();
    u.write(DR, 4, 0x41);
    expect([u.read(RIS), u.read(MIS), line.level]).toEqual([TX, 0, false]);
    u.write(IMSC, 4, TX);
    expect([u.read(MIS), line.level]).toEqual([TX, true]);
    u.write(ICR, 4, TX);
    expect([u.read(RIS), line.level]).toEqual([0, false]);
  });

  it('without FIFOs holds one byte, and raises UARTRXINTR for each', () => {
    const { uart: u, line } = uart();
    u.write(IMSC, 4, RX);
    expect(u.type(text('ab'))).toBe(2);
    expect(u.read(FR)).toBe(TXFE | RXFF);
    expect([u.read(RIS), line.level]).toEqual([RX, true]);
    expect(u.read(DR)).toBe(0x61);
    expect([u.read(FR), line.level]).toEqual([TXFE | RXFF, true]);
    expect(u.read(DR)).toBe(0x62);
    expect([u.read(FR), line.level]).toEqual([TXFE | RXFE, false]);
    expect(u.read(DR), 'empty').toBe(0);
  });

  it('with FIFOs raises RX at the trigger level of UARTIFLS, and RT below it', () => {
    const { uart: u } = withFifos();
    u.write(IFLS, 4, 0b000_000);
    u.type(text('x'));
    expect(u.read(RIS)).toBe(RT);
    u.type(text('y'));
    expect(u.read(RIS)).toBe(RT | RX);
    u.read(DR);
    expect(u.read(RIS), 'below the level').toBe(RT);
    u.read(DR);
    expect(u.read(RIS), 'empty').toBe(0);
  });

  it('fills the FIFO from the queue as it is read, and loses nothing', () => {
    const { uart: u } = withFifos();
    const typed = 'the quick brown fox jumps over the lazy d';
    expect(u.type(text(typed)), 'more than the queue takes').toBe(40);
    expect(u.read(FR) & RXFF).toBe(RXFF);
    let read = '';
    while ((u.read(FR) & RXFE) === 0) read += String.fromCharCode(u.read(DR));
    expect(read).toBe(typed.slice(0, 40));
    expect(u.type(text('zz'))).toBe(2);
  });

  it('receives nothing while CR.RXE is clear', () => {
    const { uart: u } = uart();
    u.write(CR, 4, 0x101);
    u.type(text('a'));
    expect(u.read(FR) & RXFE).toBe(RXFE);
    u.write(CR, 4, 0x301);
    expect(u.read(DR)).toBe(0x61);
  });

  it('loops back what it sends with CR.LBE', () => {
    const { uart: u } = withFifos();
    u.write(CR, 4, 0x381);
    u.write(DR, 4, 0x42);
    expect(u.drain().bytes).toEqual(new Uint8Array());
    expect(u.read(DR)).toBe(0x42);
  });

  it('drops the oldest output when nobody drains, and says how much', () => {
    const { uart: u } = uart({ output: 4, input: 4 });
    for (const byte of text('abcdefg')) u.write(DR, 4, byte);
    const { bytes, lost } = u.drain();
    expect(shown(bytes)).toBe('efg');
    expect(lost).toBe(4);
  });

  it('keeps its state as plain data', () => {
    const { uart: u } = withFifos();
    u.type(text('abc'));
    expect(structuredClone(u.state)).toEqual(u.state);
  });
});
