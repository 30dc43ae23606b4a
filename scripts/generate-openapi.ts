/** Writes openapi/openapi.json from the route schemas. The same sources give the same bytes; no service is running. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildApp, DEFAULT_APP_OPTIONS } from '../src/app.ts';
import { InternalError } from '../src/base/assert.ts';
import { limitsWith } from '../src/session/limits.ts';

/** The text of the document, as it is committed. */
export async function openapiText(): Promise<string> {
  const context = {
    get service(): never {
      throw new InternalError('the document is made without a service');
    },
    limits: limitsWith({}),
  };
  const app = await buildApp(context, DEFAULT_APP_OPTIONS);
  await app.ready();
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return text;
}

export const OPENAPI_FILE = fileURLToPath(new URL('../openapi/openapi.json', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OPENAPI_FILE, await openapiText());
