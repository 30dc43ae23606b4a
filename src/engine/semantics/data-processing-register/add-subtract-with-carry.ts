/** Arm ARM, Add/subtract (with carry). Subtraction is addition of the inverted operand (AddWithCarry). */
import type { Row } from '../../decode/row.ts';
import { ADD_SUB, type AddSub } from '../add-subtract.ts';
import { bin, cmp, extu, k32, not, wrap } from '../build.ts';
import type { Emitter } from '../emitter.ts';
import type { I32, Val } from '../ir.ts';
import { destination } from '../operands.ts';
import { constant, type Int, isZero, register, setRegister, type Width, WIDTHS } from '../width.ts';

/** Condition CS. */
const CARRY_SET = 2;

/** The top bit of a value, as an i32 shifted left by `to`. */
function topBit(wide: boolean, v: Val<Int>, to: number): I32 {
  const bit = bin('shr', v, constant(wide, wide ? 63 : 31));
  return bin('shl', (wide ? wrap(bit as Val<'i64'>) : bit) as I32, k32(to));
}

/** NZCV of result = a + b + carry in, which gives `carry`. */
function carryFlags(wide: boolean, a: Val<Int>, b: Val<Int>, result: Val<Int>, carry: I32): I32 {
  const overflow = bin('and', bin('xor', a, result), bin('xor', b, result));
  const nz = bin('or', topBit(wide, result, 3), bin('shl', isZero(result), k32(2)));
  return bin('or', nz, bin('or', bin('shl', carry, k32(1)), topBit(wide, overflow, 0)));
}

function carryIn(e: Emitter, wide: boolean): Val<Int> {
  const carry = e.condition(CARRY_SET);
  return wide ? extu(carry) : carry;
}

const addSubtractWithCarry = ({ bits, subtract, flags }: AddSub): Row<Width> => ({
  name: `${subtract ? 'SBC' : 'ADC'}${flags ? 'S' : ''}`,
  encodingClass: 'Add/subtract (with carry)',
  pattern: `sf:1 ${bits} 11010000 Rm:5 000000 Rn:5 Rd:5`,
  variants: WIDTHS,
  operands(f, o) {
    o.variant = f.sf;
    o.rd = destination(f.Rd);
    o.rn = f.Rn;
    o.rm = f.Rm;
  },
  emit(e, { wide }, o) {
    const a = e.let(register(e, wide, o.rn));
    const rm = register(e, wide, o.rm);
    const b = e.let(subtract ? not(rm) : rm);
    const sum = e.let(bin('add', a, b));
    const result = e.let(bin('add', sum, carryIn(e, wide)));
    if (flags) {
      const carry = e.let(bin('or', cmp('ltu', sum, a), cmp('ltu', result, sum)));
      e.setNzcv(carryFlags(wide, a, b, result, carry), { result, carry });
    }
    setRegister(e, wide, o.rd, result);
  },
});

export const ADD_SUBTRACT_WITH_CARRY: readonly Row<Width>[] = ADD_SUB.map(addSubtractWithCarry);
