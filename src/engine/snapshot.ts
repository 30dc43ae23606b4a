/**
 * A vcpu's own state in one form, whatever tier has run it: all that decides what it does next. Caches (software TLB,
 * decoded and compiled code) are left out.
 */
import type { StateTree } from '../base/state-tree.ts';
import type { Tenant } from './board.ts';
import { STATE } from './layout.ts';
import { readStored, STORED_KEYS } from './system/storage.ts';

/** Without the debug registers, which are the hypervisor's: it decides which are in force. */
export function snapshotVcpu({ state, controls, debug, eventRegister }: Tenant): StateTree {
  const { u8, i32 } = state;
  const reserved = i32[STATE.EXCLUSIVE_BYTES / 4]!;
  return {
    x: u8.slice(STATE.X, STATE.ZERO),
    v: u8.slice(STATE.V, STATE.SCRATCH),
    pc: state.pc,
    pstate: state.spsr,
    // Both stack pointers are among them, wherever they are kept now.
    system: new Map(STORED_KEYS.map((key) => [key, readStored(state, key)!])),
    // The address of an open monitor is what it happened to be last.
    exclusive: { bytes: reserved, address: reserved === 0 ? 0n : state.u64[STATE.EXCLUSIVE_ADDRESS / 8]! },
    eventRegister,
    irq: controls.irq,
    fiq: controls.fiq,
    step: { stepped: debug.stepped, exclusive: debug.steppedExclusive },
  };
}
