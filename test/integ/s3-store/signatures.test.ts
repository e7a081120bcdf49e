import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Store, type StoreOptions, startStore } from '../../../infra/local/s3-store/store.ts';
import { type RawRequest, sendSigned, sendUnsigned } from './raw-request.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const Bucket = 'signed';
const SESSION = { accessKeyId: 'ASIA', secretAccessKey: 'session-secret', sessionToken: 'token/+=', expires: Date.now() + 3_600_000 };
const OLD = { ...SESSION, accessKeyId: 'OLD', expires: Date.now() - 1000 };

function begin(signatures: NonNullable<StoreOptions['signatures']>): Promise<Store> {
  const accounts = [...ACCOUNTS, { id: '333333333333', keys: [SESSION, OLD] }];
  return startStore({
    accounts,
    signatures,
    buckets: [
      { name: Bucket, ownerId: '111111111111' },
      { name: 'threes', ownerId: '333333333333' },
    ],
  });
}

describe.each(['vendor', 'fast'] as const)('signatures judged by the %s signer', (signatures) => {
  let store: Store;
  beforeAll(async () => {
    store = await begin(signatures);
    await sdkClient(store, ANN).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  });
  afterAll(() => store.close());

  async function outcome(raw: Partial<RawRequest>): Promise<string> {
    const { status, body } = await sendSigned(store.url, { target: `/${Bucket}/k`, ...raw });
    return `${status} ${/<Code>(\w+)/.exec(body)?.[1] ?? ''}`.trim();
  }

  test('a right one is accepted', async () => {
    expect(await outcome({})).toBe('200');
    expect(await outcome({ target: `/${Bucket}?list-type=2&prefix=a%20b%2B&start-after=%C3%A9&x-id=List` })).toBe('200');
    expect(await outcome({ method: 'PUT', target: `/${Bucket}/a%20b/../%C3%A9%F0%9F%98%80~`, body: 'x', headers: { 'x-amz-meta-a': ' two  words ' } })).toBe(
      '200',
    );
  });

  test('a wrong secret, key id, query, header or body is refused', async () => {
    expect(await outcome({ credentials: { accessKeyId: 'ann', secretAccessKey: 'guess' } })).toBe('403 SignatureDoesNotMatch');
    expect(await outcome({ credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } })).toBe('403 InvalidAccessKeyId');
    const lie = (name: string, value: string) =>
      outcome({ method: 'PUT', body: 'x', headers: { [name]: 'a' }, tamper: (headers) => Object.assign(headers, { [name]: value }) });
    expect(await lie('x-amz-meta-a', 'b')).toBe('403 SignatureDoesNotMatch');
    expect(await outcome({ method: 'PUT', body: 'y', headers: { 'x-amz-content-sha256': createHash('sha256').update('x').digest('hex') } })).toBe(
      '400 XAmzContentSHA256Mismatch',
    );
    expect(await outcome({ method: 'PUT', body: 'y', tamper: (headers) => Object.assign(headers, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }) })).toBe(
      '403 SignatureDoesNotMatch',
    );
  });

  test('every x-amz header must be signed', async () => {
    expect(await outcome({ tamper: (headers) => Object.assign(headers, { 'x-amz-request-payer': 'requester' }) })).toBe('403 AccessDenied');
  });

  test('a clock more than a quarter of an hour off is refused', async () => {
    expect(await outcome({ date: new Date(Date.now() - 16 * 60_000) })).toBe('403 RequestTimeTooSkewed');
    expect(await outcome({ date: new Date(Date.now() + 14 * 60_000) })).toBe('200');
  });

  test('presigned and malformed requests are refused', async () => {
    expect((await sendUnsigned(store.url, { target: `/${Bucket}/k?X-Amz-Signature=0` })).status).toBe(400);
    expect(await outcome({ tamper: (headers) => Object.assign(headers, { authorization: 'AWS ann:x' }) })).toBe('400 AuthorizationHeaderMalformed');
  });

  test('session tokens must be there, right, and not over', async () => {
    const list = (key: typeof SESSION | Omit<typeof SESSION, 'sessionToken'>) =>
      refusal(sdkClient(store, key).send(new GetObjectCommand({ Bucket: 'threes', Key: 'none' })));
    const { sessionToken: _, ...tokenless } = SESSION;
    expect(await list(SESSION)).toBe('NoSuchKey 404');
    expect(await list({ ...SESSION, sessionToken: 'other' })).toBe('InvalidToken 400');
    expect(await list(tokenless)).toBe('InvalidToken 400');
    expect(await list(OLD)).toBe('ExpiredToken 400');
  });

  /** Chunks as AWS's documentation signs them: each with the signature before it. */
  function signedChunks(pieces: readonly string[], trailer: string, damage: (text: string) => string = (text) => text): NonNullable<RawRequest['chunks']> {
    return async (signer, seed, date) => {
      const longDate = date.toISOString().replace(/[-:]|\.\d{3}/g, '');
      const scope = `${longDate.slice(0, 8)}/us-east-1/s3/aws4_request`;
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
      let previous = seed;
      const sign = async (kind: string, hashes: string) => {
        previous = await signer.sign(`AWS4-HMAC-SHA256-${kind}\n${longDate}\n${scope}\n${previous}\n${hashes}`, { signingDate: date });
        return previous;
      };
      let body = '';
      for (const piece of [...pieces, '']) {
        const signature = await sign('PAYLOAD', `${sha256('')}\n${sha256(piece)}`);
        body += `${piece.length.toString(16)};chunk-signature=${signature}\r\n${piece}${piece === '' ? '' : '\r\n'}`;
      }
      if (trailer !== '') body += `${trailer}\r\nx-amz-trailer-signature:${await sign('TRAILER', sha256(`${trailer}\n`))}\r\n`;
      return damage(`${body}\r\n`);
    };
  }

  function chunked(pieces: readonly string[], trailer: string, damage?: (text: string) => string): Promise<string> {
    const size = String(pieces.join('').length);
    const scheme = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === '' ? '' : '-TRAILER'}`;
    const trailerHeader = trailer === '' ? {} : { 'x-amz-trailer': trailer.split(':')[0] ?? '' };
    const headers = { 'x-amz-content-sha256': scheme, 'x-amz-decoded-content-length': size, 'content-encoding': 'gzip,aws-chunked', ...trailerHeader };
    return outcome({ method: 'PUT', target: `/${Bucket}/chunked`, headers, chunks: signedChunks(pieces, trailer, damage) });
  }

  const PIECES = ['a'.repeat(70_000), 'b'.repeat(10)];
  const TRAILER = `x-amz-checksum-sha256:${createHash('sha256').update(PIECES.join('')).digest('base64')}`;

  test.each([
    ['without', ''],
    ['with', TRAILER],
  ])('signed chunks %s a trailer are taken', async (_, trailer) => {
    expect(await chunked(PIECES, trailer)).toBe('200');
    const found = await sdkClient(store, ANN).send(new HeadObjectCommand({ Bucket, Key: 'chunked', ChecksumMode: 'ENABLED' }));
    expect([found.ContentLength, found.ContentEncoding, `x-amz-checksum-sha256:${found.ChecksumSHA256}`]).toEqual([
      70_010,
      'gzip',
      trailer || 'x-amz-checksum-sha256:undefined',
    ]);
  });

  test('chunks, sizes and trailers that were changed on the way are refused', async () => {
    expect(await chunked(PIECES, '', (text) => text.replace('bbb', 'bbc'))).toBe('403 SignatureDoesNotMatch');
    expect(await chunked(PIECES, TRAILER, (text) => text.replace('x-amz-checksum-sha256:', 'x-amz-checksum-sha256:A'))).toBe('403 SignatureDoesNotMatch');
    expect(await chunked(PIECES, `x-amz-checksum-sha256:${Buffer.alloc(32).toString('base64')}`)).toBe('400 BadDigest');
    expect(await chunked(PIECES, '', (text) => text.slice(0, 50_000))).toBe('400 IncompleteBody');
  });
});

test('a store that does not check signatures knows callers by their keys alone', async () => {
  const store = await begin('off');
  const guess = { ...ANN, secretAccessKey: 'guess' };
  await sdkClient(store, guess).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  expect(store.accessLog.entries().at(-1)).toMatchObject({ operation: 'PutObject', caller: ANN.arn, status: 200 });
  expect((await sendUnsigned(store.url, { target: `/${Bucket}/k` })).status).toBe(403);
  await store.close();
});
