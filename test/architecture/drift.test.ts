/** Committed files that are generated are what their sources generate. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { INSTRUCTIONS_FILE, instructionsText } from '../../scripts/generate-instructions.ts';
import { OPENAPI_FILE, openapiText } from '../../scripts/generate-openapi.ts';

it('openapi/openapi.json is what the routes say: npm run generate', async () => {
  expect(readFileSync(OPENAPI_FILE, 'utf8')).toBe(await openapiText());
});

it('docs/instructions.md is what the decode rows say: npm run generate', () => {
  expect(readFileSync(INSTRUCTIONS_FILE, 'utf8')).toBe(instructionsText());
});
