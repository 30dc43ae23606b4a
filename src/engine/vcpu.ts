/** One vcpu: the register interface of the hypervisor floor and the `Pe` of the system floor over one state block. */
import { MODE, PSTATE } from '../abi/arm/pstate.ts';
import type { SysregKey } from '../abi/arm/sysreg-key.ts';
import type { StateTree } from '../base/state-tree.ts';
import { hi32, lo32, u64 } from '../base/u64.ts';
import type { Board, Tenant } from './board.ts';
import type { DebugRegisterFile, HypervisorControls, PeModel, VcpuHardware } from './hardware.ts';
import { STATE } from './layout.ts';
import type { ContextTable } from './memory/contexts.ts';
import type { TranslationResult } from './memory/walk.ts';
import type { Peripherals } from './peripherals.ts';
import type { RunLoop } from './run-loop.ts';
import { snapshotVcpu } from './snapshot.ts';
import { CpuState } from './state.ts';
import type { Stop } from './stop.ts';
import {
  advancePc,
  clearExclusive,
  setFar,
  takeException,
  type Vector,
  writeSpsrToPstate,
} from './system/exceptions.ts';
import { DebugState } from './system/debug-state.ts';
import { absentFields } from './system/exception-return.ts';
import type { CpuInterfaceRegisters, PhysicalMemory } from './system/pe.ts';
import { updateRegime } from './system/regime.ts';
import {
  readStackPointer,
  readStored,
  resetStorage,
  STORED_KEYS,
  writeStackPointer,
  writeStored,
} from './system/storage.ts';

const controlsAtReset = (): HypervisorControls => ({
  tde: false,
  tda: false,
  tdosa: false,
  tid3: false,
  tlor: false,
  terr: false,
  tsc: false,
  twi: false,
  twe: false,
  semihosting: false,
  irq: false,
  fiq: false,
});

export class Vcpu implements VcpuHardware, Tenant {
  readonly index: number;
  readonly model: PeModel;
  readonly controls = controlsAtReset();
  readonly debug = new DebugState();
  readonly parked = new CpuState(new ArrayBuffer(STATE.END));
  state = this.parked;
  stop: Stop | null = null;
  eventRegister = false;
  cpuInterface: CpuInterfaceRegisters | null = null;
  #peripherals: Peripherals | null = null;
  readonly #board: Board;
  readonly #loop: RunLoop;
  readonly #implementedPstate: number;

  constructor(index: number, model: PeModel, board: Board, loop: RunLoop) {
    this.index = index;
    this.model = model;
    this.#board = board;
    this.#loop = loop;
    this.#implementedPstate = ~absentFields(model);
    this.reset();
  }

  // Pe

  get ram(): PhysicalMemory {
    return this.#board.ram;
  }
  get contexts(): ContextTable {
    return this.#board.contexts;
  }
  /** Of all vcpus together: virtual time is the machine's. */
  get instructionCount(): number {
    return this.#board.instructionCount;
  }
  get ticks(): number {
    return this.#board.ticks;
  }
  timersChanged(): boolean {
    this.#peripherals?.timersChanged();
    return this.#peripherals !== null;
  }
  /** Once, before anything runs. */
  connect(peripherals: Peripherals): void {
    this.#peripherals = peripherals;
    this.cpuInterface = peripherals.cpuInterface(this.index);
  }
  interruptPending(): boolean {
    this.#peripherals?.settle();
    return this.controls.irq || this.controls.fiq;
  }
  flushTlb(): void {
    this.#board.flushTlb();
  }
  flushTlbPage(vaLo: number, vaHi: number): void {
    this.#board.flushTlbPage(vaLo, vaHi);
  }
  cacheTranslation(vaLo: number, vaHi: number, translation: TranslationResult): void {
    this.#board.slow.remember(vaLo, vaHi, translation);
  }
  debugChanged(): void {
    this.#loop.debugChanged();
  }
  physicalWritten(address: number, length: number): void {
    this.#board.physicalWritten(address, length);
  }

  // Debug

  loadDebug(file: DebugRegisterFile | null, mdscr: bigint): void {
    this.debug.file = file;
    this.debug.mdscr = mdscr;
    this.#loop.debugChanged();
  }
  get mdscr(): bigint {
    return this.debug.mdscr;
  }

  // Registers

  get pc(): bigint {
    return this.state.pc;
  }
  set pc(value: bigint) {
    this.state.pc = u64(value);
  }
  get pstate(): bigint {
    return BigInt(this.state.spsr);
  }
  set pstate(value: bigint) {
    writeSpsrToPstate(this, lo32(value) & this.#implementedPstate);
    this.#forgetStep();
  }
  get pstateBits(): number {
    return this.state.spsr;
  }
  set pstateBits(value: number) {
    writeSpsrToPstate(this, value);
    this.#forgetStep();
  }
  getX(n: number): bigint {
    return this.state.x(n);
  }
  setX(n: number, value: bigint): void {
    this.state.setX(n, u64(value));
  }
  getV(n: number): bigint {
    const at = STATE.V / 8 + n * 2;
    return (this.state.u64[at + 1]! << 64n) | this.state.u64[at]!;
  }
  setV(n: number, value: bigint): void {
    const at = STATE.V / 8 + n * 2;
    this.state.u64[at] = u64(value);
    this.state.u64[at + 1] = u64(value >> 64n);
  }
  getSp(el: 0 | 1): bigint {
    return readStackPointer(this.state, el);
  }
  setSp(el: 0 | 1, value: bigint): void {
    writeStackPointer(this.state, el, u64(value));
  }
  getSysreg(key: SysregKey): bigint | undefined {
    return readStored(this.state, key) ?? this.model.idRegisters.get(key);
  }
  setSysreg(key: SysregKey, value: bigint): void {
    if (!writeStored(this.state, key, value)) return;
    updateRegime(this);
    this.#loop.debugChanged();
    this.timersChanged();
  }
  sysregKeys(): readonly SysregKey[] {
    return STORED_KEYS;
  }
  snapshot(): StateTree {
    this.#peripherals?.settle();
    return snapshotVcpu(this);
  }

  // What the hypervisor makes happen

  reset(): void {
    this.state.u8.fill(0, 0, STATE.END);
    resetStorage(this.state, this.model);
    this.state.pstate = PSTATE.DAIF | MODE.EL1h;
    this.eventRegister = false;
    this.stop = null;
    this.#forgetStep();
    updateRegime(this);
    this.#loop.debugChanged();
    this.timersChanged();
  }
  clearExclusive(): void {
    clearExclusive(this.state);
  }
  skipInstruction(): void {
    advancePc(this.state);
    this.state.pstate &= ~PSTATE.SS;
    this.#board.retired++;
    this.#forgetStep();
  }
  takeException(vector: Vector, esr?: bigint, far?: bigint): void {
    if (far !== undefined) setFar(this.state, lo32(far), hi32(far));
    takeException(this, vector, esr === undefined ? null : lo32(esr));
  }
  run(budget: number): Stop {
    let stop: Stop;
    try {
      stop = this.#loop.run(this, budget);
    } catch (error) {
      // Nothing that a guest does throws: whatever arrives here is our own mistake, and the state is suspect.
      this.#board.slice = 0;
      stop = { kind: 'internal-error', message: error instanceof Error ? error.message : String(error) };
    }
    // The hypervisor has been entered: the next step syndrome cannot tell what was stepped before.
    if (stop.kind !== 'budget' && stop.kind !== 'yield' && stop.kind !== 'exception-loop') this.#forgetStep();
    return stop;
  }

  /** The next software-step exception will report that no instruction was stepped (ISV 0). */
  #forgetStep(): void {
    this.debug.stepped = false;
    this.debug.steppedExclusive = false;
  }
}
