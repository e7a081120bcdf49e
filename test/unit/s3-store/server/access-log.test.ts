import { describe, expect, test } from 'vitest';
import { AccessLog, type AccessLogEntry } from '../../../../infra/local/s3-store/server/access-log.ts';

function entry(operation: string, bucket: string | null, errorCode: string | null = null): AccessLogEntry {
  return { at: 0, operation, bucket, key: null, caller: null, status: 200, errorCode, bytesSent: 0, milliseconds: 0 };
}

describe('the access log', () => {
  test('counts by operation, by bucket and by refusal', () => {
    const log = new AccessLog();
    for (const one of [entry('GetObject', 'a'), entry('GetObject', 'b', 'NoSuchKey'), entry('ListBuckets', null)]) log.add(one);
    expect(log.counts()).toEqual({
      requests: 3,
      byOperation: { GetObject: 2, ListBuckets: 1 },
      byBucket: { a: { GetObject: 1 }, b: { GetObject: 1 } },
      byError: { NoSuchKey: 1 },
    });
  });

  test('gives counts that do not change afterwards', () => {
    const log = new AccessLog();
    log.add(entry('GetObject', 'a'));
    const before = log.counts();
    log.add(entry('GetObject', 'a'));
    expect(before.byBucket).toEqual({ a: { GetObject: 1 } });
  });

  test('keeps the last entries, and counts those it lets go', () => {
    const log = new AccessLog(3);
    for (let at = 0; at < 10; at++) log.add(entry(`Op${at}`, null));
    expect(log.entries().map(({ operation }) => operation)).toEqual(['Op7', 'Op8', 'Op9']);
    expect(log.counts().requests).toBe(10);
  });

  test('is empty after it was set back', () => {
    const log = new AccessLog();
    log.add(entry('GetObject', 'a', 'NoSuchKey'));
    log.reset();
    expect([log.counts(), log.entries()]).toEqual([{ requests: 0, byOperation: {}, byBucket: {}, byError: {} }, []]);
  });

  test('tells a listener of every entry', () => {
    const heard: string[] = [];
    const log = new AccessLog(0, ({ operation }) => heard.push(operation));
    log.add(entry('GetObject', 'a'));
    log.add(entry('PutObject', 'a'));
    expect(heard).toEqual(['GetObject', 'PutObject']);
    expect(log.entries()).toEqual([]);
  });
});
