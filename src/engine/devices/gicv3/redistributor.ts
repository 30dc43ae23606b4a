/**
 * The redistributors' frames (GICR): 128 KiB per vcpu, the control frame and then the SGI frame. A vcpu's
 * redistributor is always awake, as in KVM: GICR_WAKER reads as zero. Source: Arm IHI 0069, 12.11.
 */
import type { AccessBytes, MmioDevice } from '../bus.ts';
import { bankRegister, firstInterrupt, readBank, writeBank } from '../gic/bank.ts';
import { IIDR, identification, RULES } from './distributor.ts';
import { VIRT } from '../virt-map.ts';
import type { GicV3State } from './state.ts';

const REDISTRIBUTOR_BYTES = VIRT.GICR.size;

const SGI_FRAME = 0x1_0000;
const GICR = { IIDR: 0x4, TYPER: 0x8, TYPER_HIGH: 0xc, IDENTIFICATION: 0xffd0 } as const;
const TYPER_LAST = 1 << 4;

/** All vcpus' frames, one after the other. `changed` is called after every write. */
export function createRedistributors(state: GicV3State, changed: () => void): MmioDevice {
  return {
    read(offset, bytes) {
      const vcpu = Math.floor(offset / REDISTRIBUTOR_BYTES);
      const at = offset % REDISTRIBUTOR_BYTES;
      return at < SGI_FRAME
        ? readControl(state, vcpu, at, bytes)
        : readSgi(state, vcpu, at - SGI_FRAME, bytes);
    },
    write(offset, bytes, value) {
      const at = (offset % REDISTRIBUTOR_BYTES) - SGI_FRAME;
      const register = bankRegister(at);
      if (at < 0 || register === 0) return;
      const { bank } = state.cpus[Math.floor(offset / REDISTRIBUTOR_BYTES)]!;
      writeBank(bank, RULES, register, firstInterrupt(register, at), bytes, value);
      changed();
    },
  };
}

function readControl(state: GicV3State, vcpu: number, offset: number, bytes: AccessBytes): number {
  if (bytes !== 4) return 0;
  if (offset >= GICR.IDENTIFICATION) return identification(0x93, offset);
  switch (offset) {
    case GICR.IIDR:
      return IIDR;
    case GICR.TYPER:
      return (vcpu << 8) | (vcpu === state.cpus.length - 1 ? TYPER_LAST : 0);
    case GICR.TYPER_HIGH:
      return state.cpus[vcpu]!.affinity;
    default:
      return 0;
  }
}

function readSgi(state: GicV3State, vcpu: number, offset: number, bytes: AccessBytes): number {
  const register = bankRegister(offset);
  if (register !== 0)
    return readBank(state.cpus[vcpu]!.bank, register, firstInterrupt(register, offset), bytes);
  return bytes === 4 && offset >= GICR.IDENTIFICATION ? identification(0x93, offset) : 0;
}
