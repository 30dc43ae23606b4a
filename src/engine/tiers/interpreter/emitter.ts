/**
 * Tier 1's emitter: operands are slots of the predecoded record, so one function serves every instruction
 * of its form. Control leaves a handler by a tail call to the next handler or to `leave`.
 */
import { assert } from '../../../base/assert.ts';
import type { FpSize } from '../../fp/format.ts';
import type { FpOperation } from '../../fp/operation.ts';
import { CODE_TLB, HEAT, HOST, LANDED, REASON, RECORD } from '../../host-map.ts';
import { BTYPE_SHIFT, STATE } from '../../layout.ts';
import { bin, cmp, eqz, k32, k64, ld, sel, wrap } from '../../semantics/build.ts';
import type { BranchType, Emitter, FpShape, TargetField } from '../../semantics/emitter.ts';
import type { I32, I64, V128 } from '../../semantics/ir.ts';
import { lanewise } from '../lanewise.ts';
import { lower } from '../lower.ts';
import { BUDGET, FLAG_A, FLAG_B, KIND, LOCAL, RECORD_POINTER } from './abi.ts';
import { ZERO_BASE } from './block.ts';
import type { Control } from './form-use.ts';
import { MemoryEmitter } from './memory-emitter.ts';

export class InterpreterEmitter extends MemoryEmitter implements Emitter {
  fp(operation: FpOperation, size: FpSize, ...operands: readonly I64[]): I64 {
    const f = this.helpers.fp.indexOf(operation, size, operands.length);
    return this.let<'i64'>({ o: 'call', t: 'i64', f, args: operands });
  }
  fpCompare(operation: 'cmp' | 'cmpe', size: FpSize, a: I64, b: I64): void {
    this.setNzcv(wrap(this.fp(operation, size, a, b)));
  }
  fpLanes(operation: FpOperation, shape: FpShape, ...operands: readonly (V128 | I64)[]): V128 {
    const pinned = operands.map((operand) => this.let(operand as V128));
    return lanewise(shape, pinned, (values) => this.fp(operation, shape.size, ...values));
  }

  #continues(control: Control): void {
    if (this.use.control !== 'outside') this.use.control = control;
  }
  jump(t: TargetField, kind: 'branch' | 'call'): void {
    assert(typeof t === 'string', 'a constant target in the interpreter');
    this.use.target = true;
    this.#continues(kind);
    const delta = this.let(ld('i32', 32, RECORD_POINTER, RECORD.DELTA));
    this.if(eqz(delta), () => this.#retireTo(this.imm('imm2')));
    this.assign(LOCAL.RECORD, bin('add', RECORD_POINTER, delta));
    if (kind === 'call') this.heat();
    else this.if(cmp('lts', delta, k32(0)), () => this.heat());
    this.#retire();
  }
  jumpIf(c: I32, t: TargetField): void {
    const taken = this.let(c);
    const ways = bin('add', ld('i32', 32, RECORD_POINTER, RECORD.WAYS), k32(1));
    this.put('i32', 32, RECORD_POINTER, RECORD.WAYS, bin('add', ways, bin('shl', taken, k32(16))));
    this.if(taken, () => this.jump(t, 'branch'));
    this.#continues('conditional');
  }
  jumpRegister(v: I64, kind: 'branch' | 'call' | 'return', type: BranchType = 0): void {
    this.#continues(kind === 'branch' ? 'indirect' : kind === 'call' ? 'indirect-call' : 'return');
    const target = this.let(v);
    // Regions follow the call to where it went last.
    if (kind === 'call') this.put('i64', 64, RECORD_POINTER, RECORD.IMM2, target);
    this.#retireTo(target, type, kind === 'branch');
  }
  system(): void {
    this.use.system = true;
    if (this.depth === 0) this.#continues('outside');
    const { spill, system } = this.helpers;
    const { f } = this;
    for (const v of [RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B]) lower(f, v);
    f.call(spill);
    const outcome = this.let({ o: 'call', t: 'i32', f: system, args: [RECORD_POINTER] } as I32);
    this.if(outcome, () => {
      this.put('i32', 32, ZERO_BASE, STATE.REASON, k32(REASON.SYSTEM));
      lower(f, bin('sub', BUDGET, bin('and', outcome, k32(1))));
      f.return();
    });
    this.setNzcv(ld('i32', 32, ZERO_BASE, STATE.NZCV));
    this.assign(LOCAL.RECORD, bin('add', RECORD_POINTER, k32(RECORD.SIZE)));
    this.heat();
    this.#retire();
  }

  /** End of an instruction without a branch: nothing to do when `emit` has branched already. */
  finish(): void {
    if (!this.ended) this.next();
    this.f.unreachable();
  }
  /** Retire and go on with the next record. */
  next(): void {
    this.assign(LOCAL.RECORD, bin('add', RECORD_POINTER, k32(RECORD.SIZE)));
    this.#retire();
  }
  /** Leave before the instruction unless SIMD and floating point are enabled. */
  requireFp(): void {
    this.if(eqz(ld('i32', 32, ZERO_BASE, STATE.FP_ENABLED)), () => this.leave(REASON.FP_TRAP));
  }
  /** Leave before the instruction when the stack pointer is misaligned and that is checked. */
  requireAlignedStack(): void {
    this.if(bin('and', ld('i32', 32, ZERO_BASE, STATE.SP), k32(15)), () => {
      const checked: I32 = { o: 'call', t: 'i32', f: this.helpers.stackAlignment, args: [] };
      this.if(checked, () => this.leave(REASON.SP_ALIGNMENT));
    });
  }
  /** Run opcode `v` on this record. */
  dispatch(v: I32): void {
    for (const parameter of [RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B]) lower(this.f, parameter);
    lower(this.f, v);
    this.f.tailCallIndirect(this.helpers.handlerType);
    this.ended = true;
  }
  /** Go on at an address; nothing retires. `heats`: the guest's own way there. */
  goTo(address: I64, heats = true): void {
    this.#find(this.let(address));
    if (heats) this.heat();
    this.dispatch(ld('i32', 16, RECORD_POINTER, RECORD.OPCODE));
  }
  /** Go on at the record, to which control has come other than from the one before it. */
  arrive(): void {
    this.heat();
    this.dispatch(ld('i32', 16, RECORD_POINTER, RECORD.OPCODE));
  }
  /** Go on at an address where the branch type may stand; nothing retires. */
  land(address: I64): void {
    const pc = this.let(address);
    const entry = this.#find(pc);
    const stands = cmp('eq', ld('i32', 32, ZERO_BASE, STATE.BTYPE_BUDGET), BUDGET);
    const type = this.let(bin('shr', ld('i32', 32, ZERO_BASE, STATE.BTYPE), k32(BTYPE_SHIFT)));
    this.if(sel(stands, type, k32(0)), () => this.#checkLanding(pc, entry, type));
    this.arrive();
  }
  /** Point the record pointer at the record of an address, or leave. Returns the address of its code TLB entry. */
  #find(pc: I64): I32 {
    const entry = this.let(
      bin('and', wrap(bin('shr', pc, k64(8))), k32((CODE_TLB.ENTRIES - 1) * CODE_TLB.ENTRY)),
    );
    const tag = bin('add', bin('and', pc, k64(-4096n | 3n)), ld('i64', 64, ZERO_BASE, STATE.CONTEXT));
    const offset = bin('mul', bin('and', wrap(pc), k32(0xffc)), k32(RECORD.SIZE / 4));
    this.if(
      cmp('eq', tag, ld('i64', 64, entry, HOST.CODE_TLB + CODE_TLB.TAG)),
      () =>
        this.assign(LOCAL.RECORD, bin('add', ld('i32', 32, entry, HOST.CODE_TLB + CODE_TLB.BASE), offset)),
      () => {
        const args = [wrap(pc), wrap(bin('shr', pc, k64(32)))];
        this.assign(LOCAL.RECORD, { o: 'call', t: 'i32', f: this.helpers.fetch, args });
        this.if(eqz(RECORD_POINTER), () => this.leaveAt(pc, REASON.FETCH));
      },
    );
    return entry;
  }

  /** Control has come to the record other than from the one before it. */
  heat(): void {
    const at = this.let(bin('and', bin('shr', RECORD_POINTER, k32(4)), k32((HEAT.ENTRIES - 1) * HEAT.ENTRY)));
    const count = this.let(bin('add', ld('i32', 16, at, HOST.HEAT), k32(1)));
    this.put('i32', 16, at, HOST.HEAT, count);
    this.if(bin('shr', count, k32(16)), () => {
      lower(this.f, { o: 'call', t: 'i32', f: this.helpers.hot, args: [RECORD_POINTER, BUDGET] });
      this.f.drop();
    });
  }

  #countDown(): void {
    this.assign(LOCAL.BUDGET, bin('sub', BUDGET, k32(1)));
  }
  /** Retire the instruction; the record pointer is at the next one. */
  #retire(): void {
    this.#countDown();
    this.if(eqz(BUDGET), () => this.leave(REASON.BUDGET));
    this.dispatch(ld('i32', 16, RECORD_POINTER, RECORD.OPCODE));
  }
  /** Retire the instruction and go on at an address; `type` is PSTATE.BTYPE there. `mark`: note that it was a jump. */
  #retireTo(address: I64, type: BranchType = 0, mark = false): void {
    const pc = this.let(address);
    this.#countDown();
    if (type !== 0) {
      this.put('i32', 32, ZERO_BASE, STATE.BTYPE, k32(type << BTYPE_SHIFT));
      this.put('i32', 32, ZERO_BASE, STATE.BTYPE_BUDGET, BUDGET);
    }
    this.if(eqz(BUDGET), () => this.leaveAt(pc, REASON.BUDGET));
    const entry = this.#find(pc);
    if (type !== 0) this.#checkLanding(pc, entry, k32(type));
    if (mark) {
      const landing = ld('i32', 8, RECORD_POINTER, RECORD.LANDING);
      this.put('i32', 8, RECORD_POINTER, RECORD.LANDING, bin('or', landing, k32(LANDED)));
    }
    this.arrive();
  }
  /** Leave when the page is guarded and its record is not known to be a landing pad for the branch. */
  #checkLanding(pc: I64, entry: I32, type: I32): void {
    this.if(ld('i32', 32, entry, HOST.CODE_TLB + CODE_TLB.GUARDED), () => {
      const accepted = bin('and', ld('i32', 8, RECORD_POINTER, RECORD.LANDING), bin('shl', k32(1), type));
      this.if(eqz(accepted), () => this.leaveAt(pc, REASON.LANDING));
    });
  }
}
