/**
 * virtio over MMIO, version 2: the registers between a driver and a device. Requests are carried out when the driver
 * notifies, before its store retires. Source: VIRTIO 1.2 (OASIS), 4.2 Virtio Over MMIO, and 2.1 for the status.
 */
import type { AccessBytes, MmioDevice } from '../bus.ts';
import type { InterruptLine } from '../interrupt-line.ts';
import type { GuestMemory } from './guest-memory.ts';
import {
  type Chain,
  createQueue,
  giveBack,
  QUEUE_SIZE_MAXIMUM,
  QueueError,
  type QueueState,
  takeChain,
} from './split-queue.ts';

/** What is behind the transport. */
export interface VirtioDevice {
  /** Device id: 2 block, 4 entropy source. */
  readonly id: number;
  /** Feature bits beside VIRTIO_F_VERSION_1. */
  readonly features: bigint;
  readonly queues: number;
  /** Configuration space. */
  readonly configuration: Uint8Array;
  /** Carry out a request; returns the number of bytes written into its writable buffers. */
  request(chain: Chain, memory: GuestMemory): number;
}

const REG = {
  MAGIC: 0x000,
  VERSION: 0x004,
  DEVICE_ID: 0x008,
  VENDOR_ID: 0x00c,
  DEVICE_FEATURES: 0x010,
  DEVICE_FEATURES_SEL: 0x014,
  DRIVER_FEATURES: 0x020,
  DRIVER_FEATURES_SEL: 0x024,
  QUEUE_SEL: 0x030,
  QUEUE_NUM_MAX: 0x034,
  QUEUE_NUM: 0x038,
  QUEUE_READY: 0x044,
  QUEUE_NOTIFY: 0x050,
  INTERRUPT_STATUS: 0x060,
  INTERRUPT_ACK: 0x064,
  STATUS: 0x070,
  QUEUE_DESC: 0x080,
  QUEUE_DRIVER: 0x090,
  QUEUE_DEVICE: 0x0a0,
  CONFIG_GENERATION: 0x0fc,
  CONFIG: 0x100,
} as const;

/** "virt" */
const MAGIC = 0x7472_6976;
/** "GDBG" */
const VENDOR = 0x4742_4447;
const VERSION_1 = 1n << 32n;
const STATUS = { FEATURES_OK: 8, DRIVER_OK: 4, NEEDS_RESET: 0x40 } as const;
const INTERRUPT = { USED: 1, CONFIG: 2 } as const;

export interface TransportState {
  status: number;
  interrupts: number;
  deviceFeaturesSelect: number;
  driverFeaturesSelect: number;
  driverFeatures: bigint;
  queueSelect: number;
  readonly queues: QueueState[];
}

const initial = (queues: number): TransportState => ({
  status: 0,
  interrupts: 0,
  deviceFeaturesSelect: 0,
  driverFeaturesSelect: 0,
  driverFeatures: 0n,
  queueSelect: 0,
  queues: Array.from({ length: queues }, createQueue),
});

export class VirtioMmio implements MmioDevice {
  readonly state: TransportState;
  readonly #device: VirtioDevice;
  readonly #memory: GuestMemory;
  readonly #line: InterruptLine;

  constructor(device: VirtioDevice, memory: GuestMemory, line: InterruptLine) {
    this.#device = device;
    this.#memory = memory;
    this.#line = line;
    this.state = initial(device.queues);
  }

  read(offset: number, bytes: AccessBytes): number {
    if (offset >= REG.CONFIG) return this.#configuration(offset - REG.CONFIG, bytes);
    if (bytes !== 4) return 0;
    const { state } = this;
    switch (offset) {
      case REG.MAGIC:
        return MAGIC;
      case REG.VERSION:
        return 2;
      case REG.DEVICE_ID:
        return this.#device.id;
      case REG.VENDOR_ID:
        return VENDOR;
      case REG.DEVICE_FEATURES:
        return half(this.#device.features | VERSION_1, state.deviceFeaturesSelect);
      case REG.QUEUE_NUM_MAX:
        return this.#queue === undefined ? 0 : QUEUE_SIZE_MAXIMUM;
      case REG.QUEUE_READY:
        return this.#queue?.ready === true ? 1 : 0;
      case REG.INTERRUPT_STATUS:
        return state.interrupts;
      case REG.STATUS:
        return state.status;
      default:
        return 0;
    }
  }
  #configuration(at: number, bytes: AccessBytes): number {
    let value = 0;
    for (let n = 0; n < bytes; n++) value |= (this.#device.configuration[at + n] ?? 0) << (n * 8);
    return value >>> 0;
  }
  get #queue(): QueueState | undefined {
    return this.state.queues[this.state.queueSelect];
  }

  write(offset: number, bytes: AccessBytes, value: number): void {
    if (bytes !== 4) return;
    const { state } = this;
    switch (offset) {
      case REG.DEVICE_FEATURES_SEL:
        state.deviceFeaturesSelect = value;
        return;
      case REG.DRIVER_FEATURES_SEL:
        state.driverFeaturesSelect = value;
        return;
      case REG.DRIVER_FEATURES:
        this.#setDriverFeatures(value);
        return;
      case REG.QUEUE_SEL:
        state.queueSelect = value;
        return;
      case REG.QUEUE_NOTIFY:
        this.#notified(value);
        return;
      case REG.INTERRUPT_ACK:
        state.interrupts &= ~value;
        this.#drive();
        return;
      case REG.STATUS:
        this.#setStatus(value);
        return;
      default:
        if (this.#queue !== undefined) this.#setQueue(this.#queue, offset, value);
    }
  }

  #setDriverFeatures(value: number): void {
    const { state } = this;
    if (state.driverFeaturesSelect > 1) return;
    const shift = BigInt(state.driverFeaturesSelect * 32);
    state.driverFeatures = (state.driverFeatures & ~(0xffff_ffffn << shift)) | (BigInt(value) << shift);
  }
  /** FEATURES_OK stays only for features that were offered, version 1 among them (3.1.1). */
  #setStatus(value: number): void {
    const { state } = this;
    if (value === 0) {
      Object.assign(state, initial(this.#device.queues));
      this.#drive();
      return;
    }
    const offered = this.#device.features | VERSION_1;
    const fine = (state.driverFeatures & ~offered) === 0n && (state.driverFeatures & VERSION_1) !== 0n;
    state.status = (value & 0xff & (fine ? -1 : ~STATUS.FEATURES_OK)) | (state.status & STATUS.NEEDS_RESET);
  }
  /** A queue's shape is fixed while it is ready. */
  #setQueue(queue: QueueState, offset: number, value: number): void {
    if (offset === REG.QUEUE_READY) {
      queue.ready = value === 1 && queue.size > 0;
      if (!queue.ready) Object.assign(queue, createQueue(), { size: queue.size });
      return;
    }
    if (queue.ready) return;
    if (offset === REG.QUEUE_NUM) {
      const powerOfTwo = value > 0 && (value & (value - 1)) === 0;
      queue.size = powerOfTwo && value <= QUEUE_SIZE_MAXIMUM ? value : 0;
      return;
    }
    const high = (offset & 4) !== 0;
    switch (offset & ~4) {
      case REG.QUEUE_DESC:
        queue.descriptors = withHalf(queue.descriptors, high, value);
        return;
      case REG.QUEUE_DRIVER:
        queue.available = withHalf(queue.available, high, value);
        return;
      case REG.QUEUE_DEVICE:
        queue.used = withHalf(queue.used, high, value);
        return;
    }
  }

  #notified(index: number): void {
    const { state } = this;
    const queue = state.queues[index];
    if (
      queue?.ready !== true ||
      (state.status & (STATUS.DRIVER_OK | STATUS.NEEDS_RESET)) !== STATUS.DRIVER_OK
    )
      return;
    try {
      if (this.#serve(queue)) state.interrupts |= INTERRUPT.USED;
    } catch (error) {
      if (!(error instanceof QueueError)) throw error;
      state.status |= STATUS.NEEDS_RESET;
      state.interrupts |= INTERRUPT.CONFIG;
    }
    this.#drive();
  }
  /**
   * Carry out everything that waits: a queue full at most, or requests that write over their own queue would never
   * end. True when the driver wants to hear of it.
   */
  #serve(queue: QueueState): boolean {
    const memory = this.#memory;
    let wanted = false;
    for (let count = 0; count < queue.size; count++) {
      const chain = takeChain(queue, memory);
      if (chain === null) break;
      const written = this.#device.request(chain, memory);
      if (giveBack(queue, memory, chain.head, written)) wanted = true;
    }
    return wanted;
  }
  #drive(): void {
    this.#line.set(this.state.interrupts !== 0);
  }
}

function half(value: bigint, select: number): number {
  return select > 1 ? 0 : Number((value >> BigInt(select * 32)) & 0xffff_ffffn);
}
/** Addresses above 2^53 are no RAM anyway; they stay big numbers. */
function withHalf(address: number, high: boolean, value: number): number {
  const low = address % 2 ** 32;
  return high ? value * 2 ** 32 + low : address - low + value;
}
