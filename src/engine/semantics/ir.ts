/**
 * Expression trees: the vocabulary in which instruction semantics are written.
 *
 * Nodes are pure and wasm-shaped; builders fold constants, so the same semantics function is compact in
 * the tier where operands are constants and general in the tier where they are record slots. An
 * expression is evaluated where it is consumed: pin it with `Emitter.let` before overwriting its inputs.
 */
export type Ty = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'divs'
  | 'divu'
  | 'rems'
  | 'remu'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr'
  | 'sar'
  | 'rotl'
  | 'rotr';
export type CompareOp = 'eq' | 'ne' | 'lts' | 'ltu' | 'gts' | 'gtu' | 'les' | 'leu' | 'ges' | 'geu';
export type UnaryOp =
  | 'eqz'
  | 'clz'
  | 'ctz'
  | 'popcnt'
  | 'ext8'
  | 'ext16'
  | 'ext32'
  | 'wrap'
  | 'extu'
  | 'exts';
export type FloatTy = 'f32' | 'f64';
/** WebAssembly's floating-point instructions, by their whole name. */
export type FloatOp =
  | `${FloatTy}.${'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge'}`
  | `${FloatTy}.${'abs' | 'neg' | 'ceil' | 'floor' | 'trunc' | 'nearest' | 'sqrt'}`
  | `${FloatTy}.${'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'copysign'}`
  | `${FloatTy}.convert_${'i32' | 'i64'}_${'s' | 'u'}`
  | `i64.trunc_sat_${FloatTy}_${'s' | 'u'}`
  | 'f32.demote'
  | 'f64.promote'
  | 'i32.reinterpret_f32'
  | 'i64.reinterpret_f64'
  | 'f32.reinterpret_i32'
  | 'f64.reinterpret_i64';
/** Lane shape of a v128: byte, half, single word, doubleword. */
export type Lane = 'i8x16' | 'i16x8' | 'i32x4' | 'i64x2';
/** Lanes that are floating-point numbers. */
export type FloatLane = 'f32x4' | 'f64x2';

export interface Const<T extends Ty = Ty> {
  readonly o: 'const';
  readonly t: T /** Bits, unsigned. */;
  readonly k: bigint;
}
export interface Local<T extends Ty = Ty> {
  readonly o: 'local';
  readonly t: T;
  readonly index: number /** Pinned by `let`: never reassigned within the instruction. */;
  readonly pinned?: boolean;
}
export interface Unary<T extends Ty = Ty> {
  readonly o: 'unary';
  readonly t: T;
  readonly op: UnaryOp;
  readonly a: Val;
}
export interface Binary<T extends Ty = Ty> {
  readonly o: 'binary';
  readonly t: T;
  readonly op: BinaryOp | CompareOp;
  readonly a: Val;
  readonly b: Val;
}
export interface Select<T extends Ty = Ty> {
  readonly o: 'select';
  readonly t: T;
  readonly c: Val<'i32'>;
  readonly a: Val<T>;
  readonly b: Val<T>;
}
/** Load from linear memory at a host address (i32) plus a constant offset. `bits` < width of t means zero-extend unless `signed`. */
export interface Load<T extends Ty = Ty> {
  readonly o: 'load';
  readonly t: T;
  readonly bits: 8 | 16 | 32 | 64 | 128;
  readonly signed: boolean;
  readonly at: Val<'i32'>;
  readonly offset: number;
}
export interface Call<T extends Ty = Ty> {
  readonly o: 'call';
  readonly t: T;
  readonly f: number;
  readonly args: readonly Val[];
}
export interface Float<T extends Ty = Ty> {
  readonly o: 'float';
  readonly t: T;
  readonly op: FloatOp;
  readonly args: readonly Val[];
}
export interface Splat {
  readonly o: 'splat';
  readonly t: 'v128';
  readonly lane: Lane;
  readonly a: Val<'i32'> | Val<'i64'>;
}
export interface ExtractLane<T extends Ty = Ty> {
  readonly o: 'extract';
  readonly t: T;
  readonly lane: Lane | FloatLane;
  readonly index: number;
  readonly signed: boolean;
  readonly v: Val<'v128'>;
}
export interface ReplaceLane {
  readonly o: 'replace';
  readonly t: 'v128';
  readonly lane: Lane | FloatLane;
  readonly index: number;
  readonly v: Val<'v128'>;
  readonly a: Val<'i32'> | Val<'i64'> | Val<FloatTy>;
}
/** Lane-wise integer operations with WebAssembly's names and meanings; comparisons give lanes of ones or zeros. */
export type LaneOp =
  | `${Lane}.${'add' | 'sub' | 'neg' | 'abs' | 'eq' | 'ne' | 'lt_s' | 'gt_s' | 'le_s' | 'ge_s'}`
  | `${'i8x16' | 'i16x8' | 'i32x4'}.${'lt_u' | 'gt_u' | 'le_u' | 'ge_u' | 'min_s' | 'min_u' | 'max_s' | 'max_u'}`
  | `${'i16x8' | 'i32x4' | 'i64x2'}.mul`
  | `${'i8x16' | 'i16x8'}.${'add_sat_s' | 'add_sat_u' | 'sub_sat_s' | 'sub_sat_u' | 'avgr_u'}`
  | `${'i16x8' | 'i32x4' | 'i64x2'}.${'extend' | 'extmul'}_${'low' | 'high'}_${'s' | 'u'}`
  | `${'i16x8' | 'i32x4'}.extadd_pairwise_${'s' | 'u'}`
  | 'i8x16.popcnt'
  | 'i8x16.swizzle'
  | 'i16x8.q15mulr_sat_s';
/** Lane-wise floating point, as WebAssembly's instructions for one number; conversions keep the order of lanes. */
export type FloatLaneOp =
  | `${FloatLane}.${'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge'}`
  | `${FloatLane}.${'abs' | 'neg' | 'ceil' | 'floor' | 'trunc' | 'nearest' | 'sqrt'}`
  | `${FloatLane}.${'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'}`
  | `f32x4.convert_${'s' | 'u'}`
  | `i32x4.trunc_sat_${'s' | 'u'}`
  | 'f32x4.demote_zero'
  | 'f64x2.promote_low';
export interface VectorOp {
  readonly o: 'vector';
  readonly t: 'v128';
  readonly op: 'and' | 'or' | 'xor' | 'andnot' | 'not' | LaneOp | FloatLaneOp;
  readonly a: Val<'v128'>;
  readonly b?: Val<'v128'>;
}
/** a * b + c of WebAssembly's relaxed SIMD: with one rounding or two, as the host has it. */
export interface MultiplyAdd {
  readonly o: 'multiplyAdd';
  readonly t: 'v128';
  readonly lane: FloatLane;
  readonly a: Val<'v128'>;
  readonly b: Val<'v128'>;
  readonly c: Val<'v128'>;
}
/** Every lane by the same count, modulo its width. */
export interface VectorShift {
  readonly o: 'vectorShift';
  readonly t: 'v128';
  readonly op: `${Lane}.${'shl' | 'shr_s' | 'shr_u'}`;
  readonly a: Val<'v128'>;
  readonly by: Val<'i32'>;
}
/** Bits of `a` where `mask` is set, of `b` elsewhere. */
export interface BitSelect {
  readonly o: 'bitselect';
  readonly t: 'v128';
  readonly mask: Val<'v128'>;
  readonly a: Val<'v128'>;
  readonly b: Val<'v128'>;
}
/** Byte i of the result is byte `bytes[i]` of b:a. */
export interface Shuffle {
  readonly o: 'shuffle';
  readonly t: 'v128';
  readonly bytes: readonly number[];
  readonly a: Val<'v128'>;
  readonly b: Val<'v128'>;
}
/** 1 when some bit is set, else 0. */
export interface AnyTrue<T extends Ty = 'i32'> {
  readonly o: 'anyTrue';
  readonly t: T;
  readonly v: Val<'v128'>;
}

export type Val<T extends Ty = Ty> =
  | Const<T>
  | Local<T>
  | Unary<T>
  | Binary<T>
  | Select<T>
  | Load<T>
  | Call<T>
  | Float<T>
  | ExtractLane<T>
  | (T extends 'i32' ? AnyTrue<T> : never)
  | (T extends 'v128'
      ? Splat | ReplaceLane | VectorOp | MultiplyAdd | VectorShift | BitSelect | Shuffle
      : never);
export type I32 = Val<'i32'>;
export type I64 = Val<'i64'>;
export type V128 = Val<'v128'>;
