/**
 * Tier 2's emitter: operands are constants, registers are locals of one WebAssembly function, control flow is
 * structured. An instruction that cannot go on leaves the region before it (a side exit): tier 1 runs it.
 * This file has the function's frame and what comes before an instruction; its base classes have the rest.
 */
import type { OperandFields } from '../../decode/row.ts';
import { REG, STATE } from '../../layout.ts';
import { bin, cmp, eqz, k32, wrap } from '../../semantics/build.ts';
import type { Emitter } from '../../semantics/emitter.ts';
import { BUDGET, FLAG_A, FLAG_B, KIND, RECORD_POINTER } from '../interpreter/abi.ts';
import { lower } from '../lower.ts';
import { bigOf, EXIT } from './exits.ts';
import { FloatingPointEmitter } from './floating-point/emitter.ts';
import type { Step } from './formation.ts';

export class RegionEmitter extends FloatingPointEmitter implements Emitter {
  /** In this copy of the block it has been looked whether floating point is enabled. */
  #fpChecked = false;

  /** Write the function. */
  emit(): void {
    const { f } = this;
    f.block(EXIT, () => this.tree(this.region.entry));
    this.epilogue();
    f.prologue(() => this.#prologue());
  }
  #prologue(): void {
    const { f } = this;
    const { entry } = this.region;
    let unfit = cmp('les', BUDGET, k32(this.structure.shape(entry).need));
    if (this.dependsOnAlignment) {
      const strict = this.word(STATE.ALIGN_STRICT);
      unfit = bin('or', unfit, this.madeFor.strict ? eqz(strict) : strict);
    }
    if (this.dependsOnFloating && this.madeFor.fast) unfit = bin('or', unfit, this.unfitFloating());
    lower(f, unfit);
    f.if(() => {
      const opcode = k32(entry.steps[0]!.instruction.opcode);
      this.tailCallTier1('dispatch', RECORD_POINTER, BUDGET, KIND, FLAG_A, FLAG_B, opcode);
    });
    this.recallPages();
    this.fill();
  }

  protected instruction(step: Step, n: number): void {
    const { form, opcode, operands: o, row } = step.instruction;
    this.step = step;
    this.done = n;
    this.temporaries.release(this.pendingValues());
    // By copy, not by block: a branch to the next instruction enters the same block twice.
    if (n === 0) this.#fpChecked = false;
    if (row.fp && !this.#fpChecked) {
      this.guard(eqz(this.fpEnabled()));
      this.#fpChecked = true;
    }
    if (opcode === form.stackOpcode && opcode !== form.opcode) {
      this.guard(bin('and', wrap(this.X(REG.SP)), k32(15)));
    }
    const fields: OperandFields = {
      rd: o.rd,
      rn: o.rn,
      rm: o.rm,
      ra: o.ra,
      cond: o.cond,
      imm: bigOf(o.immLo, o.immHi),
      imm2: bigOf(o.imm2Lo, o.imm2Hi),
      target: 0n,
    };
    row.emit(this, row.variants[o.variant], fields);
  }
}
