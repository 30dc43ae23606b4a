/** multipart/form-data of an upload, read into a plain body before it is validated. */
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { ImageKind } from '../../session/types.ts';
import { HttpProblem } from '../problems.ts';
import { FORM_TYPE, mediaType } from './content.ts';

export interface UploadForm {
  readonly file: Uint8Array;
  readonly name?: string;
  readonly kind?: ImageKind;
}

/** The body of a form: text of its fields, and the bytes of its one file. Other requests are left alone. */
export async function readForm(request: FastifyRequest, fileSize: number): Promise<void> {
  if (mediaType(request.headers['content-type']) !== FORM_TYPE) return;
  const body: Record<string, unknown> = {};
  try {
    for await (const part of request.parts({
      limits: { fileSize, files: 1, fields: 8, fieldSize: 4096, parts: 9 },
    })) {
      body[part.fieldname] = part.type === 'file' ? await fileBytes(part) : fieldText(part);
    }
  } catch (error) {
    if (error instanceof HttpProblem || (error as { code?: string }).code?.startsWith('FST_') === true)
      throw error;
    throw new HttpProblem('body-malformed', `The form cannot be read: ${(error as Error).message}.`);
  }
  request.body = body;
}

async function fileBytes(part: MultipartFile): Promise<Uint8Array> {
  return part.toBuffer();
}

function fieldText(part: Extract<Multipart, { type: 'field' }>): string {
  return String(part.value);
}
