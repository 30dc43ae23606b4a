/**
 * Imports go down only. The rooms and what each may import are the table of ARCHITECTURE.md and, inside the engine,
 * of src/engine/README.md; type-only imports count, because a type is knowledge too.
 */
import { describe, expect, it } from 'vitest';
import { type Import, importsOfFile, importsOfText, sourceFiles } from './imports.ts';

interface Room {
  /** Paths below src: a directory, or a file with its ending. The first room that has a file owns it. */
  readonly has: readonly string[];
  /** Paths below src that it may import, beside its own. */
  readonly may: readonly string[];
  /** Packages and `node:` modules. */
  readonly packages?: RegExp;
}

const ENGINE_WORDS = [
  'layout',
  'state',
  'stop',
  'hardware',
  'host-map',
  'abort-syndrome',
  'translation',
  'inline-registers',
].map((n) => `engine/${n}.ts`);
const NODE = /^node:/;
const ANYTHING = /./;

const ROOMS: Readonly<Record<string, Room>> = {
  base: { has: ['base'], may: [] },
  'abi/arm': { has: ['abi/arm'], may: ['base'] },
  abi: { has: ['abi'], may: ['base'] },

  'engine/wasm': { has: ['engine/wasm'], may: ['base'] },
  'engine/fp': { has: ['engine/fp'], may: ['base'] },
  'engine vocabulary': { has: ENGINE_WORDS, may: ['base', 'abi/arm'] },
  'engine/memory': {
    has: ['engine/memory'],
    may: ['base', 'abi/arm', ...ENGINE_WORDS, 'engine/system/pe.ts', 'engine/system/storage.ts'],
  },
  'engine/decode': { has: ['engine/decode'], may: ['base', 'engine/layout.ts', 'engine/semantics'] },
  'engine/semantics': {
    has: ['engine/semantics'],
    may: ['base', 'abi/arm', 'engine/layout.ts', 'engine/inline-registers.ts', 'engine/decode', 'engine/fp'],
  },
  'engine/system': {
    has: ['engine/system'],
    may: ['base', 'abi/arm', 'engine/memory', 'engine/debug', ...ENGINE_WORDS],
  },
  'engine/debug': {
    has: ['engine/debug'],
    may: [
      'base',
      'abi/arm',
      ...ENGINE_WORDS,
      ...['pe', 'storage', 'exceptions'].map((n) => `engine/system/${n}.ts`),
    ],
  },
  'engine/devices': { has: ['engine/devices'], may: ['base', 'abi/arm'] },
  'engine/tiers': {
    has: ['engine/tiers'],
    may: [
      'base',
      ...ENGINE_WORDS,
      'engine/wasm',
      'engine/fp',
      'engine/memory',
      'engine/decode',
      'engine/semantics',
    ],
  },
  engine: { has: ['engine'], may: ['base', 'abi/arm', 'engine'] },

  kvm: { has: ['kvm'], may: ['base', 'abi', 'engine'] },
  session: { has: ['session'], may: ['base', 'abi', 'kvm'], packages: NODE },
  'generated client': { has: ['generated'], may: [], packages: ANYTHING },
  store: {
    has: ['store'],
    may: ['base', 'abi', 'session', 'generated'],
    packages: /^(node:|@prisma\/(client|adapter-libsql)|@libsql\/client$|libsql$)/,
  },
  http: {
    has: ['http'],
    may: ['base', 'abi', 'session'],
    packages: /^(node:|@?fastify|typebox|ajv|prom-client$)/,
  },
  gdb: { has: ['gdb'], may: ['base', 'abi', 'session'], packages: NODE },
  cli: { has: ['cli'], may: [], packages: NODE },
  'composition root': {
    has: ['app.ts', 'main.ts', 'config.ts', 'relaxed-simd.ts'],
    may: [''],
    packages: ANYTHING,
  },
};

/** Does `path` lie at or below `place`? */
const within = (path: string, place: string): boolean =>
  place === '' || path === `src/${place}` || path.startsWith(`src/${place}/`);

function roomOf(path: string): [string, Room] | undefined {
  return Object.entries(ROOMS).find(([, room]) => room.has.some((place) => within(path, place)));
}

/** What is wrong with an import, in a sentence; undefined when nothing is. */
function complaint({ from, line, to, external }: Import): string | undefined {
  const found = roomOf(from);
  if (!found) return `${from}: belongs to no room of test/architecture/floors.test.ts`;
  const [name, { has, may, packages }] = found;
  const allowed = external ? packages?.test(to) : [...has, ...may].some((place) => within(to, place));
  if (allowed) return undefined;
  const list = external
    ? `packages ${packages ?? 'none'}`
    : [...has, ...may].map((place) => `src/${place}`).join(', ');
  return `${from}:${line} imports ${to}; ${name} may import only: ${list}`;
}

describe('floors', () => {
  const files = sourceFiles('src').filter((path) => !path.startsWith('src/generated/'));
  const imports = files.flatMap(importsOfFile);

  it('have a room for every file, and no import that goes up or sideways', () => {
    const homeless = files.filter((path) => !roomOf(path));
    expect(homeless).toEqual([]);
    expect(imports.map(complaint).filter((text) => text !== undefined)).toEqual([]);
  });

  it('are checked on the whole source tree', () => {
    expect(files.length).toBeGreaterThan(120);
    expect(imports.length).toBeGreaterThan(500);
    for (const room of [
      'base',
      'abi/arm',
      'engine/wasm',
      'engine/semantics',
      'kvm',
      'session',
      'store',
      'http',
    ]) {
      expect(
        files.some((path) => roomOf(path)?.[0] === room),
        room,
      ).toBe(true);
    }
  });

  it.each([
    ['src/engine/vcpu.ts', `import type { KvmExit } from '../abi/kvm/exits.ts';`],
    ['src/engine/wasm/writer.ts', `import { ROWS } from '../decode/row.ts';`],
    ['src/kvm/vm.ts', `import { x } from '../session/service.ts';`],
    ['src/kvm/vm.ts', `import fs from 'node:fs';`],
    ['src/session/service.ts', `export { Machine } from '../engine/machine.ts';`],
    ['src/http/app.ts', `type T = import('../store/store.ts').T;`],
    ['src/http/app.ts', `import { PrismaClient } from '@prisma/client';`],
    ['src/http/app.ts', `new Worker(new URL('../engine/worker.ts', import.meta.url))`],
    ['src/store/store.ts', `import '../http/app.ts';`],
    ['src/cli/demo.ts', `import { x } from '../base/u64.ts';`],
    ['src/attic/old.ts', `import { x } from '../base/u64.ts';`],
  ])('refuse in %s: %s', (path, text) => {
    const found = importsOfText(path, `/* import 'x' */\n${text} // from 'y'`);
    expect(found).toHaveLength(1);
    expect(complaint(found[0]!)).toContain(path);
  });

  it('allow what goes down', () => {
    const text = `import type {\n  Vm,\n} from '../kvm/contract.ts';\nimport { readFile } from 'node:fs/promises';`;
    const found = importsOfText('src/session/registry.ts', text);
    expect(found.map(({ to, line }) => [to, line])).toEqual([
      ['src/kvm/contract.ts', 3],
      ['node:fs/promises', 4],
    ]);
    expect(found.map(complaint)).toEqual([undefined, undefined]);
  });
});
