import { describe, expect, test } from 'vitest';
import { checksumLook } from '../../../emr-steps/reconcile/checksum-look.ts';
import type { S3Client } from '../../../emr-steps/s3/s3-client.ts';
import { s3Error } from '../complete/fake-service.ts';

type Headers = Readonly<Record<string, string>>;
const never = new AbortController().signal;

function bucket(name: string, answer: Headers | Error, asked: string[] = []): S3Client {
  return {
    bucket: name,
    region: 'r',
    send: async ({ key = '', headers = {} as Headers }) => {
      asked.push(`${name} ${key} ${headers['x-amz-checksum-mode']}`);
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: answer, bytes: new Uint8Array(0), attempts: 1 };
    },
    close: async () => {},
  } as unknown as S3Client;
}

const plain = { 'content-length': '3', etag: '"e"' };
const kms = { 'content-length': '3', etag: '"k"', 'x-amz-server-side-encryption': 'aws:kms' };
const sum = (value: string) => ({ 'x-amz-checksum-sha256': value });

function look(source: Headers | Error, destination: Headers | Error, asked?: string[]) {
  const sides = { source: bucket('from', source, asked), destination: bucket('to', destination, asked), sourcePrefix: 'a/', destinationPrefix: 'b/' };
  return checksumLook(sides)('key', never);
}

describe('a look at both objects', () => {
  test.each<readonly [string, Headers, Headers, string]>([
    ['equal checksums', { ...plain, ...sum('x') }, { ...kms, ...sum('x') }, 'equal-checksum'],
    ['different checksums', { ...plain, ...sum('x') }, { ...kms, ...sum('y') }, 'etag'],
    ['a checksum of all bytes and one of parts', { ...plain, ...sum('x') }, { ...kms, ...sum('y-2') }, 'equal-size'],
    ['no checksum, and an ETag that is no MD5', plain, kms, 'equal-size'],
    ['no checksum, and two MD5s', plain, { ...plain, etag: '"f"' }, 'etag'],
    ['no checksum, and by now the same ETag', plain, plain, 'equal-etag'],
    ['by now another size', plain, { ...kms, 'content-length': '4' }, 'size'],
  ])('finds %s', async (_, source, destination, verdict) => {
    expect(await look(source, destination)).toMatchObject({ verdict });
  });

  test('asks each side once, below its prefix, for checksums', async () => {
    const asked: string[] = [];
    await look(plain, plain, asked);
    expect(asked).toEqual(['from a/key ENABLED', 'to b/key ENABLED']);
  });

  test('makes a difference of an object that cannot be looked at, and ends at what stops every request', async () => {
    const denied = await look(plain, s3Error('HeadObject', 'AccessDenied', 403));
    expect(denied).toMatchObject({ verdict: 'etag', detail: expect.stringContaining('AccessDenied') });
    await expect(look(s3Error('HeadObject', 'NoSuchBucket', 404), plain)).rejects.toThrow('NoSuchBucket');
    await expect(look(new TypeError('a defect'), plain)).rejects.toThrow('a defect');
  });
});
