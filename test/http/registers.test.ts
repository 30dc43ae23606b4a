import { beforeAll, expect, it } from 'vitest';
import { useServer } from './server.ts';

const { send } = useServer();
let vcpu: string;
/** KVM register id of pc: core register, 64 bits, offset of regs.pc in struct kvm_regs in words (Documentation/virt/kvm/api.rst). */
const PC = '0x6030000000100040';
/** fp_regs.vregs[0]: 128 bits. */
const V0 = '0x6040000000100054';

beforeAll(async () => {
  const { json } = await send({ method: 'POST', url: '/v1/vms', payload: {} });
  vcpu = `/v1/vms/${json['id']}/vcpus/0`;
});

it('reads and writes by name, all or none', async () => {
  const written = await send({
    method: 'PATCH',
    url: `${vcpu}/registers`,
    payload: { x0: 7, x30: '0xffffffffffffffff', pc: '0x40000010', v1: '0x000102030405060708090a0b0c0d0e0f' },
  });
  expect(written.status).toBe(200);
  expect(written.json).toMatchObject({
    x0: '0x0000000000000007',
    x30: '0xffffffffffffffff',
    pc: '0x0000000040000010',
  });
  const bad = await send({ method: 'PATCH', url: `${vcpu}/registers`, payload: { x0: 8, x99: 1 } });
  expect(bad.status).toBe(404);
  expect(bad.json['code']).toBe('register-unknown');
  const read = await send({ url: `${vcpu}/registers?names=x0,v1,pc` });
  expect(read.json).toEqual({
    x0: '0x0000000000000007',
    v1: '0x000102030405060708090a0b0c0d0e0f',
    pc: '0x0000000040000010',
  });
});

it('reads groups, core when nothing is said', async () => {
  const core = await send({ url: `${vcpu}/registers` });
  expect(Object.keys(core.json)).toEqual(
    expect.arrayContaining(['x0', 'x30', 'pc', 'pstate', 'sp_el0', 'sp_el1']),
  );
  const system = await send({ url: `${vcpu}/registers?names=system` });
  expect(Object.keys(system.json)).toContain('vbar_el1');
});

it('refuses values that a double or a reader could mistake', async () => {
  const { status, json } = await send({
    method: 'PATCH',
    url: `${vcpu}/registers`,
    payload: { x0: '12', x1: -1, x2: 2 ** 53, x3: 1.5, x4: null },
  });
  expect(status).toBe(400);
  expect(json['errors']).toEqual([
    {
      pointer: '#/x0',
      detail:
        '"12" is ambiguous: decimal or hexadecimal? Write "0xc" if it is decimal, "0x12" if it is hexadecimal.',
    },
    {
      pointer: '#/x1',
      detail:
        '-1 is negative: write the unsigned 64-bit (for v0 to v31: 128-bit) pattern as a "0x..." string.',
    },
    {
      pointer: '#/x2',
      detail:
        '9007199254740992 is too large for an exact JSON number (limit 9007199254740991): write it as a "0x..." string.',
    },
    { pointer: '#/x3', detail: '1.5 is not an integer.' },
    {
      pointer: '#/x4',
      detail:
        'An unsigned 64-bit (for v0 to v31: 128-bit) value is written as "0x" and hexadecimal digits, or a JSON integer.',
    },
  ]);
});

it('honours If-Match', async () => {
  const before = await send({ url: `${vcpu}/registers?names=pc` });
  const tag = String(before.headers['etag']);
  expect(
    (
      await send({
        method: 'PATCH',
        url: `${vcpu}/registers`,
        headers: { 'if-match': tag },
        payload: { x5: 1 },
      })
    ).status,
  ).toBe(200);
  expect(
    (
      await send({
        method: 'PATCH',
        url: `${vcpu}/registers`,
        headers: { 'if-match': tag },
        payload: { x5: 2 },
      })
    ).status,
  ).toBe(412);
  expect((await send({ url: `${vcpu}/registers?names=x5` })).json['x5']).toBe('0x0000000000000001');
});

it('reads and writes by KVM id, with the width that the id says', async () => {
  const list = await send({ url: `${vcpu}/one-reg` });
  expect(list.json['items']).toEqual(expect.arrayContaining([PC, V0]));
  const written = await send({
    method: 'PUT',
    url: `${vcpu}/one-reg/${PC}`,
    payload: { value: '0x40000020' },
  });
  expect(written.json).toEqual({ id: PC, value: '0x0000000040000020' });
  expect((await send({ url: `${vcpu}/one-reg/${V0}` })).json['value']).toMatch(/^0x[0-9a-f]{32}$/);
  const wide = await send({
    method: 'PUT',
    url: `${vcpu}/one-reg/${PC}`,
    payload: { value: '0x10000000000000000' },
  });
  expect(wide.status).toBe(400);
  expect(wide.json['errors']).toMatchObject([{ pointer: '#/value' }]);
});

it('gives an errno for ids that KVM does not know', async () => {
  const { status, json } = await send({ url: `${vcpu}/one-reg/0x6030000000100fff` });
  expect([404, 422]).toContain(status);
  expect(json['errno']).toMatch(/^E[A-Z]+$/);
  expect((await send({ url: `${vcpu}/one-reg/pc` })).json['errors']).toMatchObject([
    { in: 'path', parameter: 'id' },
  ]);
});
