/** Which code remembers runs of bytes beside those that are watched, and for how long. Words are GNU as output. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VcpuHardware } from '../../../src/engine/hardware.ts';
import { IDLE_ENTRIES } from '../../../src/engine/host-map.ts';
import type { Windows } from '../../../src/engine/tiers/jit/made-for.ts';
import { WindowPolicy } from '../../../src/engine/tiers/jit/windows.ts';
import { CODE, DATA, HVC, MODEL, machineWith } from '../machine-fixture.ts';

const WATCHED = DATA + 0x800;
const ROUNDS = 2000;
/** ldr x0, [x10]; str x0, [x11]; subs x1, x1, #1; b.ne; hvc */
const LOOP = [0xf9400140, 0xf9000160, 0xf1000421, 0x54ffffa1, HVC];

afterEach(() => {
  vi.restoreAllMocks();
});

/** What regions have been made with, each time that it is another than before. */
function madeWith(): Windows[] {
  const made: Windows[] = [];
  const { windowsOf } = WindowPolicy.prototype;
  vi.spyOn(WindowPolicy.prototype, 'windowsOf').mockImplementation(function (this: WindowPolicy, records) {
    const windows = windowsOf.call(this, records);
    if (made.at(-1) !== windows) made.push(windows);
    return windows;
  });
  return made;
}
const hotLoop = (): VcpuHardware => {
  const vcpu = machineWith(LOOP, 1, MODEL, 'jit').vcpus[0]!;
  vcpu.controls.tde = true;
  return vcpu;
};
function run(vcpu: VcpuHardware, load: number, store: number, rounds = ROUNDS): void {
  vcpu.pc = BigInt(CODE);
  for (const [n, value] of [
    [1, rounds],
    [10, load],
    [11, store],
  ] as const)
    vcpu.setX(n, BigInt(value));
  expect(vcpu.run(1_000_000).kind).toBe('hvc');
}
function watch(vcpu: VcpuHardware, address: number | null): void {
  const blank = (): BigUint64Array => new BigUint64Array(16);
  const file = { bcr: blank(), bvr: blank(), wcr: blank(), wvr: blank() };
  if (address !== null) {
    file.wcr[0] = 0x1fffn;
    file.wvr[0] = BigInt(address);
  }
  vcpu.loadDebug(file, 1n << 15n);
}

describe('hot code', () => {
  it('has no windows where its pages are not watched', () => {
    const made = madeWith();
    const vcpu = hotLoop();
    run(vcpu, DATA, DATA + 8);
    watch(vcpu, DATA + 0x1000);
    run(vcpu, DATA, DATA + 8);
    expect(made).toEqual(['none']);
  });
  it('has windows when it accesses a watched page again and again, and calls when it moves between them', () => {
    const made = madeWith();
    const vcpu = hotLoop();
    run(vcpu, DATA, DATA + 8);
    watch(vcpu, WATCHED);
    run(vcpu, DATA, DATA + 8, 5);
    expect(made).toEqual(['none']);
    run(vcpu, DATA, DATA + 8);
    expect(made).toEqual(['none', 'exits']);
    for (let n = 0; n < 120; n++) run(vcpu, n % 2 === 0 ? DATA : WATCHED + 8, DATA, 4);
    expect(made).toEqual(['none', 'exits', 'calls']);
  });
  it('keeps windows for a while when the watchpoint goes, and has them sooner when it comes back', () => {
    const made = madeWith();
    const vcpu = hotLoop();
    watch(vcpu, WATCHED);
    run(vcpu, DATA, DATA + 8);
    for (let n = 0; n < 2 * IDLE_ENTRIES; n++) {
      watch(vcpu, n % 2 === 0 ? null : WATCHED);
      run(vcpu, DATA, DATA + 8, 10);
    }
    expect(made).toEqual(['none', 'exits']);
    watch(vcpu, null);
    for (let n = 0; n < IDLE_ENTRIES + 2; n++) run(vcpu, DATA, DATA + 8, 10);
    expect(made).toEqual(['none', 'exits', 'none']);
    watch(vcpu, WATCHED);
    run(vcpu, DATA, DATA + 8, 20);
    expect(made).toEqual(['none', 'exits', 'none', 'exits']);
  });
});
