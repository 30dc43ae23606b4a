import { beforeAll, describe, expect, it } from 'vitest';
import { load, RAM, WORDS } from './guests.ts';
import { useServer } from './server.ts';

const { send } = useServer({ limits: { memoryTransfer: 4096 } });
const BYTES = 'application/octet-stream';
let url: string;

beforeAll(async () => {
  const { json } = await send({ method: 'POST', url: '/v1/vms', payload: load(WORDS.add) });
  url = `/v1/vms/${json['id']}/memory`;
});

describe('GET .../memory', () => {
  it('reads as hexadecimal, base64 and bytes', async () => {
    const place = `${url}?address=${RAM}&length=4`;
    expect((await send({ url: place })).json).toEqual({
      address: '0x0000000040000000',
      length: 4,
      hex: '600080d2',
    });
    expect((await send({ url: `${place}&encoding=base64` })).json['base64']).toBe(
      Buffer.from('600080d2', 'hex').toString('base64'),
    );
    expect((await send({ url: place, headers: { accept: BYTES } })).bytes.toString('hex')).toBe('600080d2');
  });

  it('takes a Range of the bytes', async () => {
    const place = `${url}?address=${RAM}&length=16`;
    const get = (range: string) => send({ url: place, headers: { accept: BYTES, range } });
    const part = await get('bytes=4-7');
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe('bytes 4-7/16');
    expect(part.bytes.toString('hex')).toBe('810080d2');
    expect((await get('bytes=-4')).bytes.toString('hex')).toBe('00000014');
    expect((await get('bytes=12-999')).headers['content-range']).toBe('bytes 12-15/16');
    const outside = await get('bytes=16-');
    expect(outside.status).toBe(416);
    expect(outside.headers['content-range']).toBe('bytes */16');
    expect((await get('lines=1-2')).status).toBe(200);
  });

  it('reads all or nothing, and says what is wrong', async () => {
    const across = await send({ url: `${url}?address=0x43fffffc&length=8` });
    expect(across.status).toBe(422);
    expect(across.json).toMatchObject({ code: 'memory-not-mapped', errno: 'EFAULT' });
    const large = await send({ url: `${url}?address=${RAM}&length=5000` });
    expect(large.status).toBe(413);
    expect(large.json['code']).toBe('transfer-too-large');
    const missing = await send({ url });
    expect(missing.status).toBe(400);
    const parameters = (missing.json['errors'] as unknown as { parameter: string; detail: string }[]).map(
      ({ parameter }) => parameter,
    );
    expect(parameters.sort()).toEqual(['address', 'length']);
    expect((await send({ url: `${url}?address=4096&length=4` })).json['errors']).toMatchObject([
      { in: 'query', parameter: 'address' },
    ]);
  });
});

describe('PUT .../memory', () => {
  it('writes bytes and JSON', async () => {
    const at = `${url}?address=0x40001000`;
    const put = (payload: object | Buffer, headers = {}) =>
      send({ method: 'PUT', url: at, payload, headers });
    expect((await put(Buffer.from([1, 2, 3]), { 'content-type': BYTES })).status).toBe(204);
    expect((await put({ words: [WORDS.nop] })).status).toBe(204);
    expect((await send({ url: `${at}&length=4` })).json['hex']).toBe('1f2003d5');
    const nothing = await put({});
    expect(nothing.status).toBe(400);
    expect(nothing.json['detail']).toContain('words, hex, base64');
  });

  it('changes the instructions that run next', async () => {
    const vm = url.replace('/memory', '');
    // mov x0, #9 in place of mov x0, #3.
    await send({ method: 'PUT', url: `${url}?address=${RAM}`, payload: { words: ['d2800120'] } });
    const run = await send({
      method: 'POST',
      url: `${vm}/vcpus/0/runs?wait=10`,
      payload: { budget: { instructions: 3 }, collect: [{ kind: 'registers', names: ['x0'] }] },
    });
    expect(run.json).toMatchObject({
      end: { reason: 'budget-instructions' },
      collected: [{ values: { x0: '0x000000000000000d' } }],
    });
  });
});

describe('a device', () => {
  it.each(['physical', 'virtual'])('is not read or written as memory, by a %s address', async (space) => {
    const { json } = await send({ method: 'POST', url: '/v1/vms', payload: { board: { kind: 'virt' } } });
    const place = `/v1/vms/${json['id']}/memory?address=0x9000000&space=${space}`;
    for (const request of [
      { url: `${place}&length=4` },
      { method: 'PUT', url: place, payload: { hex: '41000000' } },
    ] as const) {
      const refused = await send(request);
      expect([refused.status, refused.json['code']]).toEqual([422, 'memory-not-mapped']);
      expect(refused.json['detail']).toContain("is a device's");
    }
  });
});
