/** Semihosting over REST: console, the end of a program, files. Calls and results as Arm's specification has them. */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Send, useServer } from './server.ts';

/** Words as GNU as has them. Echoes with SYS_READC and SYS_WRITEC until a full stop, then SYS_EXIT with 3; and again. */
const ECHO =
  '100001d4 528000e0 d45e0000 f9000a80 91004281 52800060 d45e0000 f9400a82 f100b85f 54ffff01 aa1403e1 52800300 d45e0000 17fffff4 00020026 00000000 00000003 00000000 00000000 00000000';
/** Appends "done" to the file out.txt; SYS_EXIT_EXTENDED with 0, or with the errno of the open. */
const APPEND =
  '10000314 aa1403e1 10000382 f9000282 52800020 d45e0000 b100041f 54000120 f9000280 100002e2 d2800083 a9008e82 528000a0 aa1403e1 d45e0000 14000003 52800260 d45e0000 d28004c3 f2a00043 a9000283 52800400 aa1403e1 d45e0000 00000000 00000000 00000008 00000000 00000007 00000000 2e74756f 00747874 656e6f64';
const ENOENT = 2;

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'guestdbg-semihosting-')));
afterAll(() => rmSync(directory, { recursive: true }));
const plain = useServer();
const sharing = useServer({ semihostingDirectory: directory });

async function create(send: Send, words: string, semihosting: object): Promise<string> {
  const load = [{ address: '0x40000000', words: words.split(' ') }];
  const { status, json } = await send({
    method: 'POST',
    url: '/v1/vms',
    payload: { load, semihosting },
  });
  expect(status).toBe(201);
  return `/v1/vms/${json['id']}`;
}
async function run(send: Send, vm: string, payload: object = {}) {
  const budget = { instructions: 100_000, wallMilliseconds: 5000 };
  return (await send({ method: 'POST', url: `${vm}/runs?wait=10`, payload: { budget, ...payload } })).json;
}
const APPLICATION_EXIT = expect.stringMatching(/SYS_EXIT, ADP_Stopped_ApplicationExit$/);

describe('a VM with semihosting', () => {
  it('reads and writes the console, and its run ends with the exit status; no exit of KVM', async () => {
    const { send } = plain;
    const vm = await create(send, ECHO, { commandLine: 'echo' });
    expect((await send({ url: vm })).json['semihosting']).toEqual({ commandLine: 'echo', files: false });
    const started = await send({ method: 'POST', url: `${vm}/runs`, payload: {} });
    await send({ method: 'POST', url: `${vm}/console`, payload: { text: 'hi' } });
    await send({ method: 'POST', url: `${vm}/console`, payload: { text: '.' } });
    const ended = await send({ url: `/v1/runs/${started.json['id']}?wait=10` });
    // adr; for each of 3 characters 9 instructions; mov, mov, hlt.
    expect(ended.json).toMatchObject({ state: 'ended', exit: null, instructions: 1 + 3 * 9 + 3 });
    expect(ended.json['end']).toEqual({ reason: 'semihosting-exit', code: 3, detail: APPLICATION_EXIT });
    expect((await send({ url: `${vm}/console` })).json['text']).toBe('hi.');
    const { json } = await send({ url: `/v1/sessions/${ended.json['session']}/timeline` });
    const events = json['items'] as unknown as { kind: string; body: object }[];
    expect(events.at(-1)).toMatchObject({
      kind: 'run-ended',
      body: { end: { reason: 'semihosting-exit', code: 3 } },
    });
    await send({ method: 'POST', url: `${vm}/console`, payload: { text: '.' } });
    expect((await run(send, vm))['end'], 'it runs on').toMatchObject({ code: 3 });
  });

  it('waits for input until the budget of time is spent, and single steps end with the program', async () => {
    const { send } = plain;
    const vm = await create(send, ECHO, {});
    const waited = await run(send, vm, { budget: { wallMilliseconds: 50 } });
    expect([waited['end']['reason'], waited['instructions']]).toEqual(['budget-wall', 2]);
    await send({ method: 'POST', url: `${vm}/console`, payload: { text: '.' } });
    const stepped = await send({
      method: 'POST',
      url: `${vm}/vcpus/0/runs?wait=10`,
      payload: { steps: 100, record: 'all' },
    });
    expect(stepped.json).toMatchObject({ end: { reason: 'semihosting-exit', code: 3 }, instructions: 11 });
    expect(stepped.json['exit']['pc'], 'of the last step').toBe('0x0000000040000030');
  });

  it('has files only where the operator named a directory and the client asks for them', async () => {
    const refused = await plain.send({
      method: 'POST',
      url: '/v1/vms',
      payload: { semihosting: { files: true } },
    });
    expect([refused.status, refused.json['code']]).toEqual([422, 'vm-spec-invalid']);
    expect(refused.json['member']).toBe('/semihosting/files');
    const { send } = sharing;
    expect((await run(send, await create(send, APPEND, {})))['end']['code']).toBe(ENOENT);
    const vm = await create(send, APPEND, { files: true });
    const digest = async () => (await send({ url: `${vm}/digest` })).json['parts']['files'];
    const before = await digest();
    expect((await run(send, vm))['end']).toMatchObject({ code: 0 });
    expect(await digest(), 'the guest leaves it open').not.toBe(before);
    await send({ method: 'POST', url: `${vm}/reset` });
    expect((await run(send, vm))['end']).toMatchObject({ code: 0 });
    expect(readFileSync(join(directory, 'out.txt'), 'utf8')).toBe('donedone');
  });

  it('finds its heap in the largest part of RAM that nothing was loaded to', async () => {
    const { send } = plain;
    // adr x20, 0x20; mov x1, x20; mov w0, #0x16; str x20, [x20]; hlt
    const words = '10000114 aa1403e1 528002c0 f9000294 d45e0000 00000000 00000000 00000000';
    const { json } = await send({
      method: 'POST',
      url: '/v1/vms',
      payload: {
        memory: { size: 1 << 20 },
        load: [
          { address: '0x40000000', words: words.split(' ') },
          { address: '0x40030001', hex: 'ff' },
        ],
        semihosting: {},
      },
    });
    const vm = `/v1/vms/${json['id']}`;
    await run(send, vm, { budget: { instructions: 5 } });
    const hex = (await send({ url: `${vm}/memory?address=0x40000020&length=32` })).json['hex'];
    expect(hex).toBe(
      ['1000034000000000', '0000104000000000', '0000104000000000', '1000034000000000'].join(''),
    );
  });
});
