import { describe, expect, test } from 'vitest';
import type { StoredObject } from '../../../infra/local/s3-store/bucket.ts';
import { checkCopySource, checkRead, checkWrite, preconditions } from '../../../infra/local/s3-store/conditions.ts';

const AT = Date.parse('2026-01-02T03:04:05Z');
const OBJECT = { kind: 'object', etag: 'abc', lastModified: AT } as StoredObject;
const SAME = new Date(AT).toUTCString();
const EARLIER = new Date(AT - 1000).toUTCString();
const LATER = new Date(AT + 1000).toUTCString();

function outcome(act: () => void): string {
  try {
    act();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('reading under conditions', () => {
  test.each([
    [{}, 'ok'],
    [{ 'if-match': '"abc"' }, 'ok'],
    [{ 'if-match': 'abc' }, 'ok'],
    [{ 'if-match': '*' }, 'ok'],
    [{ 'if-match': '"x", "abc"' }, 'ok'],
    [{ 'if-match': '"x"' }, 'PreconditionFailed'],
    [{ 'if-none-match': '"abc"' }, 'NotModified'],
    [{ 'if-none-match': '"x"' }, 'ok'],
    [{ 'if-modified-since': EARLIER }, 'ok'],
    [{ 'if-modified-since': SAME }, 'NotModified'],
    [{ 'if-unmodified-since': EARLIER }, 'PreconditionFailed'],
    [{ 'if-unmodified-since': SAME }, 'ok'],
    [{ 'if-match': '"abc"', 'if-unmodified-since': EARLIER }, 'ok'],
    [{ 'if-none-match': '"x"', 'if-modified-since': LATER }, 'ok'],
    [{ 'if-modified-since': 'nonsense' }, 'ok'],
  ] as const)('%j is %s', (headers, expected) => {
    expect(outcome(() => checkRead(preconditions(headers), OBJECT, {}))).toBe(expected);
  });
});

test.each([
  [{ 'x-amz-copy-source-if-match': '"abc"' }, 'ok'],
  [{ 'x-amz-copy-source-if-match': '"x"' }, 'PreconditionFailed'],
  [{ 'x-amz-copy-source-if-none-match': '"abc"' }, 'PreconditionFailed'],
  [{ 'x-amz-copy-source-if-modified-since': SAME }, 'PreconditionFailed'],
  [{ 'if-match': '"x"' }, 'ok'],
] as const)('a copy source under %j is %s', (headers, expected) => {
  expect(outcome(() => checkCopySource(preconditions(headers, 'x-amz-copy-source-'), OBJECT))).toBe(expected);
});

describe('writing under conditions', () => {
  const MARKER = { kind: 'delete-marker', key: 'k', versionId: 'v', lastModified: AT } as const;
  test.each([
    [{ 'if-none-match': '*' }, null, 'ok'],
    [{ 'if-none-match': '*' }, MARKER, 'ok'],
    [{ 'if-none-match': '*' }, OBJECT, 'PreconditionFailed'],
    [{ 'if-none-match': '"abc"' }, null, 'NotImplemented'],
    [{ 'if-match': '"abc"' }, OBJECT, 'ok'],
    [{ 'if-match': '"x"' }, OBJECT, 'PreconditionFailed'],
    [{ 'if-match': '"abc"' }, null, 'NoSuchKey'],
    [{}, OBJECT, 'ok'],
  ] as const)('%j over %j is %s', (headers, current, expected) => {
    expect(outcome(() => checkWrite(headers, current))).toBe(expected);
  });
});
