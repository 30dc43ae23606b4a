/** /metrics: Prometheus text about requests, the service and the process. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Service } from '../../session/service.ts';
import type { Api, App } from '../app-type.ts';

type Stats = ReturnType<Service['stats']>;

const GAUGES: Readonly<Record<keyof Stats, string>> = {
  vms: 'VMs that exist',
  running: 'VMs that are running',
  vcpus: 'vcpus of all VMs',
  memoryBytes: 'Guest RAM of all VMs',
  engineThreads: 'Engine threads',
  exitsStored: 'Exits stored since the service started',
  subscribers: 'Open event streams',
  instructions: 'Guest instructions retired since the service started',
};

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function serviceGauges(registry: Registry, api: Api): void {
  for (const [name, help] of Object.entries(GAUGES) as [keyof Stats, string][]) {
    new Gauge({
      name: `guestdbg_${snakeCase(name)}`,
      help,
      registers: [registry],
      collect() {
        this.set(api.service.stats()[name]);
      },
    });
  }
}

export function installMetrics(app: App, api: Api): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  serviceGauges(registry, api);
  const requests = new Counter({
    name: 'guestdbg_http_requests_total',
    help: 'Answered requests',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'guestdbg_http_request_seconds',
    help: 'Time from request to the end of the answer',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    requests.inc({ method: request.method, route, status: reply.statusCode });
    seconds.observe({ method: request.method, route }, reply.elapsedTime / 1000);
  });
  app.get(
    '/metrics',
    { config: { produces: ['text/plain'] }, schema: { hide: true } },
    async (_request, reply) => {
      reply.type(registry.contentType);
      return registry.metrics();
    },
  );
}
