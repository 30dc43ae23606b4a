/** Data accesses: the software TLB looked up inline, everything else by the slow path. */
import { HOST, REASON, TLB } from '../../host-map.ts';
import { STATE } from '../../layout.ts';
import { accessWord } from '../../memory/access-word.ts';
import { bin, cmp, eqz, k32, k64, ld, wrap } from '../../semantics/build.ts';
import type { Access, Host, Piece } from '../../semantics/emitter.ts';
import type { I32, I64, V128, Val } from '../../semantics/ir.ts';
import { BUDGET, RECORD_POINTER } from './abi.ts';
import { ZERO_BASE } from './block.ts';
import { OperandEmitter } from './operand-emitter.ts';

export class MemoryEmitter extends OperandEmitter {
  /** Software-TLB lookup; returns the local with the host address and the condition under which it is not valid. */
  #lookup(address: I64, access: Access, write: boolean): { host: I32; index: number; miss: I32; word: I32 } {
    this.use.memory = true;
    const bytes = access.bytes ?? access.size;
    const alignment = access.aligned ? bytes : access.size;
    const entry = this.let(bin('and', wrap(bin('shr', address, k64(7))), k32((TLB.ENTRIES - 1) * TLB.ENTRY)));
    const index = this.f.local('i32');
    this.assign(index, bin('add', wrap(address), ld('i32', 32, entry, HOST.TLB + TLB.ADDEND)));
    // The entry is that of the first byte's page; the last element has to lie in the same page.
    const last = access.aligned ? address : bin('add', address, k64(bytes - access.size));
    const context = access.unprivileged ? STATE.CONTEXT_UNPRIVILEGED : STATE.CONTEXT;
    const tag = bin(
      'add',
      bin('and', last, k64(-4096n | BigInt(alignment - 1))),
      ld('i64', 64, ZERO_BASE, context),
    );
    const miss = cmp('ne', tag, ld('i64', 64, entry, HOST.TLB + (write ? TLB.WRITE_TAG : TLB.READ_TAG)));
    const word = k32(accessWord(access.size, bytes, access.aligned === true, access.unprivileged === true));
    return { host: { o: 'local', t: 'i32', index }, index, miss, word };
  }
  /** Host address for an access, by the inline check or by `slow`. */
  #access(address: I64, access: Access, write: boolean, slow: (a: I64, word: I32) => I32): Host {
    const at = this.let(address);
    const { host, index, miss, word } = this.#lookup(at, access, write);
    this.if(miss, () => {
      this.#sayWhere();
      this.assign(index, slow(at, word));
      this.if(eqz(host), () => this.leave(REASON.DATA));
    });
    return { o: 'local', t: 'i32', index, pinned: true };
  }
  /** For the host, which may be asked about the access. */
  #sayWhere(): void {
    this.put('i32', 32, ZERO_BASE, HOST.RECORD, RECORD_POINTER);
    this.put('i32', 32, ZERO_BASE, STATE.BUDGET, BUDGET);
  }
  inPlace(address: I64, access: Access, write: boolean, otherwise: () => void): Host {
    const { index, miss } = this.#lookup(this.let(address), access, write);
    this.if(miss, otherwise);
    return { o: 'local', t: 'i32', index, pinned: true };
  }
  load(address: I64, access: Access): Host {
    const f = this.helpers.slowRead;
    return this.#access(address, access, false, (a, word) => ({ o: 'call', t: 'i32', f, args: [a, word] }));
  }
  atomic(address: I64, access: Access): Host {
    const f = this.helpers.slowAtomic;
    return this.#access(address, access, true, (a, word) => ({ o: 'call', t: 'i32', f, args: [a, word] }));
  }
  store(address: I64, access: Access, pieces: readonly Piece[]): void {
    const at = this.let(address);
    const pinned = pieces.map((piece) => ({ ...piece, value: this.let(piece.value as Val) }));
    const write = (base: I32, offset: number): void => {
      for (const { value, size, offset: o } of pinned) this.put(value.t, size * 8, base, offset + o, value);
    };
    const { host, miss, word } = this.#lookup(at, access, true);
    this.if(
      miss,
      () => {
        this.#sayWhere();
        write(ZERO_BASE, STATE.SCRATCH);
        const done: I32 = { o: 'call', t: 'i32', f: this.helpers.slowWrite, args: [at, word] };
        this.if(eqz(done), () => this.leave(REASON.DATA));
      },
      () => write(host, 0),
    );
  }
  peek(h: Host, size: 1 | 2 | 4 | 8, offset = 0): I64 {
    return ld('i64', (size * 8) as 8 | 16 | 32 | 64, h, offset);
  }
  peekV(h: Host, offset = 0): V128 {
    return ld('v128', 128, h, offset);
  }
  poke(h: Host, size: 1 | 2 | 4 | 8, v: I64, offset = 0): void {
    this.put('i64', size * 8, h, offset, v);
  }

  setExclusive(address: I64, bytes: number): void {
    this.put('i64', 64, ZERO_BASE, STATE.EXCLUSIVE_ADDRESS, address);
    this.put('i32', 32, ZERO_BASE, STATE.EXCLUSIVE_BYTES, k32(bytes));
    this.put('i32', 32, ZERO_BASE, STATE.EXCLUSIVE_BUDGET, BUDGET);
  }
  isExclusive(address: I64, bytes: number): I32 {
    return bin(
      'and',
      cmp('eq', ld('i64', 64, ZERO_BASE, STATE.EXCLUSIVE_ADDRESS), address),
      cmp('eq', ld('i32', 32, ZERO_BASE, STATE.EXCLUSIVE_BYTES), k32(bytes)),
    );
  }
  clearExclusive(): void {
    this.put('i32', 32, ZERO_BASE, STATE.EXCLUSIVE_BYTES, k32(0));
  }
}
