import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRequest, type S3Request } from '../../../../infra/local/s3-store/request.ts';
import { type Claim, parseClaim } from '../../../../infra/local/s3-store/signatures/authorization-header.ts';
import { fastSigner } from '../../../../infra/local/s3-store/signatures/fast-signer.ts';
import { smithySigner } from '../../../../infra/local/s3-store/signatures/smithy-signer.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

function request(method: string, url: string, headers: Readonly<Record<string, string>> = {}): S3Request {
  const all = { host: 'localhost:9000', 'x-amz-date': '20260102T030405Z', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...headers };
  return parseRequest({ method, url, headers: all } as unknown as IncomingMessage);
}

function claimOf({ headers }: S3Request): Claim {
  return {
    accessKeyId: 'AKID',
    shortDate: '20260102',
    region: 'eu-central-1',
    service: 's3',
    signedHeaders: Object.keys(headers).sort(),
    signature: '',
    longDate: '20260102T030405Z',
    payloadHash: headers['x-amz-content-sha256'] ?? '',
  };
}

async function both(asked: S3Request): Promise<readonly string[]> {
  const claim = claimOf(asked);
  return [await fastSigner.signRequest(asked, claim, SECRET), await smithySigner.signRequest(asked, claim, SECRET)];
}

describe("the quick signer agrees with the vendor's", () => {
  test.each([
    ['GET', '/b/a%20b', {}],
    ['GET', '/b/a+b', {}],
    ['GET', "/b/a!'()*~b", {}],
    ['PUT', '/b/../x//y/./z/', {}],
    ['HEAD', '/b/%E2%82%AC%F0%9F%98%80', {}],
    ['GET', '/b?list-type=2&prefix=a%2Fb&start-after=%C3%A9&continuation-token=1%2B%2F%3D', {}],
    ['GET', '/b?uploads', {}],
    ['GET', '/b?b=2&a=1&b=1&a-b=3&A=0&=x', {}],
    ['POST', '/b/k?uploadId=x.y_z-&partNumber=10', {}],
    ['PUT', '/b/k', { 'x-amz-meta-a': '  two   words\t here ', 'x-amz-meta-b': '\xc3\xa9', 'x-amz-meta-c': '\xe9', 'content-type': 'text/plain' }],
    ['PUT', '/b/k', { 'cache-control': 'no-cache', 'user-agent': 'x', expect: '100-continue', 'x-amzn-trace-id': 't' }],
    ['PUT', '/b/k', { 'x-amz-security-token': 'a/b+c==', 'x-amz-copy-source': '/s/a%20b?versionId=1' }],
  ] as const)('%s %s with %j', async (method, url, headers) => {
    const [fast, vendor] = await both(request(method, url, headers));
    expect(fast).toMatch(/^[0-9a-f]{64}$/);
    expect(fast).toBe(vendor);
  });

  test('on any path, query and header', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    const pair = fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }), text).filter(([name]) => name.toLowerCase() !== 'x-amz-signature');
    const value = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(pair, { maxLength: 4 }), value, async (key, query, header) => {
        const pairs = query.map((one) => one.map(encodeURIComponent).join('='));
        const [fast, vendor] = await both(request('GET', `/b/${encodeURIComponent(key)}?${pairs.join('&')}`, { 'x-amz-meta-x': header }));
        expect(fast).toBe(vendor);
      }),
    );
  });

  test('on the chunks of a body', async () => {
    const claim = claimOf(request('PUT', '/b/k'));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        expect(fastSigner.signText(text, claim, SECRET)).toBe(await smithySigner.signText(text, claim, SECRET));
      }),
    );
  });
});

describe('the authorization header', () => {
  const GOOD = `AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-central-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

  test('is taken apart', () => {
    expect(parseClaim(request('GET', '/', { authorization: GOOD }))).toMatchObject({
      accessKeyId: 'AKID',
      region: 'eu-central-1',
      signedHeaders: ['host', 'x-amz-date'],
    });
    expect(parseClaim(request('GET', '/', { authorization: GOOD.replaceAll(', ', ',') }))).toMatchObject({ accessKeyId: 'AKID' });
  });

  test('is not there for an unsigned request', () => {
    expect(parseClaim(request('GET', '/'))).toBeNull();
  });

  test.each([
    ['another scheme', 'Bearer x', 'AuthorizationHeaderMalformed'],
    ['Signature Version 2', 'AWS AKID:signature', 'AuthorizationHeaderMalformed'],
    ['a scope cut short', GOOD.replace('/aws4_request', ''), 'AuthorizationHeaderMalformed'],
    ['another day than x-amz-date', GOOD.replace('20260102', '20260103'), 'AuthorizationHeaderMalformed'],
  ])('with %s is refused', (_, authorization, code) => {
    expect(() => parseClaim(request('GET', '/', { authorization }))).toThrow(expect.objectContaining({ code }));
  });

  test('needs a date and a hash of the body beside it', () => {
    expect(() => parseClaim(request('GET', '/', { authorization: GOOD, 'x-amz-date': 'today' }))).toThrow(expect.objectContaining({ code: 'AccessDenied' }));
    const { 'x-amz-content-sha256': _, ...headers } = request('GET', '/', { authorization: GOOD }).headers;
    expect(() => parseClaim({ ...request('GET', '/'), headers })).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });
});
