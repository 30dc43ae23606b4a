/**
 * Schema validation whose complaints a stranger understands. Bodies are taken as they are; only text of the URL and of
 * headers is turned into numbers and booleans. Nothing unknown is dropped in silence.
 */
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { explainNumber } from './codec.ts';
import { invalidRequest, type ProblemError } from './problems.ts';

/** Which part of the request a schema is for, as Fastify names it. */
type HttpPart = 'body' | 'querystring' | 'params' | 'headers';

const MAX_ERRORS = 20;
/** Bodies with more values than this are reported by their first error only: all of them could be millions. */
const MAX_VALUES = 2000;

const OPTIONS: Options = {
  verbose: true,
  allowUnionTypes: true,
  strictTypes: false,
  discriminator: true,
  validateFormats: false,
};

export interface ValidatorInput {
  readonly schema: unknown;
  readonly httpPart?: string;
}
type Validator = (data: unknown) => { value: unknown } | { error: Error };

/** A compiler for Fastify over the shared components. */
export function createValidatorCompiler(components: readonly object[]): (input: ValidatorInput) => Validator {
  const text = new Ajv({
    ...OPTIONS,
    coerceTypes: true,
    useDefaults: true,
    allErrors: true,
    schemas: [...components],
  });
  const body = new Ajv({ ...OPTIONS, schemas: [...components] });
  const bodyAll = new Ajv({ ...OPTIONS, allErrors: true, schemas: [...components] });

  return ({ schema, httpPart }) => {
    const part = httpPart as HttpPart;
    if (part !== 'body') return validator(text.compile(schema as object), part);
    const first = body.compile(schema as object);
    let all: ValidateFunction | undefined;
    return (given) => {
      const data = given ?? {};
      if (first(data)) return { value: data };
      if (!isSmall(data)) return failure(first.errors, part);
      all ??= bodyAll.compile(schema as object);
      all(data);
      return failure(all.errors, part);
    };
  };
}

function validator(validate: ValidateFunction, part: HttpPart): Validator {
  return (data) => (validate(data) ? { value: data } : failure(validate.errors, part));
}

function failure(errors: readonly ErrorObject[] | null | undefined, part: HttpPart): { error: Error } {
  return { error: invalidRequest(describe(errors ?? [], part)) };
}

/** Has a JSON value at most `MAX_VALUES` values in it? */
function isSmall(data: unknown): boolean {
  const rest = [data];
  for (let seen = 0; rest.length > 0; seen++) {
    if (seen + rest.length > MAX_VALUES) return false;
    const value = rest.pop();
    if (value !== null && typeof value === 'object') {
      const members = Object.values(value);
      if (seen + members.length > MAX_VALUES) return false;
      rest.push(...members);
    }
  }
  return true;
}

/** One entry for each place that is wrong: what alternatives of a schema say about it is put into one sentence. */
function describe(errors: readonly ErrorObject[], part: HttpPart): ProblemError[] {
  const places = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    // Why a name does not fit is said by the propertyNames error.
    if (error.propertyName !== undefined) continue;
    const group = places.get(error.instancePath);
    if (group === undefined) places.set(error.instancePath, [error]);
    else group.push(error);
  }
  const described = [...places].flatMap(([place, group]) => {
    const alternatives = group.some(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
    const deeper = alternatives && [...places.keys()].some((other) => other.startsWith(`${place}/`));
    return deeper ? [] : describePlace(group, alternatives).map((detail) => locate(detail, part));
  });
  return described.slice(0, MAX_ERRORS);
}

interface Detail {
  readonly pointer: string;
  readonly text: string;
}

function describePlace(group: readonly ErrorObject[], alternatives: boolean): Detail[] {
  const pointer = group[0]?.instancePath ?? '';
  for (const error of group) {
    const text = explainNumber((error.parentSchema as { title?: unknown } | undefined)?.title, error.data);
    if (text !== undefined) return [{ pointer, text }];
  }
  if (!alternatives) return group.filter(({ keyword }) => keyword !== 'if').map(describeError);
  const wanted = group.filter(({ keyword }) => keyword === 'type').map(({ params }) => params['type']);
  const others = group
    .filter(({ keyword }) => !['type', 'anyOf', 'oneOf'].includes(keyword))
    .map((error) => describeError(error).text);
  const text = others.length > 0 ? others.join(' Or: ') : `${show(group[0]?.data)} is not ${kinds(wanted)}.`;
  return [{ pointer, text }];
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'true or false',
  integer: 'an integer',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

/** JSON types in words. */
function kinds(types: readonly unknown[]): string {
  return types.map((type) => KINDS[String(type)] ?? String(type)).join(' or ');
}

function describeError(error: ErrorObject): Detail {
  const { instancePath: pointer, params, keyword, data } = error;
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: `${pointer}/${escapePointer(params['additionalProperty'])}`,
        text: `There is no such member here.${known(error)}`,
      };
    case 'required':
      return { pointer: `${pointer}/${escapePointer(params['missingProperty'])}`, text: 'This is missing.' };
    case 'propertyNames': {
      const { description } = error.schema as { description?: string };
      const known = description === undefined ? '' : `: ${description}`;
      return { pointer, text: `${show(params['propertyName'])} is no name that can be here${known}.` };
    }
    case 'pattern':
      return { pointer, text: `${show(data)} is not of the form ${params['pattern']}.` };
    case 'enum':
      return {
        pointer,
        text: `${show(data)} is none of ${(params['allowedValues'] as unknown[]).map((value) => show(value)).join(', ')}.`,
      };
    case 'const':
      return { pointer, text: `${show(data)} is not ${show(params['allowedValue'])}.` };
    case 'type':
      return { pointer, text: `${show(data)} is not ${kinds([params['type']].flat())}.` };
    case 'discriminator':
      return {
        pointer: `${pointer}/${params['tag']}`,
        text: `${show(params['tagValue'])} is no kind that can be here.`,
      };
    default:
      return { pointer, text: `${show(data)} ${error.message ?? 'is wrong'}.` };
  }
}

function known(error: ErrorObject): string {
  const members = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
  return members.length === 0 ? ' It takes none.' : ` Known are ${members.join(', ')}.`;
}

function locate({ pointer, text }: Detail, part: HttpPart): ProblemError {
  if (part === 'body') return { pointer: `#${pointer}`, detail: text };
  const place = part === 'querystring' ? 'query' : part === 'params' ? 'path' : 'header';
  return { in: place, parameter: pointer.split('/')[1] ?? '', detail: text };
}

const LONE_SURROGATES = /\p{Surrogate}/gu;

function escapePointer(name: string): string {
  const text = name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
  return encodeURI(text.replace(LONE_SURROGATES, '\ufffd'));
}

/** A value in a message: short, and never more than a line. */
function show(value: unknown): string {
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? 'An array' : 'An object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}
