/** A program on a machine of ours, in one tier: pages that are neighbours for it are not neighbours in RAM. */
import { createHash } from 'node:crypto';
import { sysregKey } from '../../../src/abi/arm/sysreg-key.ts';
import { FEATURE_NAMES } from '../../../src/engine/decode/features.ts';
import type { MachineHardware, Tier } from '../../../src/engine/hardware.ts';
import type { Stop } from '../../../src/engine/stop.ts';
import { bytesOf, enableMmu, machineWith, modelWith, SYSREG } from '../../engine/machine-fixture.ts';
import { FEATURES } from '../program.ts';
import { xorshift } from '../random.ts';
import type { Initial } from './initial.ts';
import { prepareRough } from './rough.ts';
import { assembleSequence, PAGE, type Sequence, SPACE } from './sequence.ts';
import { CODE_COPY, vectorTable } from './system-units.ts';

const MODEL = modelWith(
  ...FEATURES.flatMap((feature) => (feature === 'base' ? [] : [FEATURE_NAMES[feature]])),
);
const CPACR_EL1 = sysregKey(3, 0, 1, 0, 2);
const FPCR = sysregKey(3, 3, 4, 4, 0);
const FPSR = sysregKey(3, 3, 4, 4, 1);
const BLOCK = 0x20_0000;
const NOP = 0xd503_201f;
const DATA_BYTES = SPACE.dataPages * PAGE;
/** Coprime to the number of pages. */
const STRIDE = 37;
const physicalPage = (page: number): number => SPACE.data + ((page * STRIDE + 11) % SPACE.dataPages) * PAGE;

/** What a program leaves. */
export interface Final {
  readonly pc: bigint;
  /** X0..X30, SP. */
  readonly x: readonly bigint[];
  readonly v: readonly bigint[];
  readonly nzcv: number;
  readonly fpcr: number;
  readonly fpsr: number;
  /** MD5 of each page of the data range. */
  readonly data: readonly string[];
}

export const createSequenceMachine = (tier: Tier): MachineHardware => machineWith([], 1, MODEL, tier);

/** Put a program and its state into a machine. */
export function prepareSequence(machine: MachineHardware, sequence: Sequence, initial: Initial): void {
  const vcpu = machine.vcpus[0]!;
  vcpu.reset();
  machine.writePhysical(SPACE.code, new Uint8Array(SPACE.codePages * PAGE));
  machine.writePhysical(SPACE.code + sequence.start, bytesOf(assembleSequence(sequence)));
  if (sequence.rough) prepareExceptions(machine, sequence, initial);
  for (let page = 0; page < SPACE.dataPages; page++)
    machine.writePhysical(physicalPage(page), initial.data.subarray(page * PAGE, (page + 1) * PAGE));
  enableMmu(machine, vcpu, SPACE.code & -BLOCK, [
    { va: SPACE.code, pa: SPACE.code, pages: SPACE.codePages },
    ...Array.from({ length: SPACE.dataPages }, (_, page) => ({
      va: SPACE.data + page * PAGE,
      pa: physicalPage(page),
      unprivileged: true,
    })),
  ]);
  vcpu.setSysreg(CPACR_EL1, 3n << 20n);
  vcpu.setSysreg(SYSREG.VBAR_EL1, BigInt(SPACE.vectors));
  vcpu.pc = BigInt(initial.pc);
  vcpu.pstate = (vcpu.pstate & ~0xf000_0000n) | (BigInt(initial.nzcv) << 28n);
  for (const [n, value] of initial.x.entries()) {
    if (n === 31) vcpu.setSp(1, value);
    else vcpu.setX(n, value);
  }
  for (const [n, value] of initial.v.entries()) vcpu.setV(n, value);
  vcpu.setSysreg(FPCR, BigInt(initial.fpcr));
  vcpu.setSysreg(FPSR, BigInt(initial.fpsr));
  prepareRough(vcpu, sequence);
}

/** Handlers, and a copy of the code in which some instructions are not there. */
function prepareExceptions(machine: MachineHardware, sequence: Sequence, { pc }: Initial): void {
  machine.writePhysical(SPACE.vectors, bytesOf(vectorTable(pc)));
  const rng = xorshift(sequence.seed ^ 0xc09);
  const isPlain = sequence.units.flatMap(({ words, fixups = [] }) =>
    words.map(() => words.length === 1 && fixups.length === 0),
  );
  const words = assembleSequence(sequence).map((word, n) => (isPlain[n] && rng() % 4 === 0 ? NOP : word));
  machine.writePhysical(SPACE.code + CODE_COPY, new Uint8Array((SPACE.codePages - 1) * PAGE));
  machine.writePhysical(SPACE.code + CODE_COPY + sequence.start, bytesOf(words));
}

/** Registers as text: what is compared after every step. */
export function registersText(machine: MachineHardware): string {
  const vcpu = machine.vcpus[0]!;
  let text = `count ${vcpu.instructionCount} pc ${vcpu.pc.toString(16)} pstate ${vcpu.pstate.toString(16)}`;
  text += ` sp ${vcpu.getSp(0).toString(16)} ${vcpu.getSp(1).toString(16)}`;
  text += ` fpcr ${vcpu.getSysreg(FPCR)!.toString(16)} fpsr ${vcpu.getSysreg(FPSR)!.toString(16)}`;
  for (let n = 0; n < 31; n++) text += ` x${n} ${vcpu.getX(n).toString(16)}`;
  for (let n = 0; n < 32; n++) text += ` v${n} ${vcpu.getV(n).toString(16)}`;
  return text;
}
/** What is compared at the end besides: memory and every system register. */
export function restText(machine: MachineHardware): string {
  const vcpu = machine.vcpus[0]!;
  const registers = vcpu
    .sysregKeys()
    .map((key) => `${key.toString(16)} ${vcpu.getSysreg(key)?.toString(16)}`);
  const memory = createHash('md5')
    .update(machine.readPhysical(SPACE.data, DATA_BYTES)!)
    .update(machine.readPhysical(SPACE.code, SPACE.codePages * PAGE)!);
  return `${memory.digest('hex')} ${registers.join(' ')}`;
}

export function finalState(machine: MachineHardware): Final {
  const vcpu = machine.vcpus[0]!;
  return {
    pc: vcpu.pc,
    x: Array.from({ length: 32 }, (_, n) => (n === 31 ? vcpu.getSp(1) : vcpu.getX(n))),
    v: Array.from({ length: 32 }, (_, n) => vcpu.getV(n)),
    nzcv: Number((vcpu.pstate >> 28n) & 15n),
    fpcr: Number(vcpu.getSysreg(FPCR)),
    fpsr: Number(vcpu.getSysreg(FPSR)),
    data: Array.from({ length: SPACE.dataPages }, (_, page) =>
      createHash('md5')
        .update(machine.readPhysical(physicalPage(page), PAGE)!)
        .digest('hex'),
    ),
  };
}

/** All that a stop says. */
export const formatStop = (stop: Stop): string =>
  JSON.stringify(stop, (_, value: unknown) => (typeof value === 'bigint' ? value.toString(16) : value));
