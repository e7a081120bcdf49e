import { describe, expect, test } from 'vitest';
import { isReasonCode } from '../../../emr-steps/books/reasons.ts';
import { CredentialsError } from '../../../emr-steps/credentials/credentials-error.ts';
import { isStepFailure, reasonOfError, settleError } from '../../../emr-steps/plan/reason-of-error.ts';
import { s3Error } from './fake-s3.ts';

const NEVER = new AbortController().signal;

describe('the reason of an error', () => {
  test.each([
    ['SlowDown', 503, 'throttled'],
    ['ServiceUnavailable', 503, 'throttled'],
    ['TooManyRequests', 429, 'throttled'],
    ['InternalError', 500, 'service-error'],
    ['InternalError', 200, 'service-error'],
    ['BadGateway', 502, 'service-error'],
    ['OperationAborted', 409, 'service-error'],
    ['MalformedAnswer', 0, 'service-error'],
    ['ConnectionReset', 0, 'connection-lost'],
    ['ConnectionRefused', 0, 'connection-lost'],
    ['NameNotResolved', 0, 'connection-lost'],
    ['TruncatedBody', 200, 'connection-lost'],
    ['Timeout', 0, 'timed-out'],
    ['RequestTimeout', 400, 'timed-out'],
    ['ExpiredToken', 400, 'credentials-expired'],
    ['BadDigest', 400, 'digest-mismatch'],
    ['DigestMismatch', 0, 'digest-mismatch'],
    ['NoSuchUpload', 404, 'upload-vanished'],
    ['NoSuchKey', 404, 'source-vanished'],
    ['NotFound', 404, 'source-vanished'],
    ['PreconditionFailed', 412, 'source-changed'],
    ['AccessDenied', 403, 'access-denied'],
    ['SomethingNew', 403, 'access-denied'],
    ['SomethingNew', 404, 'source-vanished'],
    ['SomethingNew', 412, 'source-changed'],
    ['EntityTooLarge', 400, 'too-large'],
    ['InvalidArgument', 400, 'invalid-request'],
    ['NotImplemented', 501, 'invalid-request'],
    ['WrongBodySize', 0, 'unexpected'],
    ['toString', 0, 'unexpected'],
  ])('%s with status %d is %s', (code, status, reason) => {
    expect(reasonOfError(s3Error(code, status))).toMatchObject({ outcome: 'failed', reason });
    expect(isReasonCode(reason)).toBe(true);
  });

  test('an archived object is skipped, not failed', () => {
    expect(reasonOfError(s3Error('InvalidObjectState', 403, 'CopyObject'))).toMatchObject({ outcome: 'skipped', reason: 'archived' });
  });

  test('the detail names what was asked and what was said', () => {
    expect(reasonOfError(s3Error('SlowDown', 503, 'CopyObject', 'please reduce')).detail).toBe('CopyObject: SlowDown (status 503): please reduce');
    expect(reasonOfError(s3Error('Timeout', 0, 'CopyObject', 'none')).detail).toBe('CopyObject: Timeout: none');
  });

  test('what is no error of S3 is unexpected and keeps its words', () => {
    expect(reasonOfError(new TypeError('x is not a function'))).toEqual({ outcome: 'failed', reason: 'unexpected', detail: 'TypeError: x is not a function' });
    expect(reasonOfError('a string')).toEqual({ outcome: 'failed', reason: 'unexpected', detail: 'a string' });
  });
});

describe('an error that is no object’s', () => {
  test.each(['NoSuchBucket', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'PermanentRedirect'])('%s fails the step', (code) => {
    const error = s3Error(code, 403);
    expect(isStepFailure(error)).toBe(true);
    expect(() => settleError(error, NEVER)).toThrow(error);
  });

  test.each([
    new CredentialsError('looked everywhere'),
    Object.assign(new Error('could not load credentials'), { name: 'CredentialsProviderError' }),
  ])('missing credentials fail the step: $name', (error) => {
    expect(isStepFailure(error)).toBe(true);
    expect(() => settleError(error, NEVER)).toThrow(error);
  });

  test('an error after an abort is the abort', () => {
    expect(() => settleError(s3Error('Timeout', 0), AbortSignal.abort(new Error('told to end')))).toThrow('told to end');
  });

  test('a denied object does not fail the step', () => {
    expect(isStepFailure(s3Error('AccessDenied', 403))).toBe(false);
    expect(settleError(s3Error('AccessDenied', 403), NEVER).reason).toBe('access-denied');
  });
});
