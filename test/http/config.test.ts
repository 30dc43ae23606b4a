import { describe, expect, it } from 'vitest';
import { ConfigError, isLoopback, readConfig, usage, variableOf } from '../../src/config.ts';

function serve(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const command = readConfig(argv, env);
  if (command.kind !== 'serve') throw new Error(`it is ${command.kind}`);
  return command.config;
}

function mistakes(argv: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  try {
    readConfig(argv, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  return '';
}

const TOKEN = 'sixteen-characters-or-more';

describe('configuration', () => {
  it('listens on loopback by default', () => {
    expect(serve([])).toMatchObject({ host: '127.0.0.1', port: 8080, database: 'guestdbg.db', tokens: [] });
  });

  it('takes flags before variables', () => {
    const env = { GUESTDBG_PORT: '1', GUESTDBG_ALLOWED_HOST: 'a.example, B.example', GUESTDBG_TOKEN: TOKEN };
    expect(serve(['--port', '2'], env)).toMatchObject({
      port: 2,
      allowedHosts: ['a.example', 'b.example'],
      tokens: [{ value: TOKEN, readOnly: false }],
    });
    expect(serve([], env).port).toBe(1);
  });

  it('names the tier of VMs that name none', () => {
    expect(serve([]).tier).toBe('auto');
    expect(serve(['--tier', 'interpreter'], { GUESTDBG_TIER: 'jit' }).tier).toBe('interpreter');
    expect(serve([], { GUESTDBG_TIER: 'jit' }).tier).toBe('jit');
    expect(mistakes(['--tier', 'fast'])).toBe('--tier is "fast"; it is one of interpreter, jit, auto.');
  });

  it('needs a token to be reached from other machines', () => {
    expect(mistakes(['--host', '0.0.0.0'])).toMatch(/token/);
    expect(serve(['--host', '0.0.0.0', '--token', TOKEN]).host).toBe('0.0.0.0');
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
      expect(isLoopback(host), host).toBe(true);
    for (const host of ['0.0.0.0', '::', '192.168.1.2', '127.evil.example', ''])
      expect(isLoopback(host), host).toBe(false);
  });

  it('names every mistake at once', () => {
    const text = mistakes([
      '--port',
      'http',
      '--token',
      'short',
      '--log-level',
      'loud',
      '--limit',
      'cats=9',
      '--allowed-origin',
      'ide',
    ]);
    for (const word of ['--port', 'token', '--log-level', '--limit', '--allowed-origin'])
      expect(text).toContain(word);
    expect(mistakes(['--prot', '1'])).toContain('--prot');
    expect(mistakes(['serve'])).toContain('serve');
    expect(mistakes(['--port', '70000'])).toContain('65535');
  });

  it('says which part of a limit is wrong', () => {
    expect(() => serve(['--limit', 'vms=abc'])).toThrow('"vms=abc": "abc" is no whole number');
    expect(() => serve(['--limit', 'vcpu=3'])).toThrow('not NAME=NUMBER with a NAME of ');
  });
  it('changes limits by name', () => {
    expect(serve(['--limit', 'vms=3', '--limit', 'streams=4']).limits).toMatchObject({
      vms: 3,
      streams: 4,
      vcpusPerVm: 16,
    });
  });

  it('documents every flag', () => {
    expect(readConfig(['--help'], {}).kind).toBe('help');
    expect(readConfig(['--version'], {}).kind).toBe('version');
    for (const flag of ['host', 'port', 'database', 'token', 'read-only-token', 'limit'])
      expect(usage()).toContain(`--${flag} `);
    expect(variableOf('read-only-token')).toBe('GUESTDBG_READ_ONLY_TOKEN');
  });
});
