/** A service over ports in memory, with the engine in this thread, and small guest programs. */
import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Rng } from '../../src/base/rng.ts';
import { createVm } from '../../src/kvm/vm.ts';
import { createService } from '../../src/session/create-service.ts';
import { type Spawn, spawnInProcess } from '../../src/session/engine-thread/spawn.ts';
import type { CreateVm } from '../../src/session/engine-thread/build-vm.ts';
import { type Limits, limitsWith } from '../../src/session/limits.ts';
import type { Service } from '../../src/session/service.ts';
import type { ImageId, RunSpec, RunView, Tier, TimelineEvent, VmSpec } from '../../src/session/types.ts';
import { type MemoryPorts, memoryPorts } from './memory-ports.ts';

export const RAM = 0x4000_0000;
export const RAM_BASE = BigInt(RAM);

/** Words as the GNU assembler encodes them. */
export const PROGRAM = {
  /** add x0, x0, #1; nop; b .-8 */
  count: [0x91000400, 0xd503201f, 0x17fffffe],
  /** wfi; add x0, x0, #1; brk #7 */
  waitThenBreak: [0xd503207f, 0x91000400, 0xd42000e0],
  /** mov x1, #0x1000; ldr w2, [x1]; add x3, x2, #1; str w3, [x1, #4]; b . */
  mmio: [0xd2820001, 0xb9400022, 0x91000443, 0xb9000423, 0x14000000],
  /** movz x0, #0x8400, lsl #16; movk x0, #8 (PSCI SYSTEM_OFF); hvc #0 */
  systemOff: [0xd2b08000, 0xf2800100, 0xd4000002],
  /** mov x1, #0x1000; stp x2, x3, [x1] */
  pairToDevice: [0xd2820001, 0xa9000c22],
  /** movz x0, #0xc400, lsl #16; movk x0, #0xe (PSCI SYSTEM_SUSPEND of SMC64); hvc #0 */
  systemSuspend: [0xd2b88000, 0xf28001c0, 0xd4000002],
  /** nop; brk #7 */
  brk: [0xd503201f, 0xd42000e0],
  /** x1 = 0x40001000; x2 = affinity; forever: [x1] = 2 * [x1] + x2. The result depends on the interleaving of vcpus. */
  entangle: [
    0xd2a80001, 0xf2820001, 0xd53800a2, 0x92401c42, 0xf9400023, 0xd37ff864, 0x8b020083, 0xf9000023,
    0x17fffffc,
  ],
} as const;

export function bytesOf(words: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(words).buffer);
}

/** A repeatable source of bytes. */
export function countingRng(): Rng {
  let next = 0;
  return { bytes: (count) => Uint8Array.from({ length: count }, () => next++ & 0xff) };
}

/** Time that passes only when it is told to. */
export class FakeClock implements Clock {
  #now = 1_700_000_000_000;
  #tasks: { at: number; task: () => void }[] = [];

  now(): number {
    return this.#now;
  }
  after(milliseconds: number, task: () => void): () => void {
    const entry = { at: this.#now + milliseconds, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#tasks.filter((entry) => entry.at <= this.#now);
    this.#tasks = this.#tasks.filter((entry) => entry.at > this.#now);
    for (const { task } of due) {
      task();
    }
  }
}

export interface Bench {
  readonly service: Service;
  readonly ports: MemoryPorts;
}

export interface BenchOptions {
  readonly ports?: MemoryPorts;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  readonly threads?: number;
  readonly tier?: Tier;
  readonly spawn?: Spawn;
  readonly createVm?: CreateVm;
}

export async function bench(options: BenchOptions = {}): Promise<Bench> {
  const ports = options.ports ?? memoryPorts();
  const spawn =
    options.spawn ?? spawnInProcess({ createVm: options.createVm ?? createVm, now: () => Date.now() });
  const service = await createService({
    ports,
    clock: options.clock ?? systemClock,
    rng: countingRng(),
    limits: limitsWith(options.limits ?? {}),
    engine: { threads: options.threads ?? 1, spawn, ...(options.tier && { tier: options.tier }) },
  });
  return { service, ports };
}

export interface SpecOptions extends Partial<Omit<VmSpec, 'vcpus' | 'load'>> {
  readonly vcpus?: number;
  readonly image?: ImageId;
}

/** A VM that begins at the program; every vcpu starts there once it has been given pc. */
export function vmSpec(program: readonly number[], options: SpecOptions = {}): VmSpec {
  const { vcpus = 1, image, ...rest } = options;
  return {
    memory: { base: RAM, size: 1 << 20 },
    vcpus: Array.from({ length: vcpus }, () => ({
      profile: { name: 'max' },
      features: ['psci_0_2'],
      init: true,
    })),
    debugResources: 'per-vcpu',
    load:
      image === undefined
        ? [{ member: '/load/0', bytes: bytesOf(program), address: RAM_BASE }]
        : [{ member: '/image', image }],
    ...rest,
  };
}

export function runSpec(spec: Partial<RunSpec> = {}): RunSpec {
  return { budget: {}, record: 'last', collect: [], ...spec };
}

/** Starts a run and waits for its end. */
export async function runToEnd(
  service: Service,
  vm: string,
  vcpu: number | null,
  spec: Partial<RunSpec> = {},
): Promise<RunView> {
  const run = await service.startRun(vm, vcpu, runSpec(spec));
  return service.waitRun(run.id, 20_000);
}

export async function timeline(service: Service, vm: string): Promise<readonly TimelineEvent[]> {
  return service.events({ vm, after: 0, limit: 100_000 });
}

/** Lets everything that is under way settle. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
