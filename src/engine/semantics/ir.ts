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
/** Lane shape of a v128: byte, half, single word, doubleword. */
export type Lane = 'i8x16' | 'i16x8' | 'i32x4' | 'i64x2';

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
export interface Splat {
  readonly o: 'splat';
  readonly t: 'v128';
  readonly lane: Lane;
  readonly a: Val<'i32'> | Val<'i64'>;
}
export interface ExtractLane<T extends Ty = Ty> {
  readonly o: 'extract';
  readonly t: T;
  readonly lane: Lane;
  readonly index: number;
  readonly signed: boolean;
  readonly v: Val<'v128'>;
}
export interface ReplaceLane {
  readonly o: 'replace';
  readonly t: 'v128';
  readonly lane: Lane;
  readonly index: number;
  readonly v: Val<'v128'>;
  readonly a: Val<'i32'> | Val<'i64'>;
}
export interface VectorOp {
  readonly o: 'vector';
  readonly t: 'v128';
  readonly op: 'and' | 'or' | 'xor' | 'andnot' | 'not';
  readonly a: Val<'v128'>;
  readonly b?: Val<'v128'>;
}

export type Val<T extends Ty = Ty> =
  | Const<T>
  | Local<T>
  | Unary<T>
  | Binary<T>
  | Select<T>
  | Load<T>
  | Call<T>
  | ExtractLane<T>
  | (T extends 'v128' ? Splat | ReplaceLane | VectorOp : never);
export type I32 = Val<'i32'>;
export type I64 = Val<'i64'>;
export type V128 = Val<'v128'>;
