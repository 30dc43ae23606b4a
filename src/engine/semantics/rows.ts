/** Every decode row, in the order of the Arm ARM's chapters. A row's index is its identity at run time. */
import type { Row } from '../decode/row.ts';
import { BRANCH_IMMEDIATE } from './branches-exceptions-system/branch-immediate.ts';
import { BRANCH_REGISTER } from './branches-exceptions-system/branch-register.ts';
import { SYSTEM } from './branches-exceptions-system/system.ts';
import { ADD_SUBTRACT_IMMEDIATE } from './data-processing-immediate/add-subtract-immediate.ts';
import { BITFIELD } from './data-processing-immediate/bitfield.ts';
import { EXTRACT } from './data-processing-immediate/extract.ts';
import { LOGICAL_IMMEDIATE } from './data-processing-immediate/logical-immediate.ts';
import { MOVE_WIDE_IMMEDIATE } from './data-processing-immediate/move-wide-immediate.ts';
import { PC_RELATIVE_ADDRESSING } from './data-processing-immediate/pc-relative-addressing.ts';
import { ADD_SUBTRACT_EXTENDED_REGISTER } from './data-processing-register/add-subtract-extended-register.ts';
import { ADD_SUBTRACT_SHIFTED_REGISTER } from './data-processing-register/add-subtract-shifted-register.ts';
import { ADD_SUBTRACT_WITH_CARRY } from './data-processing-register/add-subtract-with-carry.ts';
import { CONDITIONAL_COMPARE } from './data-processing-register/conditional-compare.ts';
import { CONDITIONAL_SELECT } from './data-processing-register/conditional-select.ts';
import { CRC32 } from './data-processing-register/crc32.ts';
import { LOGICAL_SHIFTED_REGISTER } from './data-processing-register/logical-shifted-register.ts';
import { ONE_SOURCE } from './data-processing-register/one-source.ts';
import { THREE_SOURCE } from './data-processing-register/three-source.ts';
import { TWO_SOURCE } from './data-processing-register/two-source.ts';
import { ATOMIC } from './loads-stores/atomic.ts';
import { LOAD_STORE_EXCLUSIVE } from './loads-stores/exclusive.ts';
import { LOAD_LITERAL } from './loads-stores/literal.ts';
import { MULTIPLE_STRUCTURES } from './loads-stores/multiple-structures.ts';
import { LOAD_STORE_PAIR } from './loads-stores/pair.ts';
import { LOAD_STORE_REGISTER } from './loads-stores/register.ts';
import { SINGLE_STRUCTURE } from './loads-stores/single-structure.ts';
import { ACROSS_LANES_INTEGER, SCALAR_PAIRWISE_INTEGER } from './simd-fp/across-lanes.ts';
import { SIMD_COPY } from './simd-fp/copy.ts';
import { CRYPTO_AES } from './simd-fp/crypto-aes.ts';
import { CRYPTO_SHA } from './simd-fp/crypto-sha.ts';
import { FLOATING_COMPARE } from './simd-fp/floating-compare.ts';
import { FLOATING_IMMEDIATE } from './simd-fp/floating-immediate.ts';
import { FLOATING_INTEGER } from './simd-fp/floating-integer.ts';
import { FLOATING_BY_ELEMENT } from './simd-fp/floating-by-element.ts';
import { FLOATING_FIXED_POINT } from './simd-fp/floating-fixed-point.ts';
import { FLOATING_PAIRWISE } from './simd-fp/floating-pairwise.ts';
import { FLOATING_PRECISION } from './simd-fp/floating-precision.ts';
import { FLOATING_THREE_SAME } from './simd-fp/floating-three-same.ts';
import { FLOATING_TWO_REGISTER } from './simd-fp/floating-two-register.ts';
import { FLOATING_MOVE } from './simd-fp/floating-move.ts';
import { FLOATING_ONE_SOURCE } from './simd-fp/floating-one-source.ts';
import { FLOATING_THREE_SOURCE } from './simd-fp/floating-three-source.ts';
import { FLOATING_TWO_SOURCE } from './simd-fp/floating-two-source.ts';
import { INDEXED_ELEMENT_INTEGER, SCALAR_INDEXED_ELEMENT_INTEGER } from './simd-fp/indexed-element.ts';
import { SIMD_MODIFIED_IMMEDIATE } from './simd-fp/modified-immediate.ts';
import { PERMUTE, SIMD_EXTRACT, TABLE_LOOKUP } from './simd-fp/permute.ts';
import { SCALAR_SHIFT_IMMEDIATE, SHIFT_IMMEDIATE } from './simd-fp/shift-immediate.ts';
import { SCALAR_SHIFT_IMMEDIATE_NARROW, SHIFT_IMMEDIATE_NARROW } from './simd-fp/shift-immediate-narrow.ts';
import { SCALAR_THREE_DIFFERENT, THREE_DIFFERENT } from './simd-fp/three-different.ts';
import { SCALAR_THREE_SAME_INTEGER, THREE_SAME_INTEGER } from './simd-fp/three-same.ts';
import {
  DOT_PRODUCT_BY_ELEMENT,
  SCALAR_THREE_SAME_EXTRA,
  THREE_SAME_EXTRA,
} from './simd-fp/three-same-extra.ts';
import { THREE_SAME_LOGICAL } from './simd-fp/three-same-logical.ts';
import { SCALAR_TWO_REGISTER_MISC_INTEGER, TWO_REGISTER_MISC_INTEGER } from './simd-fp/two-register-misc.ts';
import { SCALAR_TWO_REGISTER_NARROW, TWO_REGISTER_NARROW } from './simd-fp/two-register-narrow.ts';

export const ROWS: readonly Row[] = [
  ...PC_RELATIVE_ADDRESSING,
  ...ADD_SUBTRACT_IMMEDIATE,
  ...LOGICAL_IMMEDIATE,
  ...MOVE_WIDE_IMMEDIATE,
  ...BITFIELD,
  ...EXTRACT,
  ...BRANCH_IMMEDIATE,
  ...BRANCH_REGISTER,
  ...SYSTEM,
  ...MULTIPLE_STRUCTURES,
  ...SINGLE_STRUCTURE,
  ...LOAD_STORE_EXCLUSIVE,
  ...ATOMIC,
  ...LOAD_LITERAL,
  ...LOAD_STORE_PAIR,
  ...LOAD_STORE_REGISTER,
  ...LOGICAL_SHIFTED_REGISTER,
  ...ADD_SUBTRACT_SHIFTED_REGISTER,
  ...ADD_SUBTRACT_EXTENDED_REGISTER,
  ...ADD_SUBTRACT_WITH_CARRY,
  ...CONDITIONAL_COMPARE,
  ...CONDITIONAL_SELECT,
  ...ONE_SOURCE,
  ...TWO_SOURCE,
  ...CRC32,
  ...THREE_SOURCE,
  ...CRYPTO_AES,
  ...CRYPTO_SHA,
  ...SIMD_COPY,
  ...THREE_SAME_LOGICAL,
  ...THREE_SAME_INTEGER,
  ...SCALAR_THREE_SAME_INTEGER,
  ...THREE_SAME_EXTRA,
  ...SCALAR_THREE_SAME_EXTRA,
  ...THREE_DIFFERENT,
  ...SCALAR_THREE_DIFFERENT,
  ...TWO_REGISTER_MISC_INTEGER,
  ...TWO_REGISTER_NARROW,
  ...SCALAR_TWO_REGISTER_MISC_INTEGER,
  ...SCALAR_TWO_REGISTER_NARROW,
  ...INDEXED_ELEMENT_INTEGER,
  ...DOT_PRODUCT_BY_ELEMENT,
  ...SCALAR_INDEXED_ELEMENT_INTEGER,
  ...TABLE_LOOKUP,
  ...PERMUTE,
  ...SIMD_EXTRACT,
  ...SHIFT_IMMEDIATE,
  ...SHIFT_IMMEDIATE_NARROW,
  ...SCALAR_SHIFT_IMMEDIATE,
  ...SCALAR_SHIFT_IMMEDIATE_NARROW,
  ...ACROSS_LANES_INTEGER,
  ...SCALAR_PAIRWISE_INTEGER,
  ...SIMD_MODIFIED_IMMEDIATE,
  ...FLOATING_MOVE,
  ...FLOATING_IMMEDIATE,
  ...FLOATING_INTEGER,
  ...FLOATING_COMPARE,
  ...FLOATING_ONE_SOURCE,
  ...FLOATING_TWO_SOURCE,
  ...FLOATING_THREE_SOURCE,
  ...FLOATING_THREE_SAME,
  ...FLOATING_TWO_REGISTER,
  ...FLOATING_PRECISION,
  ...FLOATING_PAIRWISE,
  ...FLOATING_BY_ELEMENT,
  ...FLOATING_FIXED_POINT,
];
