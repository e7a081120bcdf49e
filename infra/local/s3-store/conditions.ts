/** Preconditions of reads, writes and copy sources. */
import type { ObjectVersion, StoredObject } from './bucket.ts';
import { ServiceError } from './service-error.ts';

/** Whether an `If-Match` or `If-None-Match` list names this ETag; quotes may be left out, as S3 allows. */
function names(list: string, etag: string): boolean {
  return list.split(',').some((one) => {
    const name = one.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
    return name === '*' || name === etag;
  });
}

/** Four headers, each undefined when it was not sent. */
export interface Preconditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** The preconditions of a read, or with the prefix `x-amz-copy-source-` those of a copy's source. */
export function preconditions(headers: Headers, prefix = ''): Preconditions {
  return {
    ifMatch: headers[`${prefix}if-match`],
    ifNoneMatch: headers[`${prefix}if-none-match`],
    ifModifiedSince: headers[`${prefix}if-modified-since`],
    ifUnmodifiedSince: headers[`${prefix}if-unmodified-since`],
  };
}

/** Undefined for no date at all, which is as if the header were not there. */
function moment(header: string | undefined): number | undefined {
  const parsed = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The first condition that fails, by name; null when all hold. A matching ETag settles the date beside it (RFC 9110, section 13.2.2). */
function failed(given: Preconditions, object: StoredObject): 'match' | 'none-match' | null {
  const since = moment(given.ifModifiedSince);
  const until = moment(given.ifUnmodifiedSince);
  if (given.ifMatch !== undefined ? !names(given.ifMatch, object.etag) : until !== undefined && object.lastModified > until) return 'match';
  if (given.ifNoneMatch !== undefined ? names(given.ifNoneMatch, object.etag) : since !== undefined && object.lastModified <= since) return 'none-match';
  return null;
}

function preconditionFailed(condition: string): ServiceError {
  return new ServiceError('PreconditionFailed', { elements: { Condition: condition } });
}

/** A read: 412 where the object is not the one that was meant, 304 where the reader has it already. */
export function checkRead(given: Preconditions, object: StoredObject, headers: Readonly<Record<string, string>>): void {
  const failure = failed(given, object);
  if (failure === 'match') throw preconditionFailed(given.ifMatch === undefined ? 'If-Unmodified-Since' : 'If-Match');
  if (failure === 'none-match') throw new ServiceError('NotModified', { headers });
}

/** The source of a copy: every failure is 412. */
export function checkCopySource(given: Preconditions, object: StoredObject): void {
  const failure = failed(given, object);
  if (failure !== null) throw preconditionFailed(failure === 'match' ? 'x-amz-copy-source-If-Match' : 'x-amz-copy-source-If-None-Match');
}

/**
 * A write: `If-None-Match: *` where nothing may be there, `If-Match` where a certain object must be (404 where there is none).
 * To be called right before the write, with nothing awaited in between.
 */
export function checkWrite(headers: Headers, current: ObjectVersion | null): void {
  const { ifMatch, ifNoneMatch } = preconditions(headers);
  const object = current?.kind === 'object' ? current : null;
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*')
    throw new ServiceError('NotImplemented', {
      message: 'A header you provided implies functionality that is not implemented',
      elements: { Header: 'If-None-Match' },
    });
  if (ifNoneMatch !== undefined && object !== null) throw preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (object === null) throw new ServiceError('NoSuchKey');
  if (!names(ifMatch, object.etag)) throw preconditionFailed('If-Match');
}
