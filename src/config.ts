/**
 * Typed configuration from flags and environment. Every flag has a variable: `--allowed-host` is
 * GUESTDBG_ALLOWED_HOST; flags go before. What is wrong is said in one sentence per mistake.
 */
import { realpathSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isIP } from 'node:net';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DEFAULT_APP_OPTIONS } from './app.ts';
import type { Token } from './http/plugins/security.ts';
import type { Tier } from './session/types.ts';
import { DEFAULT_TIER, TIERS } from './session/vm-config.ts';
import { LIMIT_ROWS, type LimitName, type Limits, limitsWith } from './session/limits.ts';

export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Path or `file:` URL; `:memory:` keeps nothing. */
  readonly database: string;
  readonly tokens: readonly Token[];
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly threads: number;
  readonly tier: Tier;
  readonly requestsPerSecond: number;
  readonly logLevel: LogLevel;
  readonly limits: Limits;
  /** Absolute, without symbolic links; null: guests have no files. */
  readonly semihostingDirectory: string | null;
}

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Configuration that cannot be used: all mistakes, for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

interface Flag {
  readonly value: string;
  readonly about: string;
  readonly multiple?: boolean;
}

const FLAGS: Readonly<Record<string, Flag>> = {
  host: { value: 'ADDRESS', about: 'address to listen at (127.0.0.1); others than loopback need a token' },
  port: { value: 'NUMBER', about: 'port to listen at (8080); 0 takes a free one' },
  database: {
    value: 'FILE',
    about:
      'SQLite database, made when missing in a directory that exists (guestdbg.db); :memory: keeps nothing',
  },
  token: { value: 'TEXT', about: 'bearer token with full access, at least 16 characters', multiple: true },
  'read-only-token': { value: 'TEXT', about: 'bearer token that may only read', multiple: true },
  'allowed-host': {
    value: 'NAME',
    about: 'name that the Host header may have beside localhost and IP addresses',
    multiple: true,
  },
  'allowed-origin': {
    value: 'ORIGIN',
    about: 'origin of web pages that may call, such as https://ide.example',
    multiple: true,
  },
  threads: { value: 'NUMBER', about: 'engine threads (one for each processor)' },
  tier: {
    value: 'TIER',
    about: `how VMs that do not say execute instructions: ${TIERS.join(', ')} (${DEFAULT_TIER})`,
  },
  'requests-per-second': {
    value: 'NUMBER',
    about: `for each client address (${DEFAULT_APP_OPTIONS.requestsPerSecond}); 0 for no limit`,
  },
  limit: { value: 'NAME=NUMBER', about: 'another value for a limit that GET /v1 shows', multiple: true },
  'semihosting-directory': {
    value: 'DIR',
    about: 'guests with semihosting may read and write files below it (none)',
  },
  'log-level': { value: 'LEVEL', about: `${LOG_LEVELS.join(', ')} (warn)` },
};

export function variableOf(flag: string): string {
  return `GUESTDBG_${flag.toUpperCase().replaceAll('-', '_')}`;
}

export function usage(): string {
  const rows = Object.entries(FLAGS).map(([name, { value, about, multiple }]) => {
    const head = `  --${name} ${value}`;
    return `${head.padEnd(34)}${about}${multiple === true ? '; may be given several times' : ''}`;
  });
  return [
    'guestdbg: KVM guest debug over REST, on emulated arm64 machines',
    '',
    'Usage: npm start -- [flags]',
    '',
    ...rows,
    '  --version                       print the version',
    '  --help                          print this',
    '',
    `Each flag has an environment variable, for example ${variableOf('allowed-host')}; lists have commas between.`,
  ].join('\n');
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly config: Config };

/** Texts by flag, in the order given; an empty list when it is not. */
type Given = (flag: string) => readonly string[];

function parseFlags(argv: readonly string[]): Record<string, unknown> {
  const options: NonNullable<ParseArgsConfig['options']> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  };
  for (const name of Object.keys(FLAGS)) options[name] = { type: 'string', multiple: true };
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\n--help lists the flags.`);
  }
}

function givenIn(values: Record<string, unknown>, env: NodeJS.ProcessEnv): Given {
  return (flag) => {
    const fromFlags = values[flag] as string[] | undefined;
    if (fromFlags !== undefined) return fromFlags;
    const variable = env[variableOf(flag)];
    if (variable === undefined || variable === '') return [];
    return FLAGS[flag]?.multiple === true ? variable.split(',').map((text) => text.trim()) : [variable];
  };
}

export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Command {
  const values = parseFlags(argv);
  if (values['help'] === true) return { kind: 'help' };
  if (values['version'] === true) return { kind: 'version' };
  const given = givenIn(values, env);
  const mistakes: string[] = [];
  const config: Config = {
    host: given('host').at(-1) ?? '127.0.0.1',
    port: wholeNumber(given, 'port', 8080, 65_535, mistakes),
    database: given('database').at(-1) ?? 'guestdbg.db',
    tokens: tokensOf(given, mistakes),
    allowedHosts: given('allowed-host').map((name) => name.toLowerCase()),
    allowedOrigins: originsOf(given, mistakes),
    threads: Math.max(1, wholeNumber(given, 'threads', availableParallelism(), 256, mistakes)),
    requestsPerSecond: wholeNumber(
      given,
      'requests-per-second',
      DEFAULT_APP_OPTIONS.requestsPerSecond,
      1e9,
      mistakes,
    ),
    tier: choiceOf(given, 'tier', TIERS, DEFAULT_TIER, mistakes),
    logLevel: choiceOf(given, 'log-level', LOG_LEVELS, 'warn', mistakes),
    limits: limitsOf(given, mistakes),
    semihostingDirectory: directoryOf(given, mistakes),
  };
  if (!isLoopback(config.host) && config.tokens.length === 0) {
    mistakes.push(
      `--host ${config.host} can be reached from other machines, so a token is needed: give --token TEXT or ${variableOf('token')}, or listen at 127.0.0.1.`,
    );
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
  return { kind: 'serve', config };
}

/** Can only this machine reach the address? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function wholeNumber(
  given: Given,
  flag: string,
  fallback: number,
  greatest: number,
  mistakes: string[],
): number {
  const text = given(flag).at(-1);
  if (text === undefined) return fallback;
  if (/^[0-9]{1,15}$/.test(text) && Number(text) <= greatest) return Number(text);
  mistakes.push(`--${flag} is ${JSON.stringify(text)}; it is a whole number from 0 to ${greatest}.`);
  return fallback;
}

const SHORTEST_TOKEN = 16;

function tokensOf(given: Given, mistakes: string[]): Token[] {
  const tokens = [
    ...given('token').map((value) => ({ value, readOnly: false })),
    ...given('read-only-token').map((value) => ({ value, readOnly: true })),
  ];
  if (tokens.some(({ value }) => value.length < SHORTEST_TOKEN || !/^[\x21-\x7e]+$/.test(value))) {
    mistakes.push(
      `A token has at least ${SHORTEST_TOKEN} visible ASCII characters and no space; "openssl rand -hex 24" makes one.`,
    );
  }
  if (new Set(tokens.map(({ value }) => value)).size < tokens.length)
    mistakes.push('The same token is given twice.');
  return tokens;
}

function originsOf(given: Given, mistakes: string[]): string[] {
  return given('allowed-origin').map((text) => {
    const origin = URL.canParse(text) ? new URL(text).origin : 'null';
    if (origin === 'null')
      mistakes.push(
        `--allowed-origin ${JSON.stringify(text)} is no origin; one looks like https://ide.example.`,
      );
    return origin;
  });
}

function choiceOf<const T extends string>(
  given: Given,
  flag: string,
  choices: readonly T[],
  fallback: NoInfer<T>,
  mistakes: string[],
): T {
  const text = given(flag).at(-1) ?? fallback;
  const choice = choices.find((known) => known === text);
  if (choice === undefined)
    mistakes.push(`--${flag} is ${JSON.stringify(text)}; it is one of ${choices.join(', ')}.`);
  return choice ?? fallback;
}

function directoryOf(given: Given, mistakes: string[]): string | null {
  const text = given('semihosting-directory').at(-1);
  if (text === undefined) return null;
  if (statSync(text, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(text);
  mistakes.push(`--semihosting-directory ${JSON.stringify(text)} is no directory; make it first.`);
  return null;
}

function limitsOf(given: Given, mistakes: string[]): Limits {
  const changes: Partial<Record<LimitName, number>> = {};
  for (const text of given('limit')) {
    const [, name = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(text) ?? [];
    if (!Object.hasOwn(LIMIT_ROWS, name)) {
      mistakes.push(
        `--limit ${JSON.stringify(text)} is not NAME=NUMBER with a NAME of ${Object.keys(LIMIT_ROWS).join(', ')}.`,
      );
    } else if (/^[0-9]{1,15}$/.test(value)) changes[name as LimitName] = Number(value);
    else
      mistakes.push(
        `--limit ${JSON.stringify(text)}: ${JSON.stringify(value)} is no whole number of at most 15 digits.`,
      );
  }
  return limitsWith(changes);
}
