/** The process: configuration, store, service, app, listen; and an end that loses nothing. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { buildApp, DEFAULT_APP_OPTIONS, productVersion } from './app.ts';
import { systemClock } from './base/clock.ts';
import { type Config, ConfigError, readConfig, usage } from './config.ts';
import type { App } from './http/app-type.ts';
import { allowRelaxedSimd } from './relaxed-simd.ts';
import { createService } from './session/create-service.ts';
import type { Service } from './session/service.ts';
import { StoreError } from './store/errors.ts';
import { openStore } from './store/store.ts';

const EXIT_USAGE = 2;
const EXIT_FAILURE = 1;
/** Longest time that an orderly end may take before the process ends anyway. */
const STOP_MS = 10_000;
/** Longest time that answers in progress have once the service has stopped. */
const DRAIN_MS = 2_000;
const HOUR_MS = 3_600_000;

/** Keys of Idempotency-Key are kept for a time, then forgotten; looked after once an hour. */
function forgetOldKeys(service: Service): () => void {
  const forget = (): void => {
    const before = new Date(Date.now() - service.limits.idempotencySeconds * 1000);
    service.idempotency.expire(before).catch(() => {});
  };
  forget();
  const timer = setInterval(forget, HOUR_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * No new connections; streams end; guests stop, and whoever waits for a run is told; everything is stored and the
 * database closed; answers in progress are finished.
 */
function stopOnSignals(app: App, service: Service, stopTimers: () => void): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(EXIT_FAILURE);
    stopping = true;
    process.stderr.write(`guestdbg: ${signal}, stopping\n`);
    setTimeout(() => process.exit(EXIT_FAILURE), STOP_MS).unref();
    stopTimers();
    const closed = app.close();
    await service.close();
    setTimeout(() => app.server.closeAllConnections(), DRAIN_MS).unref();
    await closed;
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        process.stderr.write(`guestdbg: ${String(error)}\n`);
        process.exit(EXIT_FAILURE);
      });
    });
  }
}

async function serve(config: Config): Promise<void> {
  const ports = await openStore({ url: config.database });
  const service = await createService({
    ports,
    clock: systemClock,
    rng: { bytes: (count) => randomBytes(count) },
    limits: config.limits,
    engine: { threads: config.threads, tier: config.tier },
    semihostingDirectory: config.semihostingDirectory,
  });
  const app = await buildApp(
    { service, limits: config.limits },
    { ...DEFAULT_APP_OPTIONS, ...config, logLevel: config.logLevel },
  );
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await service.close();
    throw error;
  }
  service.startAhead();
  stopOnSignals(app, service, forgetOldKeys(service));
  const { address, port, family } = app.server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  process.stdout.write(
    `guestdbg ${productVersion()} listening on http://${host}:${port} (docs at /docs, database ${config.database})\n`,
  );
}

/** What a person at the terminal is to read about a start that failed. */
function explainStart(error: unknown): string {
  if (error instanceof StoreError) return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${message}. Another program listens there; choose another --port.`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `${message}. Choose another --host or --port.`;
  return stack ?? String(error);
}

try {
  const command = readConfig(process.argv.slice(2), process.env);
  if (command.kind === 'help') process.stdout.write(`${usage()}\n`);
  else if (command.kind === 'version') process.stdout.write(`${productVersion()}\n`);
  else {
    allowRelaxedSimd();
    await serve(command.config);
  }
} catch (error) {
  const mistake = error instanceof ConfigError;
  process.stderr.write(`guestdbg: ${mistake ? error.message : explainStart(error)}\n`);
  process.exit(mistake ? EXIT_USAGE : EXIT_FAILURE);
}
