/** Stored history as lines of JSON or as CSV, read page by page so that any length passes through little memory. */
import { Readable } from 'node:stream';
import type { TimelineEvent } from '../session/types.ts';
import { hex64 } from './codec.ts';

const BATCH = 1000;

/** Events after a sequence, at most so many. */
export type ReadPage<T> = (after: number, limit: number) => Promise<readonly T[]>;

const COLUMNS = [
  'sequence',
  'at',
  'kind',
  'session',
  'vm',
  'run',
  'vcpu',
  'exitReason',
  'cause',
  'slot',
  'pc',
] as const satisfies readonly (keyof TimelineEvent)[];

/** A field of RFC 4180, with a guard against text that a spreadsheet would take for a formula. */
function csvField(value: string | number | bigint | Date | null): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return hex64(value);
  const text = String(value);
  const safe = /^[=+@-]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`;

export function csvRow(event: TimelineEvent): string {
  return `${COLUMNS.map((column) => csvField(event[column])).join(',')}\r\n`;
}

async function* lines<T extends TimelineEvent>(
  read: ReadPage<T>,
  after: number,
  limit: number,
  head: string,
  line: (event: T) => string,
): AsyncGenerator<string> {
  if (head !== '') yield head;
  let position = after;
  let left = limit;
  while (left > 0) {
    const wanted = Math.min(BATCH, left);
    const events = await read(position, wanted);
    if (events.length > 0) yield events.map(line).join('');
    if (events.length < wanted) return;
    position = events.at(-1)?.sequence ?? position;
    left -= events.length;
  }
}

/** The body of an export. */
export function exportStream<T extends TimelineEvent>(
  read: ReadPage<T>,
  after: number,
  limit: number,
  head: string,
  line: (event: T) => string,
): Readable {
  return Readable.from(lines(read, after, limit, head, line), { objectMode: false });
}
