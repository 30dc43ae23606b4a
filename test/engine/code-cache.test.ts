import { describe, expect, it } from 'vitest';
import { POOL_PAGES } from '../../src/engine/host-map.ts';
import { ROWS } from '../../src/engine/semantics/rows.ts';
import { generateInterpreter } from '../../src/engine/tiers/interpreter/module.ts';
import { bytesOf, CODE, HVC, machineWith } from './machine-fixture.ts';

describe('the interpreter module', () => {
  const code = generateInterpreter(ROWS);
  it('is valid WebAssembly', () => {
    expect(WebAssembly.validate(code.bytes)).toBe(true);
  });
  it('has an opcode for every variant of every row', () => {
    const opcodes = code.forms.flat().map((f) => f.opcode);
    expect(new Set(opcodes).size).toBe(ROWS.reduce((n, row) => n + row.variants.length, 0));
  });
});

describe('more code than the pool holds', () => {
  const PAGES = POOL_PAGES + 88;
  /** One instruction and a branch to the next page in each page, round and round. */
  function chain() {
    const machine = machineWith([]);
    for (let page = 0; page < PAGES; page++) {
      const at = CODE + page * 4096;
      const last = page === PAGES - 1;
      machine.writePhysical(at, bytesOf([0x91000400, last ? HVC : 0x14000000 | 1023])); // add x0, x0, #1; b next page
    }
    return machine;
  }
  it('starts over without losing an instruction', () => {
    const machine = chain();
    const vcpu = machine.vcpus[0]!;
    for (let round = 1; round <= 3; round++) {
      vcpu.pc = BigInt(CODE);
      expect(vcpu.run(1_000_000).kind).toBe('hvc');
      expect(vcpu.getX(0)).toBe(BigInt(round * PAGES));
    }
  });
  it('keeps breakpoints', () => {
    const vcpu = chain().vcpus[0]!;
    const file = {
      bcr: new BigUint64Array(16),
      bvr: new BigUint64Array(16),
      wcr: new BigUint64Array(16),
      wvr: new BigUint64Array(16),
    };
    file.bvr[0] = BigInt(CODE + 3 * 4096);
    file.bcr[0] = 0x1e7n;
    vcpu.run(1_000_000);
    vcpu.controls.tde = true;
    vcpu.loadDebug(file, 1n << 15n);
    vcpu.pc = BigInt(CODE);
    expect(vcpu.run(1_000_000).kind).toBe('debug');
    expect(vcpu.pc).toBe(BigInt(CODE + 3 * 4096));
  });
});
