/** A wire from a device to an interrupt controller. It carries a level; what that means is the controller's setting. */

/** Inputs of an interrupt controller. */
export interface InterruptInputs {
  /** Drive the input of a shared peripheral interrupt (INTID 32 and up). */
  setSpi(intid: number, level: boolean): void;
  /** Drive the input of one vcpu's private peripheral interrupt (INTID 16 to 31). */
  setPpi(vcpu: number, intid: number, level: boolean): void;
}

/** What a device holds to raise its interrupt. */
export interface InterruptLine {
  /** Drive the wire. Driving it as it is does nothing. */
  set(level: boolean): void;
}

/** The wire of shared peripheral interrupt `spi`, counted from 0 as device trees do: INTID 32 + spi. */
export function spiLine(inputs: InterruptInputs, spi: number): InterruptLine {
  return { set: (level) => inputs.setSpi(32 + spi, level) };
}
