/** What the loads and stores of general and SIMD&FP registers share. */
import { bin, extract, un, wrap } from '../build.ts';
import type { Emitter, Host, ImmediateField, Piece, RegisterField } from '../emitter.ts';
import type { I64 } from '../ir.ts';
import { scalar } from '../vector.ts';

export type Size = 1 | 2 | 4 | 8;

/** What is transferred: bytes of memory, and how they fill the register. */
export type Transfer =
  | {
      readonly kind: 'general';
      readonly size: Size /** Sign-extend to this many bits. */;
      readonly signed?: 32 | 64;
    }
  | { readonly kind: 'vector'; readonly size: Size | 16 };

/** Read one register's value from loaded bytes and return the function that writes it: all reads come before all writes. */
export function take(e: Emitter, h: Host, transfer: Transfer, offset = 0): (rt: RegisterField) => void {
  if (transfer.kind === 'vector') {
    const { size } = transfer;
    const value = e.let(size === 16 ? e.peekV(h, offset) : scalar(e.peek(h, size, offset)));
    return (rt) => e.setV(rt, value);
  }
  const { size, signed } = transfer;
  const loaded = e.peek(h, size, offset);
  const value = e.let(signed === undefined ? loaded : signExtended(loaded, size));
  return (rt) => {
    if (signed === 32) e.setW(rt, wrap(value));
    else e.setX(rt, value);
  };
}

function signExtended(v: I64, size: Size): I64 {
  switch (size) {
    case 1:
      return un('ext8', v);
    case 2:
      return un('ext16', v);
    case 4:
      return un('ext32', v);
    case 8:
      return v;
  }
}

/** One register as part of a store. */
export function piece(e: Emitter, rt: RegisterField, transfer: Transfer, offset = 0): Piece {
  const { kind, size } = transfer;
  if (kind === 'general') return { offset, size, value: e.X(rt) };
  return { offset, size, value: size === 16 ? e.V(rt) : extract('i64x2', 0, e.V(rt)) };
}

/** How an address is formed from Rn and imm, and what Rn becomes. */
export type AddressMode = 'offset' | 'pre' | 'post';

/** The address accessed, pinned. */
export function addressOf(e: Emitter, mode: AddressMode, rn: RegisterField, imm: ImmediateField): I64 {
  return e.let(mode === 'post' ? e.X(rn) : bin('add', e.X(rn), e.imm(imm)));
}

/**
 * Writeback, last of all. When Rn is also a register that the instruction loads (CONSTRAINED UNPREDICTABLE)
 * the address wins, as in QEMU; when it is one that the instruction stores, the old value was stored.
 */
export function writeBack(
  e: Emitter,
  mode: AddressMode,
  rn: RegisterField,
  imm: ImmediateField,
  address: I64,
): void {
  if (mode === 'pre') e.setX(rn, address);
  else if (mode === 'post') e.setX(rn, bin('add', address, e.imm(imm)));
}
