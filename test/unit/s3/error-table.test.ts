import { describe, expect, it } from 'vitest';
import { retryClassOf } from '../../../emr-steps/s3/error-table.ts';

describe('retryClassOf', () => {
  it.each([
    ['SlowDown', 503, 'throttle'],
    ['SlowDown', 200, 'throttle'],
    ['ServiceUnavailable', 503, 'throttle'],
    ['TooManyRequests', 429, 'throttle'],
    ['Whatever', 503, 'throttle'],
    ['Whatever', 429, 'throttle'],
    ['InternalError', 500, 'transient'],
    ['InternalError', 200, 'transient'],
    ['RequestTimeout', 400, 'transient'],
    ['OperationAborted', 409, 'transient'],
    ['BadDigest', 400, 'transient'],
    ['Whatever', 500, 'transient'],
    ['BadGateway', 502, 'transient'],
    ['Whatever', 200, 'transient'],
    ['Whatever', 408, 'transient'],
    ['ConnectionReset', 0, 'transient'],
    ['Timeout', 0, 'transient'],
    ['TruncatedBody', 200, 'transient'],
    ['AccessDenied', 403, 'final'],
    ['AccessDenied', 200, 'final'],
    ['NoSuchUpload', 200, 'final'],
    ['NoSuchKey', 404, 'final'],
    ['PreconditionFailed', 412, 'final'],
    ['NotImplemented', 501, 'final'],
    ['Whatever', 501, 'final'],
    ['PermanentRedirect', 301, 'final'],
    ['TlsFailure', 0, 'final'],
  ])('calls %s with status %i %s', (code, status, retryClass) => {
    expect(retryClassOf(code, status)).toBe(retryClass);
  });
});
