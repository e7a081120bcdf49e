/** Which bytes of an object a read means: all, a `Range`, or one part. */
import type { StoredObject } from './bucket.ts';
import { queryValue, type S3Request } from './request.ts';
import { ServiceError } from './service-error.ts';

/** A stretch of an object, from `start` up to, not including, `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Whether the answer is 206 with a `content-range`. */
  readonly isPartial: boolean;
  /** The part that was asked for by its number. */
  readonly partNumber: number | null;
}

const RANGE = /^bytes=(\d*)-(\d*)$/;

function partNumberOf(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 10_000)
    throw new ServiceError('InvalidArgument', {
      message: 'Part number must be an integer between 1 and 10000, inclusive',
      elements: { ArgumentName: 'partNumber', ArgumentValue: text },
    });
  return number;
}

/** `partNumber` of the query; null when it is not there. */
export function queryPartNumber(request: S3Request): number | null {
  const text = queryValue(request, 'partNumber');
  return text === null ? null : partNumberOf(text);
}

/** A part's place; a plain object is its own part 1. */
function partStretch({ parts, size }: StoredObject, partNumber: number): Stretch {
  const sizes = parts?.map((part) => part.size) ?? [size];
  if (partNumber > sizes.length) throw new ServiceError('InvalidPartNumber', { elements: { ActualPartCount: sizes.length, PartNumberRequested: partNumber } });
  const start = sizes.slice(0, partNumber - 1).reduce((sum, one) => sum + one, 0);
  return { start, end: start + (sizes[partNumber - 1] as number), isPartial: true, partNumber };
}

/** A header that is no single byte range is ignored, as HTTP wants it. */
function rangeStretch(header: string, size: number): Stretch | null {
  const [, first = '', last = ''] = RANGE.exec(header.trim()) ?? [];
  if (first === '' && last === '') return null;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end)
    throw new ServiceError('InvalidRange', { elements: { RangeRequested: header, ActualObjectSize: size }, headers: { 'content-range': `bytes */${size}` } });
  return { start, end, isPartial: true, partNumber: null };
}

/** The bytes that a GET or HEAD means. */
export function requestedStretch(request: S3Request, object: StoredObject): Stretch {
  const partNumber = queryPartNumber(request);
  const range = request.headers.range;
  if (partNumber !== null && range !== undefined)
    throw new ServiceError('InvalidRequest', { message: 'Cannot specify both Range header and partNumber query parameter' });
  const whole = { start: 0, end: object.size, isPartial: false, partNumber: null };
  if (partNumber !== null) return partStretch(object, partNumber);
  return range === undefined ? whole : (rangeStretch(range, object.size) ?? whole);
}
