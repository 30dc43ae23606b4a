/** Cache maintenance by address in generated code, where the page is one that loads or stores may use in place. */
import { STATE } from '../../layout.ts';
import { bin, eqz, k64 } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I64 } from '../ir.ts';
import { atEl0 } from './inline-access.ts';

const ZERO_BLOCK = 64;

/** There are no caches: what is left of the instruction is a translation that must not fault. */
export function emitLook(e: Emitter, address: I64): void {
  e.if(atEl0(e), () => e.system());
  e.inPlace(address, { size: 1 }, false, () => e.system());
}

/** DC ZVA: zeros to the naturally aligned block around the address. */
export function emitZeroBlock(e: Emitter, address: I64): void {
  e.if(eqz(e.word(STATE.ZERO_BLOCK)), () => e.system());
  const block = bin('and', address, k64(BigInt(-ZERO_BLOCK)));
  const host = e.inPlace(block, { size: 8, bytes: ZERO_BLOCK, aligned: true }, true, () => e.system());
  for (let at = 0; at < ZERO_BLOCK; at += 8) e.poke(host, 8, k64(0n), at);
}
