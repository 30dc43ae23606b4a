/**
 * `operation.ts NAME PIECES`: how many of one debug operation this process does in a CPU second. A process for each: what V8 has decided to
 * inline, and where it allocates, it decides by what ran before.
 */
import { basename } from 'node:path';
import { bootWords, cpuSeconds, guestDebug, PC, retire, SLICE } from './support/machine.ts';
import { median } from './support/table.ts';

const ENABLE_SINGLESTEP = 0x3;
const ENABLE_HARDWARE = 0x2_0001;
/** nop, five additions, back to the nop. */
const LOOP = [0xd503_201f, ...Array.from({ length: 5 }, () => 0x9100_0400), 0x17ff_fffa];
const LOOP_START = 0x4000_0000n;
/** CPU seconds: of a piece, and until V8 has compiled what it compiles. */
const PIECE = 0.03;
const WARM_UP = 0.5;

/** A guest of its own, and one operation on it. */
type Operation = () => void;

const OPERATIONS: Readonly<Record<string, () => Operation>> = { engineSteps, kvmSteps, engineHits, kvmHits };

function engineSteps(): Operation {
  const { vm, vcpu } = bootWords(LOOP);
  retire(vcpu, SLICE);
  const [hardware] = vm.hardware.vcpus;
  return () => hardware?.run(1);
}

function kvmSteps(): Operation {
  const { vcpu } = bootWords(LOOP);
  vcpu.setGuestDebug(guestDebug(ENABLE_SINGLESTEP));
  return () => vcpu.run(SLICE);
}

/** A breakpoint on the nop; to continue, the debugger steps over it by moving PC, as user space does. */
function engineHits(): Operation {
  const { vm, vcpu } = bootWords(LOOP);
  vcpu.setGuestDebug(guestDebug(ENABLE_HARDWARE, [LOOP_START]));
  vcpu.run(SLICE);
  const [hardware] = vm.hardware.vcpus;
  if (hardware === undefined) throw new Error('no vcpu');
  // KVM has loaded the host's breakpoint at the world switch; from here on the engine runs by itself.
  const file = { bcr: slots(0x1e7n), bvr: slots(LOOP_START), wcr: slots(0n), wvr: slots(0n) };
  hardware.loadDebug(file, 1n << 15n);
  hardware.controls.tde = true;
  return () => {
    hardware.pc = LOOP_START + 4n;
    const stop = hardware.run(SLICE);
    if (stop.kind !== 'debug') throw new Error(`stopped with ${stop.kind}`);
  };
}

function slots(first: bigint): BigUint64Array {
  const values = new BigUint64Array(16);
  values[0] = first;
  return values;
}

function kvmHits(): Operation {
  const { vcpu } = bootWords(LOOP);
  vcpu.setGuestDebug(guestDebug(ENABLE_HARDWARE, [LOOP_START]));
  vcpu.run(SLICE);
  return () => {
    vcpu.setOneReg(PC, LOOP_START + 4n);
    vcpu.run(SLICE);
  };
}

/** Operations a CPU second: the median of the pieces. */
function perSecond(operation: Operation, pieces: number): number {
  const seconds = (count: number): number =>
    cpuSeconds(() => {
      for (let n = 0; n < count; n++) operation();
    });
  let count = 1000;
  for (let spent = 0; spent < WARM_UP; ) {
    const piece = seconds(count);
    spent += piece;
    count = Math.ceil(Math.min(2 * count, (count * PIECE) / piece));
  }
  return median(Array.from({ length: pieces }, () => count / seconds(count)));
}

const [, script, name = '', pieces] = process.argv;
const create = OPERATIONS[name];
if (create === undefined) {
  throw new Error(
    `${basename(script!)} NAME PIECES, where NAME is one of ${Object.keys(OPERATIONS).join(', ')}`,
  );
}
process.stdout.write(`${perSecond(create(), Number(pieces))}\n`);
