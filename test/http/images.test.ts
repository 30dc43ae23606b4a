import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { WORDS } from './guests.ts';
import { useServer } from './server.ts';

const { send } = useServer({ limits: { imageBytes: 10_000 } });
const BYTES = 'application/octet-stream';
const NOPS = Buffer.from('1f2003d51f2003d5', 'hex');
const NOPS_ID = `img_${createHash('sha256').update(NOPS).digest('hex')}`;

function form(parts: readonly [name: string, value: string | Buffer][]) {
  const boundary = 'thirty-two-dashes';
  const pieces = parts.flatMap(([name, value]) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${typeof value === 'string' ? '' : '; filename="guest.bin"'}\r\n\r\n`,
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  return {
    payload: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

const upload = (request: {
  payload: object | Buffer;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}) => send({ method: 'POST', url: '/v1/images', ...request });

describe('POST /v1/images', () => {
  it('takes bytes, a form, words, hexadecimal and base64, and finds that they are the same', async () => {
    const answers = [
      await upload({
        payload: NOPS,
        headers: { 'content-type': BYTES },
        query: { kind: 'raw', name: 'nops' },
      }),
      await upload(
        form([
          ['kind', 'raw'],
          ['name', 'nops'],
          ['file', NOPS],
        ]),
      ),
      await upload({ payload: { kind: 'raw', words: [WORDS.nop, `0x${WORDS.nop}`] } }),
      await upload({ payload: { kind: 'raw', words: [0xd503201f, 0xd503201f] } }),
      await upload({ payload: { kind: 'raw', hex: NOPS.toString('hex') } }),
      await upload({ payload: { kind: 'raw', base64: NOPS.toString('base64') } }),
    ];
    for (const { status, json, headers } of answers) {
      expect(status).toBe(201);
      expect(json).toMatchObject({ id: NOPS_ID, kind: 'raw', size: 8 });
      expect(headers['location']).toBe(`/v1/images/${NOPS_ID}`);
    }
    const back = await send({ url: `/v1/images/${NOPS_ID}`, headers: { accept: BYTES } });
    expect(back.bytes.equals(NOPS)).toBe(true);
    expect((await send({ url: '/v1/images' })).json['items']).toHaveLength(1);
    expect((await send({ url: `/v1/images/${NOPS_ID}/symbols` })).json).toEqual({ items: [], next: null });
  });

  it('refuses what is too large, whichever way it comes', async () => {
    const large = Buffer.alloc(10_001);
    for (const request of [
      { payload: large, headers: { 'content-type': BYTES } },
      form([['file', large]]),
      { payload: { hex: large.toString('hex') } },
      { payload: Buffer.alloc(200_000), headers: { 'content-type': BYTES } },
    ]) {
      const { status, json } = await upload(request);
      expect(status).toBe(413);
      expect(['image-too-large', 'body-too-large']).toContain(json['code']);
    }
  });

  it.each([
    ['an empty body', { payload: Buffer.alloc(0), headers: { 'content-type': BYTES } }, 400],
    ['no bytes', { payload: { name: 'empty' } }, 400],
    ['an unknown kind', { payload: { kind: 'wasm', words: [WORDS.nop] } }, 400],
    ['a word that is none', { payload: { words: ['nop'] } }, 400],
    ['ELF that is none', { payload: { kind: 'elf', words: [WORDS.nop] } }, 422],
    ['a form without a file', form([['name', 'nothing']]), 400],
    [
      'a form with another field',
      form([
        ['file', NOPS],
        ['colour', 'red'],
      ]),
      400,
    ],
    [
      'a form without end',
      { payload: Buffer.from('--x\r\n'), headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      400,
    ],
    [
      'a form without boundary',
      { payload: Buffer.from('x'), headers: { 'content-type': 'multipart/form-data' } },
      400,
    ],
  ])('refuses %s', async (_what, request, expected) => {
    expect((await upload(request)).status).toBe(expected);
  });

  it('does not do the same form twice under one key', async () => {
    const one = form([
      ['kind', 'raw'],
      ['file', Buffer.from('00000014', 'hex')],
    ]);
    const keyed = { ...one, headers: { ...one.headers, 'idempotency-key': 'upload-1' } };
    const first = await upload(keyed);
    const second = await upload(keyed);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.json).toEqual(first.json);
  });
});

describe('DELETE /v1/images/{image}', () => {
  it('is 409 while a VM needs it, then 204, then 404', async () => {
    const { json } = await upload({ payload: { kind: 'raw', words: [WORDS.spin, WORDS.nop] } });
    const url = `/v1/images/${json['id']}`;
    const vm = await send({
      method: 'POST',
      url: '/v1/vms',
      payload: { load: [{ image: json['id'], address: '0x40000000' }] },
    });
    expect(vm.json['images']).toEqual([json['id']]);
    const busy = await send({ method: 'DELETE', url });
    expect(busy.status).toBe(409);
    expect(busy.json['code']).toBe('image-in-use');
    await send({ method: 'DELETE', url: `/v1/vms/${vm.json['id']}` });
    expect((await send({ method: 'DELETE', url })).status).toBe(204);
    expect((await send({ url })).json['code']).toBe('image-not-found');
  });
});
