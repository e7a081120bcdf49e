import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../../emr-steps/s3/credential-provider.ts';
import { amzDate, EMPTY_PAYLOAD, RequestSigner, UNSIGNED_PAYLOAD } from '../../../emr-steps/s3/signature.ts';
import { encodeKey, queryString } from '../../../emr-steps/s3/uri.ts';

type Data = string | ArrayBuffer | ArrayBufferView;

class Sha256 {
  private readonly state: Hash | Hmac;
  constructor(secret?: Data) {
    this.state = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: Data): void {
    this.state.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.state.digest();
  }
  reset(): void {}
}

function bytes(data: Data): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
}

const KEYS: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const SESSION: Credentials = { ...KEYS, sessionToken: 'IQoJb3JpZ2luX2VjEOb//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==' };
const AT = Date.UTC(2026, 10, 20, 23, 59, 59, 999);

interface Case {
  readonly method: string;
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: Credentials;
  readonly payloadHash?: string;
}

async function byVendor(one: Case): Promise<Record<string, string>> {
  const keys = one.credentials ?? KEYS;
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken !== undefined && { sessionToken: keys.sessionToken }),
    },
    region: 'eu-central-1',
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: true,
  });
  const headers = {
    host: 'books.s3.eu-central-1.amazonaws.com',
    'user-agent': 'carillon',
    ...one.headers,
    'x-amz-content-sha256': one.payloadHash ?? EMPTY_PAYLOAD,
  };
  // The vendor's signer hashes texts as UTF-8; what goes over the wire are the bytes, here one sign a byte.
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, 'latin1').toString('utf8')]));
  const request = { method: one.method, protocol: 'https:', hostname: headers.host, path: `/${encodeKey(one.key)}`, query: { ...one.query }, headers: texts };
  return (await signer.sign(request, { signingDate: new Date(AT) })).headers;
}

function byUs(one: Case, signer = new RequestSigner('eu-central-1')): Record<string, string> {
  const headers = { host: 'books.s3.eu-central-1.amazonaws.com', 'user-agent': 'carillon', ...one.headers };
  const path = `/${encodeKey(one.key)}`;
  const signable = { method: one.method, path, query: queryString(one.query ?? {}), headers, payloadHash: one.payloadHash ?? EMPTY_PAYLOAD };
  return signer.sign(signable, one.credentials ?? KEYS, AT);
}

const ODD_KEYS = [
  'plain.txt',
  'a b',
  ' leading and trailing ',
  'a+b=c&d?e#f',
  'a//b',
  '//',
  './x',
  '../y',
  'a/../b',
  'a/./b',
  'slash/',
  '%41%2F%',
  '\u0001\u0002\u001f\u007f',
  'tab\tcr\rlf\n',
  "!'()*",
  '~-_.',
  '\u2028\u2029\u00a0\u0085',
  'ä/é/日本語/Ω',
  '😀/🏳️‍🌈',
  '"<>\\^`{|}',
  ',;:@$[]',
  'k'.repeat(1024),
];

const CASES: readonly Case[] = [
  ...ODD_KEYS.map((key) => ({ method: 'GET', key })),
  { method: 'GET', key: '', query: { 'list-type': '2', prefix: 'a b/ä+&=/', 'start-after': '😀', 'max-keys': '1000', 'encoding-type': 'url', delimiter: '/' } },
  { method: 'POST', key: 'k', query: { uploads: '' } },
  { method: 'PUT', key: 'k', query: { partNumber: '10000', uploadId: 'a.b_c-~+/=' } },
  { method: 'PUT', key: 'k', query: { 'response-content-type': 'a', 'Response-B': 'b', 'response-a': 'c' } },
  { method: 'HEAD', key: 'k', credentials: SESSION },
  { method: 'PUT', key: 'k', payloadHash: UNSIGNED_PAYLOAD, credentials: SESSION },
  { method: 'PUT', key: 'k', payloadHash: createHash('sha256').update('hello').digest('hex'), headers: { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' } },
  { method: 'PUT', key: 'k', headers: { 'x-amz-meta-blanks': '  a   b \t c  ', 'x-amz-meta-tab': '\ta\tb', 'x-amz-meta-none': '', 'x-amz-meta-blank': '   ' } },
  { method: 'PUT', key: 'k', headers: { 'x-amz-meta-text': Buffer.from('ÄMÄZÕÑ S3 à la  carte 日本', 'utf8').toString('latin1') } },
  { method: 'PUT', key: 'k', headers: { 'x-amz-meta-text': '=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=' } },
  {
    method: 'PUT',
    key: 'k',
    headers: { 'cache-control': 'no-cache', 'content-type': 'text/plain', expires: 'Thu, 01 Dec 1994 16:00:00 GMT', 'content-encoding': 'gzip' },
  },
  { method: 'PUT', key: 'k', headers: { 'x-amz-copy-source': '/src/a%20b', 'x-amz-copy-source-if-match': '"abc"', 'x-amz-storage-class': 'GLACIER_IR' } },
  { method: 'PUT', key: 'k', headers: { 'x-amz-copy-source': '/src/k', 'x-amz-source-expected-bucket-owner': '1', 'x-amz-expected-bucket-owner': '2' } },
  { method: 'GET', key: 'k', headers: { range: 'bytes=0-9', 'if-match': '"e"', 'x-amz-request-payer': 'requester', 'x-amz-tagging': 'a%20b=c&d=' } },
];

describe('RequestSigner', () => {
  it.each(CASES)('signs $method $key like the vendor ($query, $headers)', async (one) => {
    const theirs = await byVendor(one);
    const ours = byUs(one);
    expect(ours.authorization).toBe(theirs.authorization);
    expect(ours['x-amz-date']).toBe(theirs['x-amz-date']);
    expect(ours['x-amz-security-token']).toBe(theirs['x-amz-security-token']);
    expect(ours['x-amz-content-sha256']).toBe(theirs['x-amz-content-sha256']);
  });

  it('signs any key and query like the vendor', async () => {
    const text = fc.string({ unit: 'binary', minLength: 0, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), text, { maxKeys: 4 }), async (key, query) => {
        const names = Object.keys(query);
        fc.pre(names.every((name) => name.toLowerCase() !== 'x-amz-signature' && name !== '__proto__'));
        expect(byUs({ method: 'GET', key, query }).authorization).toBe((await byVendor({ method: 'GET', key, query })).authorization);
      }),
      { numRuns: 200 },
    );
  });

  it('signs any header value that can be sent like the vendor', async () => {
    const value = fc.string({ unit: fc.constantFrom(' ', '\t', 'a', 'B', ',', ':', '"', '~'), maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 4 }), async (values) => {
        const headers = Object.fromEntries(values.map((one, i) => [`x-amz-meta-${i}`, one]));
        expect(byUs({ method: 'PUT', key: 'k', headers }).authorization).toBe((await byVendor({ method: 'PUT', key: 'k', headers })).authorization);
      }),
    );
  });

  it('takes other credentials, another day and another second at once', () => {
    const signer = new RequestSigner('eu-central-1');
    const request = { method: 'GET', path: '/k', query: '', headers: { host: 'h' }, payloadHash: EMPTY_PAYLOAD };
    const times = [AT, AT + 1, AT + 1000, AT - 86_400_000, AT];
    for (const keys of [KEYS, SESSION, { ...KEYS, secretAccessKey: 'other' }]) {
      for (const time of times) expect(signer.sign(request, keys, time)).toEqual(new RequestSigner('eu-central-1').sign(request, keys, time));
    }
  });

  it('does not change the headers that it is given', () => {
    const headers = { host: 'h' };
    new RequestSigner('us-east-1').sign({ method: 'GET', path: '/', query: '', headers, payloadHash: EMPTY_PAYLOAD }, KEYS, AT);
    expect(headers).toEqual({ host: 'h' });
  });

  it('writes times as AWS does', () => {
    expect(amzDate(AT)).toBe('20261120T235959Z');
  });
});
