/** Holds an answer against the OpenAPI document: operation, status, problem code, media type, headers, body. */
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { App } from '../../src/http/app-type.ts';

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
}
export interface ParameterObject {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}
export type Schema = { readonly [keyword: string]: unknown };
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

export function documentOf(app: App): Document {
  return app.swagger() as unknown as Document;
}

export function operationsOf(document: Document): Described[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

const validators = new WeakMap<
  App,
  { document: Document; ajv: Ajv2020; compiled: Map<string, ValidateFunction> }
>();

function validatorsOf(app: App) {
  const known = validators.get(app);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const document = documentOf(app);
  ajv.addSchema(document as object, 'openapi');
  const made = { document, ajv, compiled: new Map<string, ValidateFunction>() };
  validators.set(app, made);
  return made;
}

function pointerPart(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

function matches(template: string, path: string): boolean {
  const source = template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${source}$`).test(path);
}

/** The operation that a request is for; undefined when it is for none of the document. */
export function operationFor(document: Document, method: string, url: string): Described | undefined {
  const path = url.split('?')[0] ?? url;
  const found = operationsOf(document).filter(
    (described) => described.method === method.toLowerCase() && matches(described.path, path),
  );
  // A literal segment goes before a parameter.
  return found.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
}

/** Operations and statuses that were seen, for tests that ask whether all can be reached. */
export const seen = new Set<string>();

export function checkAnswer(app: App, request: InjectOptions, response: LightMyRequestResponse): void {
  const method = request.method ?? 'GET';
  const url = String(request.url);
  const about = `${method} ${url}`;
  const status = String(response.statusCode);
  expect(response.statusCode, `${about} is a fault of the service: ${response.body.slice(0, 500)}`).not.toBe(
    500,
  );
  const { document, ajv, compiled } = validatorsOf(app);
  const found = operationFor(document, method, url);
  if (found === undefined) return;
  const { path, operation } = found;
  seen.add(`${operation.operationId} ${status}`);
  const documented = operation.responses[status];
  expect(
    documented,
    `${about}: status ${status} is not documented (${response.body.slice(0, 300)})`,
  ).toBeDefined();
  if (documented?.content === undefined) {
    expect(response.body, `${about}: a body that is not documented`).toBe('');
    return;
  }
  const type = String(response.headers['content-type']).split(';')[0] ?? '';
  expect(Object.keys(documented.content), `${about}: media type`).toContain(type);
  if (!/[/+]json$/.test(type)) return;
  const pointer = `openapi#/paths/${pointerPart(path)}/${found.method}/responses/${status}/content/${pointerPart(type)}/schema`;
  let validate = compiled.get(pointer);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: encodeURI(pointer) });
    compiled.set(pointer, validate);
  }
  const body: unknown = response.json();
  expect(
    validate(body),
    `${about}: ${JSON.stringify(validate.errors?.slice(0, 3))} in ${response.body.slice(0, 500)}`,
  ).toBe(true);
  if (type === 'application/problem+json') {
    const { code, status: inBody } = body as { code: string; status: number };
    expect(inBody, about).toBe(response.statusCode);
    expect(documented.description, `${about}: problem code`).toContain(`\`${code}\``);
  }
}
