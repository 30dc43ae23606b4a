/** What the host does to a program while it runs: debug registers, interrupts, stepping, writes to memory and registers. */
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import type { DebugRegisterFile, MachineHardware, VcpuHardware } from '../../../src/engine/hardware.ts';
import { bytesOf } from '../../engine/machine-fixture.ts';
import { randomFpcr } from '../floating-operands.ts';
import type { Rng } from '../numbers.ts';
import { xorshift } from '../random.ts';
import { type Sequence, SPACE } from './sequence.ts';

const SLOTS = 16;
const MDSCR = { SS: 1n, KDE: 1n << 13n, MDE: 1n << 15n } as const;
const PSTATE_SS = 1n << 21n;
/** Enabled, at EL0 and EL1, all four bytes. */
const BREAKPOINT = 0x1e7n;
/** Enabled, at EL0 and EL1, all eight bytes; loads and stores are added. */
const WATCHPOINT = 0x1fe7n;
const NOP = 0xd503_201f;
const FPCR = sysregKey(3, 3, 4, 4, 0);

const emptyFile = (): DebugRegisterFile => ({
  bcr: new BigUint64Array(SLOTS),
  bvr: new BigUint64Array(SLOTS),
  wcr: new BigUint64Array(SLOTS),
  wvr: new BigUint64Array(SLOTS),
});

/** One thing done to a machine. The same to each tier's. */
export type Deed = (machine: MachineHardware, vcpu: VcpuHardware) => void;

/** What makes a debugger of the host: its registers stay while a debug stop is stepped over. */
export class Host {
  readonly #rng: Rng;
  readonly #sequence: Sequence;
  /** Addresses of instructions that may be replaced, and of all. */
  readonly #plain: readonly number[];
  readonly #length: number;
  #file: DebugRegisterFile | null = null;
  #mdscr = 0n;

  constructor(sequence: Sequence) {
    this.#rng = xorshift(sequence.seed ^ 0x4057);
    this.#sequence = sequence;
    const plain: number[] = [];
    let at = SPACE.code + sequence.start;
    for (const { words, fixups = [] } of sequence.units) {
      if (words.length === 1 && fixups.length === 0) plain.push(at);
      at += 4 * words.length;
    }
    this.#plain = plain;
    this.#length = at - SPACE.code - sequence.start;
  }

  #below(n: number): number {
    return this.#rng() % n;
  }
  /** What happens between two steps, if anything. */
  next(): Deed {
    switch (this.#below(13)) {
      case 0:
        return this.#arm(this.#breakpoints());
      case 1:
      case 2:
        return this.#arm(this.#watchpoints());
      case 3:
      case 9:
        return this.#arm(null);
      case 4:
        return this.#singleStep();
      case 5: {
        const level = this.#below(4) === 0;
        return (_, { controls }) => {
          controls.irq = level;
        };
      }
      case 6: {
        const level = this.#below(6) === 0;
        return (_, { controls }) => {
          controls.fiq = level;
        };
      }
      case 7:
        return this.#write();
      case 8: {
        const [n, value] = [this.#below(16), BigInt(this.#rng()) << BigInt(this.#below(33))];
        const fpcr = BigInt(randomFpcr(this.#rng));
        return (_, vcpu) => {
          vcpu.setX(n, value);
          vcpu.setSysreg(FPCR, fpcr);
        };
      }
      default:
        return () => {};
    }
  }
  /** Go on after a debug stop: one instruction without comparators. */
  stepOver(): { before: Deed; after: Deed } {
    const [file, mdscr] = [this.#file, this.#mdscr];
    return {
      before: (_, vcpu) => vcpu.loadDebug(null, 0n),
      after: (_, vcpu) => vcpu.loadDebug(file, mdscr),
    };
  }

  #arm(file: DebugRegisterFile | null): Deed {
    // To the hypervisor or to the guest itself.
    const tde = this.#below(3) > 0;
    this.#file = file;
    this.#mdscr = file === null ? 0n : MDSCR.MDE | MDSCR.KDE;
    const mdscr = this.#mdscr;
    return (_, vcpu) => {
      vcpu.controls.tde = tde;
      vcpu.loadDebug(file, mdscr);
    };
  }
  #singleStep(): Deed {
    this.#file = null;
    this.#mdscr = MDSCR.SS;
    return (_, vcpu) => {
      vcpu.controls.tde = true;
      vcpu.loadDebug(null, MDSCR.SS);
      vcpu.pstate |= PSTATE_SS;
    };
  }
  #breakpoints(): DebugRegisterFile {
    const file = emptyFile();
    for (let n = this.#below(4); n >= 0; n--) {
      file.bvr[n] = BigInt(SPACE.code + this.#sequence.start + 4 * this.#below(this.#length / 4));
      file.bcr[n] = BREAKPOINT;
    }
    return file;
  }
  #watchpoints(): DebugRegisterFile {
    const file = emptyFile();
    for (let n = this.#below(3); n >= 0; n--) {
      const page = SPACE.data + (SPACE.basePage + this.#below(SPACE.basePages + 1)) * 4096;
      file.wvr[n] = BigInt(page + 8 * (this.#below(2) === 0 ? this.#below(512) : this.#below(70)));
      file.wcr[n] = WATCHPOINT | (BigInt(1 + this.#below(3)) << 3n);
    }
    return file;
  }
  /** An instruction becomes a NOP, or stays what it is but is written all the same; or data changes. */
  #write(): Deed {
    const kind = this.#below(3);
    const address = this.#plain[this.#below(this.#plain.length)];
    const data = SPACE.data + 8 * this.#below(512 * SPACE.dataPages);
    if (kind === 2 || address === undefined)
      return (machine) => machine.writePhysical(data, bytesOf([0x3ff0_0000, data]));
    if (kind === 1) return (machine) => machine.writePhysical(address, machine.readPhysical(address, 4)!);
    return (machine) => machine.writePhysical(address, bytesOf([NOP]));
  }
}

const DAIF = 0x3c0n;

/** As no host has interfered yet; interrupts unmasked for some programs; an EL0 stack. */
export function prepareRough(vcpu: VcpuHardware, { rough, seed }: Sequence): void {
  if (rough && seed % 2 === 0) vcpu.pstate &= ~DAIF;
  vcpu.setSp(0, BigInt(SPACE.data + 60 * 4096));
  vcpu.controls.irq = false;
  vcpu.controls.fiq = false;
  vcpu.controls.tde = false;
  vcpu.loadDebug(null, 0n);
}
