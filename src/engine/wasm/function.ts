/** One function's code: instructions are appended in order, labels are resolved by name. */
import { assert } from '../../base/assert.ts';
import { ByteWriter } from './bytes.ts';
import { CONTROL, EMPTY_BLOCK, LOAD, STORE, VALUE_TYPE, VECTOR, VECTOR_PREFIX } from './opcodes.ts';
import type { ValueType } from './opcodes.ts';

export class FunctionWriter {
  /** Index in the function index space, imports first. */
  readonly index: number;
  readonly type: number;
  #code = new ByteWriter();
  readonly #locals: ValueType[] = [];
  readonly #parameters: number;
  readonly #labels: string[] = [];

  constructor(index: number, type: number, parameters: number) {
    this.index = index;
    this.type = type;
    this.#parameters = parameters;
  }

  /** Put what `write` appends before everything that is there already; outside all blocks. */
  prologue(write: () => void): void {
    assert(this.#labels.length === 0, 'the prologue is outside all blocks');
    const rest = this.#code;
    this.#code = new ByteWriter(rest.length + 256);
    write();
    this.#code.bytes(rest.view());
  }

  /** A new local variable, zero at entry; returns its index. */
  local(type: ValueType): number {
    this.#locals.push(type);
    return this.#parameters + this.#locals.length - 1;
  }

  /** A numeric instruction without immediates; one with a prefix has it in bits 15..8. */
  op(opcode: number): void {
    if (opcode > 0xff) this.#code.byte(opcode >>> 8);
    this.#code.byte(opcode & 0xff);
  }
  i32(value: number): void {
    this.#code.byte(CONTROL.i32Const);
    this.#code.signed32(value);
  }
  i64(value: bigint): void {
    this.#code.byte(CONTROL.i64Const);
    this.#code.signed64(value);
  }
  v128(value: bigint): void {
    this.vector(VECTOR.const);
    this.#code.littleEndian(value, 16);
  }
  get(local: number): void {
    this.#code.byte(CONTROL.localGet);
    this.#code.unsigned(local);
  }
  set(local: number): void {
    this.#code.byte(CONTROL.localSet);
    this.#code.unsigned(local);
  }
  tee(local: number): void {
    this.#code.byte(CONTROL.localTee);
    this.#code.unsigned(local);
  }
  drop(): void {
    this.#code.byte(CONTROL.drop);
  }
  /** Pick one of two values of this type by the i32 on top of the stack. */
  select(type: ValueType): void {
    if (type === 'v128') {
      this.#code.bytes([CONTROL.selectTyped, 1, VALUE_TYPE[type]]);
    } else {
      this.#code.byte(CONTROL.select);
    }
  }
  /** A vector instruction; `lane` for those that name one. */
  vector(opcode: number, lane?: number): void {
    this.#code.byte(VECTOR_PREFIX);
    this.#code.unsigned(opcode);
    if (lane !== undefined) this.#code.byte(lane);
  }

  /** Byte i of the result is byte `bytes[i]` of the two vectors on the stack, the lower one first. */
  shuffle(bytes: readonly number[]): void {
    this.vector(VECTOR.shuffle);
    this.#code.bytes(bytes);
  }

  load(type: ValueType, bits: number, signed: boolean, offset: number): void {
    if (type === 'v128') this.#memory(VECTOR.load, 0, offset, true);
    else {
      const found = LOAD[`${type}.${bits}${signed ? 's' : ''}`];
      assert(found, () => `no load ${type} ${bits}`);
      this.#memory(found[0], found[1], offset, false);
    }
  }
  store(type: ValueType, bits: number, offset: number): void {
    if (type === 'v128') this.#memory(VECTOR.store, 0, offset, true);
    else {
      const found = STORE[`${type}.${bits}`];
      assert(found, () => `no store ${type} ${bits}`);
      this.#memory(found[0], found[1], offset, false);
    }
  }
  /** Load the low bits of a vector, the rest of which is zero. */
  loadZero(bits: 32 | 64, offset: number): void {
    this.#memory(bits === 64 ? VECTOR.load64_zero : VECTOR.load32_zero, 0, offset, true);
  }
  /** Store lane 0 of a vector. */
  storeLane(bits: 32 | 64, offset: number): void {
    this.#memory(bits === 64 ? VECTOR.store64_lane : VECTOR.store32_lane, 0, offset, true);
    this.#code.byte(0);
  }
  #memory(opcode: number, align: number, offset: number, vector: boolean): void {
    if (vector) this.vector(opcode);
    else this.#code.byte(opcode);
    this.#code.unsigned(align);
    this.#code.unsigned(offset);
  }

  block(label: string, body: () => void): void {
    this.#nest(CONTROL.block, label, body);
  }
  loop(label: string, body: () => void): void {
    this.#nest(CONTROL.loop, label, body);
  }
  #nest(opcode: number, label: string, body: () => void): void {
    this.#code.bytes([opcode, EMPTY_BLOCK]);
    this.#labels.push(label);
    body();
    this.#labels.pop();
    this.#code.byte(CONTROL.end);
  }
  /** Consumes the i32 on top of the stack. */
  if(then: () => void, otherwise?: () => void): void {
    this.#code.bytes([CONTROL.if, EMPTY_BLOCK]);
    this.#labels.push('');
    then();
    if (otherwise) {
      this.#code.byte(CONTROL.else);
      otherwise();
    }
    this.#labels.pop();
    this.#code.byte(CONTROL.end);
  }
  #depth(label: string): number {
    const at = this.#labels.lastIndexOf(label);
    assert(at >= 0, () => `no label ${label}`);
    return this.#labels.length - 1 - at;
  }
  br(label: string): void {
    this.#code.byte(CONTROL.br);
    this.#code.unsigned(this.#depth(label));
  }
  brIf(label: string): void {
    this.#code.byte(CONTROL.brIf);
    this.#code.unsigned(this.#depth(label));
  }
  /** Jump to `labels[i]` for the i32 i on top of the stack, `otherwise` beyond. */
  brTable(labels: readonly string[], otherwise: string): void {
    this.#code.byte(CONTROL.brTable);
    this.#code.unsigned(labels.length);
    for (const label of labels) this.#code.unsigned(this.#depth(label));
    this.#code.unsigned(this.#depth(otherwise));
  }
  return(): void {
    this.#code.byte(CONTROL.return);
  }
  unreachable(): void {
    this.#code.byte(CONTROL.unreachable);
  }
  call(functionIndex: number): void {
    this.#code.byte(CONTROL.call);
    this.#code.unsigned(functionIndex);
  }
  tailCall(functionIndex: number): void {
    this.#code.byte(CONTROL.returnCall);
    this.#code.unsigned(functionIndex);
  }
  /** Tail call through table 0; the table index is on top of the stack. */
  tailCallIndirect(type: number): void {
    this.#code.byte(CONTROL.returnCallIndirect);
    this.#code.unsigned(type);
    this.#code.unsigned(0);
  }

  /** The function's entry in the code section, without its length. */
  body(): ByteWriter {
    const out = new ByteWriter(this.#code.length + 16);
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    out.unsigned(runs.length);
    for (const { type, count } of runs) {
      out.unsigned(count);
      out.byte(VALUE_TYPE[type]);
    }
    out.bytes(this.#code.view());
    out.byte(CONTROL.end);
    return out;
  }
}
