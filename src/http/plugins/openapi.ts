/** The OpenAPI 3.1 document, made from the route schemas, and the page that shows it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from '../app-type.ts';

const TAGS = [
  { name: 'service', description: 'What this service is, its health, its problem codes.' },
  { name: 'capabilities', description: 'KVM_CHECK_EXTENSION, and the hosts that can be emulated.' },
  { name: 'images', description: 'ELF, Linux, raw and initrd images, stored by content.' },
  { name: 'vms', description: 'Virtual machines.' },
  { name: 'vcpus', description: 'Virtual CPUs and the ioctls that drive them.' },
  { name: 'guest debug', description: 'KVM_SET_GUEST_DEBUG: breakpoints, watchpoints, single-step.' },
  { name: 'registers', description: 'Registers by name and by KVM id.' },
  { name: 'memory', description: 'Guest memory.' },
  { name: 'runs', description: 'KVM_RUN, and what it returned.' },
  { name: 'events', description: 'Server-sent events.' },
  { name: 'sessions', description: 'Debug sessions and the exit history.' },
];

const DESCRIPTION = `Emulated arm64 VMs with KVM's guest-debug contract.

- **64-bit values** are strings: \`0x\` and 16 digits (32-bit ones 8). Input takes \`0x\` strings and JSON integers, never bare digit strings.
- **Problems** are RFC 9457 documents with a stable \`code\`; \`GET /v1/problems\` lists all.
- **Runs** are resources: start one, wait as often and as long as you like, read it after it has ended.
- **Events** have one durable sequence; streams and lists resume from any position in it.
- **Changes** can be made conditional with \`If-Match\`; POST requests that create or run take an \`Idempotency-Key\`.`;

/** Call before any route is declared. */
export async function installOpenapi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'guestdbg',
        version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as { name: string },
      },
      // Relative, so that "Try it out" at /docs asks the service that showed the page, at whatever port or proxy.
      servers: [{ url: '/', description: 'The service that this document comes from.' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'Asked for when the service was started with tokens.',
          },
        },
      },
      security: [{}, { token: [] }],
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) =>
        typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`,
    },
  });
}

/** The document and the page. Both are open: they hold nothing that is not in the source. */
export async function installDocs(app: App): Promise<void> {
  const config = { open: true, produces: [] };
  app.get('/openapi.json', { config, schema: { hide: true } }, async () => app.swagger());
  app.get('/', { config, schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'));
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...config };
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      // BaseLayout: the document alone, without the bar that has a logo and loads other documents.
      uiConfig: {
        docExpansion: 'none',
        tryItOutEnabled: true,
        displayRequestDuration: true,
        layout: 'BaseLayout',
      },
      theme: { title: 'guestdbg' },
      staticCSP: DOCS_CSP,
    });
  });
}

/** Nothing from other hosts, and no upgrade to TLS that the service does not speak. */
const DOCS_CSP =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
