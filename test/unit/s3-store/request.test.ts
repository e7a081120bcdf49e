import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyText } from '../../../infra/local/s3-store/key-bytes.ts';
import { parseRequest, queryValue } from '../../../infra/local/s3-store/request.ts';
import { routeFor } from '../../../infra/local/s3-store/server/routes.ts';

function parsed(url: string, { method = 'GET', ...headers }: Readonly<Record<string, string>> = {}) {
  return parseRequest({ method, url, headers: { host: '127.0.0.1:9000', ...headers } } as unknown as IncomingMessage);
}

describe('a request target', () => {
  test('names any key exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        const { bucket, key: found } = parsed(`/b/${encodeURIComponent(key)}`);
        expect([bucket, keyText(found ?? '')]).toEqual(['b', key]);
      }),
    );
  });

  test.each([
    ['/', null, null],
    ['/b', 'b', null],
    ['/b/', 'b', null],
    ['/b/../x', 'b', '../x'],
    ['/b//x//', 'b', '/x//'],
    ['/b/./a/../b', 'b', './a/../b'],
    ['/b/a+b%2Bc', 'b', 'a b+c'],
    ['/b/k?x=/../', 'b', 'k'],
  ])('%s is bucket %s and key %j', (url, bucket, key) => {
    expect(parsed(url)).toMatchObject({ bucket, key });
  });

  test.each([
    ['my.bucket.localhost:9000', '/k/x', 'my.bucket', 'k/x'],
    ['b.localhost', '/', 'b', null],
    ['b.localhost', '//x', 'b', '/x'],
    ['b.s3.eu-central-1.amazonaws.com', '/k', 'b', 'k'],
    ['b.s3.amazonaws.com', '/k', 'b', 'k'],
    ['s3.eu-central-1.amazonaws.com', '/b/k', 'b', 'k'],
    ['localhost:9000', '/b/k', 'b', 'k'],
  ])('at host %s, %s is bucket %s and key %j', (host, url, bucket, key) => {
    expect(parsed(url, { host })).toMatchObject({ bucket, key });
  });

  test.each(['/b/%', '/b/%ff', '/b/%ed%a0%80', '/b?prefix=%zz', '/b?prefix=%c3'])('%s is refused', (url) => {
    expect(() => parsed(url)).toThrow(expect.objectContaining({ code: 'InvalidURI' }));
  });

  test('has query values decoded, empty, or not there', () => {
    const request = parsed('/b?prefix=a%2F+b&uploads&x=');
    expect(['prefix', 'uploads', 'x', 'y'].map((name) => queryValue(request, name))).toEqual(['a/ b', '', '', null]);
  });
});

describe('routes', () => {
  test.each([
    ['GET', '/', {}, 'ListBuckets'],
    ['GET', '/b?list-type=2', {}, 'ListObjectsV2'],
    ['GET', '/b?prefix=x', {}, 'ListObjects'],
    ['GET', '/b?uploads', {}, 'ListMultipartUploads'],
    ['HEAD', '/b', {}, 'HeadBucket'],
    ['PUT', '/b', {}, 'CreateBucket'],
    ['POST', '/b?delete', {}, 'DeleteObjects'],
    ['PUT', '/b/k?x-id=PutObject', {}, 'PutObject'],
    ['PUT', '/b/k', { 'x-amz-copy-source': 's/k' }, 'CopyObject'],
    ['PUT', '/b/k?uploadId=u&partNumber=1', {}, 'UploadPart'],
    ['PUT', '/b/k?uploadId=u&partNumber=1', { 'x-amz-copy-source': 's/k' }, 'UploadPartCopy'],
    ['POST', '/b/k?uploads', {}, 'CreateMultipartUpload'],
    ['POST', '/b/k?uploadId=u', {}, 'CompleteMultipartUpload'],
    ['DELETE', '/b/k?uploadId=u', {}, 'AbortMultipartUpload'],
    ['DELETE', '/b/k?versionId=v', {}, 'DeleteObject'],
    ['GET', '/b/k?attributes', {}, 'GetObjectAttributes'],
    ['GET', '/b/k?partNumber=1', {}, 'GetObject'],
  ] as const)('%s %s with %j is %s', (method, url, headers, name) => {
    expect(routeFor(parsed(url, { method, ...headers })).name).toBe(name);
  });

  test.each([
    ['GET', '/b/k?torrent', 'NotImplemented'],
    ['PUT', '/b?cors', 'NotImplemented'],
    ['PUT', '/b/k?retention', 'NotImplemented'],
    ['PATCH', '/b/k', 'MethodNotAllowed'],
    ['DELETE', '/', 'MethodNotAllowed'],
  ])('%s %s is %s, never the plain operation', (method, url, code) => {
    expect(() => routeFor(parsed(url, { method }))).toThrow(expect.objectContaining({ code }));
  });
});
