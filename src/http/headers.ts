/** Request headers that carry conditions and wishes: If-Match, Prefer, Range, Accept. Pure functions on their text. */
import { invalidParameter } from './problems.ts';

/** The strong entity tag of a version. */
export function etag(version: number): string {
  return `"${version}"`;
}

/**
 * What If-Match asks for: undefined for no condition (`*` is none on what exists), else the versions that would do.
 * A weak or foreign tag never matches, so it contributes no version. RFC 9110, If-Match.
 */
export function ifMatch(header: string | undefined): readonly number[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const tags = header.split(',').map((tag) => tag.trim());
  if (tags.some((tag) => !/^(W\/)?"[^"]*"$/.test(tag))) {
    throw invalidParameter(
      'header',
      'if-match',
      'If-Match is an ETag of an earlier answer with its quotes, such as "3", or *.',
    );
  }
  return tags.flatMap((tag) => (/^"(0|[1-9][0-9]{0,14})"$/.test(tag) ? [Number(tag.slice(1, -1))] : []));
}

/** Seconds of `Prefer: wait=N`, undefined without the preference. Other preferences are ignored. RFC 7240. */
export function preferWait(header: string | readonly string[] | undefined): number | undefined {
  const text = typeof header === 'string' ? header : header?.join(',');
  const found = text === undefined ? null : /(?:^|[,;\s])wait\s*=\s*"?([0-9]{1,9})"?(?=$|[,;\s])/i.exec(text);
  return found === null ? undefined : Number(found[1]);
}

export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** Last byte, inclusive. */
  readonly end: number;
}

/**
 * One byte range of a representation of `length` bytes. Undefined: there is none to honour (other units and several
 * ranges are ignored, as RFC 9110 allows). `unsatisfiable`: the range lies outside.
 */
export function byteRange(
  header: string | undefined,
  length: number,
): ByteRange | undefined | 'unsatisfiable' {
  const found = header === undefined ? null : /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(header.trim());
  if (found === null) return undefined;
  const [, from = '', to = ''] = found;
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const last = Math.min(Number(to), length);
    return last === 0 ? 'unsatisfiable' : { start: length - last, end: length - 1 };
  }
  const start = Number(from);
  const end = to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (to !== '' && Number(to) < start) return undefined;
  return start >= length ? 'unsatisfiable' : { start, end };
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

function mediaRanges(accept: string): MediaRange[] {
  return accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = q === undefined ? 1 : Number(q.slice(2));
    return { type, quality: Number.isFinite(quality) ? quality : 0 };
  });
}

/** How specific a media range is for a type: 0 not at all, 1 star, 2 type, 3 exact. */
function specificity(range: string, type: string): number {
  if (range === type) return 3;
  if (range === `${type.slice(0, type.indexOf('/'))}/*`) return 2;
  return range === '*/*' ? 1 : 0;
}

/**
 * The offered media type that the client likes best; the first one when it does not care; undefined when none will
 * do. RFC 9110, Accept.
 */
export function negotiate<T extends string>(
  accept: string | undefined,
  offered: readonly T[],
): T | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = mediaRanges(accept);
  let best: T | undefined;
  let bestQuality = 0;
  for (const type of offered) {
    let quality = 0;
    let precise = 0;
    for (const range of ranges) {
      const fit = specificity(range.type, type);
      if (fit > precise) {
        precise = fit;
        quality = range.quality;
      }
    }
    if (quality > bestQuality) {
      best = type;
      bestQuality = quality;
    }
  }
  return best;
}
