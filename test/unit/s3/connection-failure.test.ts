import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../emr-steps/s3/connection-failure.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import { TimeLimitError } from '../../../emr-steps/s3/time-limit.ts';

const REQUEST = { operation: 'PutObject', method: 'PUT', key: 'k' } as const;

function coded(code: string): Error {
  return Object.assign(new Error(`it was ${code}`), { code });
}

describe('failureOf', () => {
  it.each([
    ['ECONNRESET', 'ConnectionReset', 'transient'],
    ['EPIPE', 'ConnectionReset', 'transient'],
    ['UND_ERR_SOCKET', 'ConnectionReset', 'transient'],
    ['ECONNREFUSED', 'ConnectionRefused', 'transient'],
    ['ENOTFOUND', 'NameNotResolved', 'transient'],
    ['EAI_AGAIN', 'NameNotResolved', 'transient'],
    ['ENETUNREACH', 'ConnectionFailed', 'transient'],
    ['ETIMEDOUT', 'Timeout', 'transient'],
    ['UND_ERR_CONNECT_TIMEOUT', 'Timeout', 'transient'],
    ['UND_ERR_HEADERS_OVERFLOW', 'MalformedAnswer', 'transient'],
    ['CERT_HAS_EXPIRED', 'TlsFailure', 'final'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TlsFailure', 'final'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TlsFailure', 'final'],
    ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'WrongBodySize', 'final'],
    ['UND_ERR_DESTROYED', 'ClientClosed', 'final'],
  ])('calls %s before an answer %s, which is %s', (code, name, retryClass) => {
    const cause = coded(code);
    expect(failureOf(cause, REQUEST, 'b', 3, 0)).toMatchObject({ code: name, retryClass, status: 0, attempts: 3, cause, reason: `it was ${code}` });
  });

  it('calls a reset after the head of the answer a truncated body', () => {
    expect(failureOf(coded('ECONNRESET'), REQUEST, 'b', 1, 200)).toMatchObject({ code: 'TruncatedBody', status: 200 });
  });

  it('says how long was waited', () => {
    expect(failureOf(new TimeLimitError(1234), REQUEST, 'b', 1, 0)).toMatchObject({ code: 'Timeout', reason: 'no whole answer within 1234 ms' });
  });

  it('leaves alone what is no failure of a connection', () => {
    const known = new S3Error({ operation: 'GetObject', bucket: 'b', key: null, code: 'X', status: 0, reason: 'r' });
    const others = [known, new TypeError('t'), coded('MY_OWN_CODE'), Object.assign(new Error('n'), { code: 7 }), 'text', undefined];
    for (const other of others) expect(failureOf(other, REQUEST, 'b', 1, 0)).toBe(other);
  });
});
