/**
 * The interpreter and nothing else: no MMU, no system floor, no board. Memory is the two ranges of `MEMORY` at
 * their virtual addresses, anything else faults, unaligned accesses are allowed, SIMD is enabled.
 */
import { CodeCache } from '../../src/engine/code-cache.ts';
import { writeConstantTables } from '../../src/engine/constant-tables.ts';
import { createDecoder } from '../../src/engine/decode/decoder.ts';
import { executeFloatingPoint } from '../../src/engine/floating-point.ts';
import { HOST, RAM_HOST, REASON } from '../../src/engine/host-map.ts';
import { REG, STATE } from '../../src/engine/layout.ts';
import { ACCESS, accessBytes } from '../../src/engine/memory/access-word.ts';
import { GuestRam } from '../../src/engine/memory/ram.ts';
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { CpuState } from '../../src/engine/state.ts';
import { compileInterpreter, instantiateInterpreter } from '../../src/engine/tiers/interpreter/module.ts';
import { BLOCK, FAULT, NO_MEMORY, type Outcome, putControls } from './outcome.ts';
import { codeOf, FEATURES, MEMORY, patternAt, type Program } from './program.ts';

const NOP = 0xd503_201f;
const PAGE = 4096;
const HIGH = 2 ** 32;
const CODE_HOST = RAM_HOST;
const DATA_HOST = RAM_HOST + MEMORY.codeSize;
const WASM_PAGE = 0x1_0000;

interface Written {
  readonly host: number;
  readonly bytes: number;
}

export class BareInterpreter {
  readonly #state: CpuState;
  readonly #view: DataView;
  readonly #run: (budget: number) => number;
  readonly #code: CodeCache;
  readonly #written: Written[] = [];

  constructor() {
    const size = RAM_HOST + MEMORY.codeSize + MEMORY.dataSize;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(size / WASM_PAGE), maximum: 65536 });
    const buffer = memory.buffer as ArrayBuffer;
    this.#state = new CpuState(buffer);
    this.#view = new DataView(buffer);
    const compiled = compileInterpreter(ROWS);
    const ram = new GuestRam(buffer, { base: 0, size: MEMORY.codeSize + MEMORY.dataSize }, null, RAM_HOST);
    this.#code = new CodeCache(buffer, ram, createDecoder(FEATURES), compiled.forms, () => {});
    const unexpected = (): number => {
      throw new Error('the program reached the system floor');
    };
    this.#run = instantiateInterpreter(compiled, memory, {
      decode: (record) => this.#code.decode(record),
      breakpoint: unexpected,
      fetch: (lo, hi) => this.#fetch(lo, hi),
      system: unexpected,
      read: (lo, hi, access) => this.#host(lo, hi, access),
      write: (lo, hi, access) => this.#write(lo, hi, access),
      atomic: (lo, hi, access) => this.#note(this.#host(lo, hi, access), accessBytes(access)),
      stackAlignment: () => 0,
      hot: () => 0,
      refused: unexpected,
      floatingPoint: (code) => {
        executeFloatingPoint(this.#state, code);
        return 0;
      },
    }).run;
    this.#fillMemory();
    writeConstantTables(this.#state);
    this.#state.u64[STATE.CONTEXT / 8] = 16n;
    this.#state.u64[STATE.CONTEXT_UNPRIVILEGED / 8] = 32n;
    this.#state.i32[STATE.FP_ENABLED / 4] = 1;
  }

  #fillMemory(): void {
    for (let i = 0; i < MEMORY.codeSize; i++) this.#view.setUint8(CODE_HOST + i, patternAt(MEMORY.code + i));
    for (let i = 0; i < MEMORY.dataSize; i++) this.#view.setUint8(DATA_HOST + i, patternAt(MEMORY.data + i));
    const nops = CODE_HOST + MEMORY.nopStart - MEMORY.code;
    for (let i = 0; i < MEMORY.nopSize; i += 4) this.#view.setUint32(nops + i, NOP, true);
  }

  #fetch(lo: number, hi: number): number {
    const offset = this.#offset(lo, hi, 4);
    if (offset < 0 || offset >= MEMORY.codeSize) return 0;
    return this.#code.recordsOf(lo, hi, Math.floor(offset / PAGE)) + (lo & 0xffc) * 8;
  }
  /** Offset in RAM, or -1. */
  #offset(lo: number, hi: number, bytes: number): number {
    const address = (hi >>> 0) * HIGH + (lo >>> 0);
    const inCode = address - MEMORY.code;
    if (inCode >= 0 && inCode + bytes <= MEMORY.codeSize) return inCode;
    const inData = address - MEMORY.data;
    return inData >= 0 && inData + bytes <= MEMORY.dataSize ? MEMORY.codeSize + inData : -1;
  }
  #host(lo: number, hi: number, access: number): number {
    const bytes = accessBytes(access);
    if ((access & ACCESS.ALIGNED) !== 0 && (lo & (bytes - 1)) !== 0) return 0;
    const offset = this.#offset(lo, hi, bytes);
    return offset < 0 ? 0 : RAM_HOST + offset;
  }
  #note(host: number, bytes: number): number {
    if (host !== 0) this.#written.push({ host, bytes });
    return host;
  }
  #write(lo: number, hi: number, access: number): number {
    const host = this.#note(this.#host(lo, hi, access), accessBytes(access));
    if (host === 0) return 0;
    this.#state.u8.copyWithin(host, STATE.SCRATCH, STATE.SCRATCH + accessBytes(access));
    return 1;
  }

  /** Run a program; memory is as before afterwards. */
  run(program: Program): Outcome {
    const { pc, words, steps, x, v, nzcv, fpcr, fpsr } = program;
    const state = this.#state;
    const at = CODE_HOST + codeOf(program) - MEMORY.code;
    for (const [i, word] of words.entries()) this.#view.setUint32(at + 4 * i, word, true);
    this.#code.clear();
    state.u8.fill(0, HOST.CODE_TLB, HOST.POOL);
    state.u64.set(x);
    state.u64[REG.SP] = x[31]!;
    state.u64.set(v, STATE.V / 8);
    state.u64[REG.ZERO] = 0n;
    state.nzcv = nzcv;
    state.u64[STATE.FPCR / 8] = BigInt(fpcr);
    state.u64[STATE.FPSR / 8] = BigInt(fpsr);
    state.pc = BigInt(pc);
    state.i32[STATE.EXCLUSIVE_BYTES / 4] = 0;
    const left = this.#run(steps);
    const outcome = left === 0 ? this.#outcome() : this.#stopped();
    this.#restore(at, words.length);
    return outcome;
  }

  #stopped(): Outcome {
    const reason = this.#state.i32[STATE.REASON / 4];
    if (reason !== REASON.DATA) throw new Error(`the program left for reason ${reason}`);
    return FAULT;
  }
  #outcome(): Outcome {
    const { u8, u64, pc, nzcv } = this.#state;
    const registers = new Uint8Array(BLOCK.BYTES);
    registers.set(u8.subarray(0, 31 * 8), BLOCK.X);
    registers.set(u8.subarray(REG.SP * 8, REG.SP * 8 + 8), BLOCK.X + 31 * 8);
    registers.set(u8.subarray(STATE.V, STATE.V + 32 * 16), BLOCK.V);
    const [fpcr, fpsr] = [STATE.FPCR, STATE.FPSR].map((at) => Number(u64[at / 8])) as [number, number];
    putControls(registers, { nzcv, fpcr, fpsr, pc });
    return { fault: false, registers, memory: this.#written.length === 0 ? NO_MEMORY : this.#memory() };
  }
  #memory(): Map<number, number> {
    const memory = new Map<number, number>();
    for (const { host, bytes } of this.#written) {
      for (let i = host; i < host + bytes; i++) {
        const address = i < DATA_HOST ? MEMORY.code + i - CODE_HOST : MEMORY.data + i - DATA_HOST;
        const byte = this.#view.getUint8(i);
        if (byte !== patternAt(address)) memory.set(address, byte);
      }
    }
    return memory;
  }
  #restore(at: number, words: number): void {
    for (let i = 0; i < words; i++) this.#view.setUint32(at + 4 * i, NOP, true);
    for (const { host, bytes } of this.#written) {
      for (let i = host; i < host + bytes; i++) {
        const address = i < DATA_HOST ? MEMORY.code + i - CODE_HOST : MEMORY.data + i - DATA_HOST;
        this.#view.setUint8(i, patternAt(address));
      }
    }
    this.#written.length = 0;
  }
}
