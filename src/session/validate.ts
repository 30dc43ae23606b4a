/** Checks of what a caller asks for, before anything is done. */
import { hex64 } from '../base/u64.ts';
import { requireWithin, SessionError } from './errors.ts';
import { isName } from './ids.ts';
import type { Limits } from './limits.ts';
import type { BootSpec, Labels, RunSpec, VmSpec } from './types.ts';

/** Memory slots are whole pages (KVM_SET_USER_MEMORY_REGION). */
const PAGE = 4096;

function whole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

export function checkName(limits: Limits, name: string): void {
  if (!isName(name, limits.nameLength)) {
    throw new SessionError(
      'name-invalid',
      `${JSON.stringify(name)} cannot be a name: 1 to ${limits.nameLength} letters, digits, '.', '_' or '-', a letter or digit first, and not like an id ('vm_').`,
    );
  }
}

export function checkLabels(limits: Limits, labels: Labels): void {
  const entries = Object.entries(labels);
  const longest = Math.max(0, ...entries.flatMap(([key, value]) => [key.length, value.length]));
  if (entries.length > limits.labels || longest > limits.labelLength || entries.some(([key]) => key === '')) {
    throw new SessionError(
      'labels-invalid',
      `At most ${limits.labels} labels, keys and values of at most ${limits.labelLength} characters, no empty key.`,
    );
  }
}

export function checkTtl(limits: Limits, ttlSeconds: number): void {
  if (!whole(ttlSeconds, 1)) {
    throw new SessionError(
      'vm-spec-invalid',
      `ttlSeconds is ${ttlSeconds}; it is a whole number of seconds from 1 on.`,
    );
  }
  requireWithin(limits, 'ttlSeconds', ttlSeconds, 'ttlSeconds');
}

function checkMemory(limits: Limits, { base, size }: VmSpec['memory']): void {
  if (!whole(base, 0) || !whole(size, PAGE) || base % PAGE !== 0 || size % PAGE !== 0) {
    throw new SessionError(
      'vm-spec-invalid',
      `Base and size of the memory are multiples of ${PAGE} bytes, size at least one.`,
    );
  }
  requireWithin(limits, 'memoryPerVm', size, 'The size of the memory');
  if (base + size > 2 ** limits.physicalAddressBits) {
    throw new SessionError(
      'vm-spec-invalid',
      `The memory ends at ${hex64(BigInt(base) + BigInt(size))}, beyond ${limits.physicalAddressBits} bits of physical address.`,
    );
  }
}

export function invalidMember(member: string, detail: string): SessionError {
  return new SessionError('vm-spec-invalid', detail, { facts: { member } });
}

/** The board's clock counts seconds in 32 bits. */
function checkClock(time: Date): void {
  const seconds = time.getTime() / 1000;
  if (seconds >= 0 && seconds < 2 ** 32) return;
  throw invalidMember(
    '/board/time',
    'board.time: the clock of the board shows 1970-01-01T00:00:00Z to 2106-02-07T06:28:15Z.',
  );
}

function checkBoot({ kernel, initrd, commandLine, firmware }: BootSpec): void {
  if (firmware === undefined) {
    if (kernel !== undefined) return;
    throw invalidMember('/boot/kernel', 'boot has neither kernel nor firmware: name one of them.');
  }
  if (kernel !== undefined) {
    throw invalidMember(
      '/boot/kernel',
      'boot has both kernel and firmware: leave one out. Firmware loads a kernel itself, from a disk.',
    );
  }
  if (initrd !== undefined) {
    throw invalidMember('/boot/initrd', 'boot.initrd belongs to a kernel: put it on a disk for firmware.');
  }
  if (commandLine !== undefined) {
    throw invalidMember(
      '/boot/commandLine',
      'boot.commandLine belongs to a kernel: type commands for firmware on the console.',
    );
  }
}

/** Where RAM of a virt board starts; devices are below. */
const BOARD_RAM = 0x4000_0000;

function checkBoard(limits: Limits, { board, boot, memory, vcpus }: VmSpec): void {
  if (board === undefined) {
    if (boot === undefined) return;
    throw invalidMember('/board', 'boot needs a board: what is booted looks for its devices.');
  }
  requireWithin(limits, 'vcpusPerBoard', vcpus.length, 'The number of vcpus');
  requireWithin(limits, 'disksPerBoard', board.disks.length, 'The number of disks');
  checkClock(board.time);
  if (boot !== undefined) checkBoot(boot);
  if (memory.base < BOARD_RAM) {
    throw invalidMember(
      '/memory/base',
      `The memory of a VM with a board starts at ${hex64(BigInt(BOARD_RAM))} or above; its devices are below.`,
    );
  }
}

export function checkVmSpec(limits: Limits, spec: VmSpec): void {
  checkMemory(limits, spec.memory);
  if (spec.vcpus.length === 0) {
    throw new SessionError('vm-spec-invalid', 'A VM has at least one vcpu.');
  }
  requireWithin(limits, 'vcpusPerVm', spec.vcpus.length, 'The number of vcpus');
  requireWithin(limits, 'loadItems', spec.load.length, 'The number of load items');
  requireWithin(limits, 'loadItems', spec.symbols?.length ?? 0, 'The number of images with symbols');
  checkBoard(limits, spec);
  if (spec.name !== undefined) {
    checkName(limits, spec.name);
  }
  if (spec.labels !== undefined) {
    checkLabels(limits, spec.labels);
  }
  if (spec.ttlSeconds !== undefined) {
    checkTtl(limits, spec.ttlSeconds);
  }
  if (spec.entry !== undefined && spec.entry % 4n !== 0n) {
    throw new SessionError('vm-spec-invalid', `The entry ${hex64(spec.entry)} is not a multiple of 4.`);
  }
}

function invalidRun(detail: string): SessionError {
  return new SessionError('run-spec-invalid', detail);
}

/** `vcpus`: how many the VM has. */
export function checkRunSpec(limits: Limits, vcpu: number | null, vcpus: number, spec: RunSpec): void {
  const { instructions, wallMilliseconds } = spec.budget;
  if (!whole(instructions ?? 1, 1) || !whole(wallMilliseconds ?? 1, 1) || !whole(spec.steps ?? 1, 1)) {
    throw invalidRun('Budgets and steps are whole numbers from 1 on; leave out what is not limited.');
  }
  requireWithin(limits, 'runInstructions', instructions ?? 1, 'The instruction budget');
  requireWithin(limits, 'runWallMilliseconds', wallMilliseconds ?? 1, 'The wall-time budget');
  requireWithin(limits, 'runSteps', spec.steps ?? 1, 'The number of steps');
  if (spec.record === 'all') {
    requireWithin(limits, 'runRecordedSteps', spec.steps ?? 1, 'The number of recorded steps');
  }
  if (spec.steps !== undefined && vcpu === null) {
    throw invalidRun('Single steps are taken by one vcpu; start a run of that vcpu.');
  }
  requireWithin(limits, 'collectItems', spec.collect.length, 'The number of items to collect');
  let bytes = 0;
  for (const item of spec.collect) {
    if (item.vcpu !== undefined && !(whole(item.vcpu, 0) && item.vcpu < vcpus)) {
      throw invalidRun(`There is no vcpu ${item.vcpu} to collect from; the VM has ${vcpus}.`);
    }
    if (item.kind === 'memory') {
      if (!whole(item.length, 1)) {
        throw invalidRun('The length of memory to collect is a whole number from 1 on.');
      }
      bytes += item.length;
    } else {
      requireWithin(limits, 'registerNames', item.names.length, 'The number of registers to collect');
    }
  }
  requireWithin(limits, 'collectBytes', bytes, 'The memory to collect');
}

export function checkTransfer(limits: Limits, length: number): void {
  if (!whole(length, 1)) {
    throw new SessionError('memory-not-mapped', 'The length of a transfer is a whole number from 1 on.');
  }
  if (length > limits.memoryTransfer) {
    throw new SessionError(
      'transfer-too-large',
      `${length} bytes were asked for; one request moves at most ${limits.memoryTransfer}. Split it.`,
      { facts: { limit: limits.memoryTransfer, requested: length } },
    );
  }
}
