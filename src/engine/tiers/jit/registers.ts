/** A region's locals: guest registers, values that instructions pin, and what else is kept in them. */
import { assert } from '../../../base/assert.ts';
import { CRC_HOST } from '../../host-map.ts';
import { REG, STATE } from '../../layout.ts';
import { extu, k32, k64, ld, wrap } from '../../semantics/build.ts';
import type { ImmediateField, RegisterField } from '../../semantics/emitter.ts';
import type { I32, I64, Ty, V128, Val } from '../../semantics/ir.ts';
import type { FunctionWriter } from '../../wasm/function.ts';
import type { FloatingPointFunctions } from '../interpreter/floating-point.ts';
import { type Offered, SEAL } from '../interpreter/offers.ts';
import { lower, lowerStore } from '../lower.ts';
import { Temporaries } from './temporaries.ts';

/** Function indices in the region's module. */
export interface RegionHelpers extends Readonly<Record<Offered, number>> {
  readonly fp: FloatingPointFunctions;
}

const ORIGIN = k32(0);

export class RegisterEmitter {
  protected readonly f: FunctionWriter;
  protected readonly helpers: RegionHelpers;
  protected readonly temporaries: Temporaries;
  readonly #general = new Map<number, number>();
  readonly #vectors = new Map<number, number>();
  readonly #written = new Set<number>();
  readonly #writtenVectors = new Set<number>();
  #context = -1;
  #fpEnabled = -1;

  constructor(f: FunctionWriter, helpers: RegionHelpers) {
    this.f = f;
    this.helpers = helpers;
    this.temporaries = new Temporaries(f);
  }

  /** Load what the region keeps in locals. */
  protected fill(): void {
    for (const [register, index] of this.#general) this.set(index, this.doubleword(register * 8));
    for (const [register, index] of this.#vectors) {
      this.set(index, ld('v128', 128, ORIGIN, STATE.V + register * 16));
    }
    if (this.#context >= 0) this.set(this.#context, this.doubleword(STATE.CONTEXT));
    if (this.#fpEnabled >= 0) this.set(this.#fpEnabled, this.word(STATE.FP_ENABLED));
  }
  /** Store the registers that the region writes. */
  protected spill(): void {
    for (const r of this.#written) this.setDoubleword(r * 8, local('i64', this.#general.get(r)!));
    for (const r of this.#writtenVectors) {
      this.put(128, ORIGIN, STATE.V + r * 16, local('v128', this.#vectors.get(r)!));
    }
  }

  #generalLocal(r: number): number {
    let index = this.#general.get(r);
    if (index === undefined) {
      index = this.f.local('i64');
      this.#general.set(r, index);
    }
    return index;
  }
  #vectorLocal(r: number): number {
    let index = this.#vectors.get(r);
    if (index === undefined) {
      index = this.f.local('v128');
      this.#vectors.set(r, index);
    }
    return index;
  }
  /** STATE.CONTEXT, which does not change in a region. */
  protected context(): I64 {
    if (this.#context < 0) this.#context = this.f.local('i64');
    return local('i64', this.#context);
  }
  /** STATE.FP_ENABLED, which does not change in a region. */
  protected fpEnabled(): I32 {
    if (this.#fpEnabled < 0) this.#fpEnabled = this.f.local('i32');
    return local('i32', this.#fpEnabled);
  }
  X(r: RegisterField): I64 {
    const n = numberOf(r);
    return n === REG.ZERO ? k64(0) : local('i64', this.#generalLocal(n));
  }
  W(r: RegisterField): I32 {
    return wrap(this.X(r));
  }
  setX(r: RegisterField, v: I64): void {
    const n = numberOf(r);
    if (n === REG.ZERO || n === REG.SINK) return;
    this.#written.add(n);
    this.set(this.#generalLocal(n), v);
  }
  setW(r: RegisterField, v: I32): void {
    this.setX(r, extu(v));
  }
  V(r: RegisterField, next = 0): V128 {
    return local('v128', this.#vectorLocal((numberOf(r) + next) % 32));
  }
  setV(r: RegisterField, v: V128, next = 0): void {
    const n = (numberOf(r) + next) % 32;
    this.#writtenVectors.add(n);
    this.set(this.#vectorLocal(n), v);
  }
  imm(f: ImmediateField): I64 {
    assert(typeof f === 'bigint', 'an immediate is known');
    return k64(f);
  }

  word(at: number): I32 {
    return ld('i32', 32, ORIGIN, at);
  }
  setWord(at: number, v: I32): void {
    this.put(32, ORIGIN, at, v);
  }
  doubleword(at: number): I64 {
    return ld('i64', 64, ORIGIN, at);
  }
  setDoubleword(at: number, v: I64): void {
    this.put(64, ORIGIN, at, v);
  }

  crcWord(table: number, at: I32): I32 {
    return ld('i32', 32, at, CRC_HOST + table);
  }

  let<T extends Ty>(v: Val<T>): Val<T> {
    if (v.o === 'const' || (v.o === 'local' && v.pinned)) return v;
    const t = v.t as T;
    const index = this.temporaries.take(t);
    this.set(index, v);
    return { o: 'local', t, index, pinned: true };
  }
  /** Append the call of what tier 1 offers. */
  protected callTier1(name: Offered, ...args: readonly Val[]): void {
    for (const v of [...args, SEAL]) lower(this.f, v);
    this.f.call(this.helpers[name]);
  }
  /** Go on in tier 1. */
  protected tailCallTier1(name: Offered, ...args: readonly Val[]): void {
    for (const v of [...args, SEAL]) lower(this.f, v);
    this.f.tailCall(this.helpers[name]);
  }
  /** The result of what tier 1 offers. */
  protected asTier1(name: Offered, ...args: readonly Val[]): I32 {
    return { o: 'call', t: 'i32', f: this.helpers[name], args: [...args, SEAL] };
  }
  protected set(index: number, v: Val): void {
    lower(this.f, v);
    this.f.set(index);
  }
  protected put(bits: number, at: I32, offset: number, v: Val): void {
    lowerStore(this.f, bits, at, offset, v);
  }
}

export function local<T extends Ty>(t: T, index: number): Val<T> {
  return { o: 'local', t, index };
}
function numberOf(r: RegisterField): number {
  assert(typeof r === 'number', 'a register is known');
  return r;
}
