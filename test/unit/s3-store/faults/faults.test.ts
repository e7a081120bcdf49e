/** Each fault as a client sees it, and what it leaves in the store. */
import { afterEach, describe, expect, it } from 'vitest';
import { type FaultRule, parseFaultPlan } from '../../../../infra/local/s3-store/faults/fault-rule.ts';
import { PrefixLimiter } from '../../../../infra/local/s3-store/faults/prefix-limiter.ts';
import { type Store, startStore } from '../../../../infra/local/s3-store/store.ts';

let store: Store;
afterEach(() => store.close());

const BUCKET = { name: 'books', ownerId: '111122223333' };

async function storeWith(...rules: readonly FaultRule[]): Promise<void> {
  store = await startStore({ buckets: [BUCKET], signatures: 'off' });
  for (const key of ['a', 'b']) await send('PUT', key, 'x'.repeat(1000));
  store.faults.replace({ rules, prefixLimits: null });
}

/** Names the caller; nobody checks the signature here. */
function signed(): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=carillon/${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  return { authorization, 'x-amz-date': time, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
}

/** Status and body, or `broken` where the connection broke. */
async function send(
  method: string,
  key: string,
  body: string | null = null,
  headers: Record<string, string> = {},
): Promise<{ status: number | 'broken'; text: string }> {
  try {
    const answer = await fetch(`${store.url}/books/${key}`, { method, headers: { ...signed(), ...headers }, body });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 'broken', text: '' };
  }
}

const copy = (key: string) => send('PUT', key, null, { 'x-amz-copy-source': 'books/a' });

describe('faults on order', () => {
  it.each([
    ['internal-error', 500, 'InternalError'],
    ['slow-down', 503, 'SlowDown'],
    ['expired-token', 400, 'ExpiredToken'],
  ] as const)('%s is answered with %d and nothing is done', async (fault, status, code) => {
    await storeWith({ fault, rate: 1, most: 1 });
    expect(await send('PUT', 'c', 'new')).toMatchObject({ status, text: expect.stringContaining(`<Code>${code}</Code>`) });
    expect((await send('HEAD', 'c')).status).toBe(404);
    expect(store.faults.struck).toEqual({ [fault]: 1 });
  });

  it('reset-before breaks the connection and nothing is done', async () => {
    await storeWith({ fault: 'reset-before', rate: 1, most: 1 });
    expect((await send('PUT', 'c', 'new')).status).toBe('broken');
    expect((await send('HEAD', 'c')).status).toBe(404);
  });

  it('reset-after breaks the connection once it is done', async () => {
    await storeWith({ fault: 'reset-after', rate: 1, most: 1 });
    expect((await send('PUT', 'c', 'new')).status).toBe('broken');
    expect((await send('HEAD', 'c')).status).toBe(200);
  });

  it('truncate cuts the body', async () => {
    await storeWith({ fault: 'truncate', rate: 1, most: 1, operations: ['GetObject'] });
    expect((await send('GET', 'a')).status).toBe('broken');
    expect((await send('GET', 'a')).text).toHaveLength(1000);
  });

  it('corrupt changes one bit of the bytes', async () => {
    await storeWith({ fault: 'corrupt', rate: 1, most: 1 });
    const { status, text } = await send('GET', 'a');
    expect(status).toBe(200);
    expect([...text].filter((letter) => letter !== 'x')).toEqual(['y']);
  });

  it('error-in-200 is an answer 200 with an error, and nothing is done', async () => {
    await storeWith({ fault: 'error-in-200', rate: 1 });
    expect(await copy('c')).toMatchObject({ status: 200, text: expect.stringContaining('<Error><Code>InternalError</Code>') });
    expect((await send('HEAD', 'c')).status).toBe(404);
    expect((await send('GET', 'a')).status).toBe(200);
  });

  it('source-vanishes deletes the source before it is copied', async () => {
    await storeWith({ fault: 'source-vanishes', rate: 1, most: 1 });
    expect((await copy('c')).status).toBe(404);
    expect((await send('HEAD', 'a')).status).toBe(404);
  });

  it('source-changes gives the source another ETag before it is copied', async () => {
    await storeWith({ fault: 'source-changes', rate: 1, most: 1 });
    const before = (await fetch(`${store.url}/books/a`, { method: 'HEAD', headers: signed() })).headers.get('etag') ?? '';
    const answer = await send('PUT', 'c', null, { 'x-amz-copy-source': 'books/a', 'x-amz-copy-source-if-match': before });
    expect(answer.status).toBe(412);
  });

  it('upload-vanishes aborts the upload before a part of it is written', async () => {
    await storeWith({ fault: 'upload-vanishes', rate: 1, most: 1 });
    const { text } = await send('POST', 'big?uploads');
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(text)?.[1] ?? '';
    expect(await send('PUT', `big?partNumber=1&uploadId=${encodeURIComponent(uploadId)}`, 'part')).toMatchObject({
      status: 404,
      text: expect.stringContaining('NoSuchUpload'),
    });
  });

  it('delay answers later, and all the same', async () => {
    await storeWith({ fault: 'delay', rate: 1, milliseconds: 20 });
    expect((await send('GET', 'a')).text).toHaveLength(1000);
    expect(store.faults.struck).toEqual({ delay: 1 });
  });

  it('befall only the operations, keys and times that their rule names', async () => {
    await storeWith({ fault: 'internal-error', rate: 1, operations: ['GetObject'], keyPrefix: 'b', most: 2 });
    const statuses = [];
    for (const key of ['a', 'b', 'b', 'b']) statuses.push((await send('GET', key)).status);
    expect([(await send('HEAD', 'b')).status, ...statuses]).toEqual([200, 200, 500, 500, 200]);
  });

  it('can be ordered by another process', async () => {
    await storeWith();
    const plan = encodeURIComponent(JSON.stringify({ rules: [{ fault: 'slow-down', rate: 1 }] }));
    await fetch(`${store.url}/_carillon/faults?plan=${plan}`, { method: 'POST' });
    expect((await send('GET', 'a')).status).toBe(503);
    expect(await (await fetch(`${store.url}/_carillon/faults`)).json()).toEqual({ 'slow-down': 1 });
    expect((await fetch(`${store.url}/_carillon/faults?plan=${encodeURIComponent('{"rules":[{"fault":"no"}]}')}`, { method: 'POST' })).status).toBe(400);
  });

  it('are refused where they are none', async () => {
    await storeWith();
    expect(() => parseFaultPlan('{"rules":[{"fault":"flood","rate":1}]}')).toThrow('"flood" is no fault');
    expect(() => parseFaultPlan('{"rules":[{"fault":"slow-down","rate":2}]}')).toThrow('a number from 0 to 1');
  });
});

describe('S3 limits by prefix', () => {
  it('let a second of each kind through at once, by prefix, and then as many as come anew', async () => {
    await storeWith();
    const limiter = new PrefixLimiter({ writesPerSecond: 3, readsPerSecond: 5 });
    const ask = (key: string, method: string, now: number) => limiter.allows('books', key, method, now);
    expect([1, 2, 3, 4].map(() => ask('a/1', 'PUT', 0))).toEqual([true, true, true, false]);
    expect(ask('b/1', 'PUT', 0)).toBe(true);
    expect(ask('a/1', 'GET', 0)).toBe(true);
    expect(ask('a/2', 'PUT', 300)).toBe(false);
    expect(ask('a/2', 'PUT', 340)).toBe(true);
  });

  it('are answered 503', async () => {
    await storeWith();
    store.faults.replace({ rules: [], prefixLimits: { writesPerSecond: 100, readsPerSecond: 1 } });
    expect([(await send('GET', 'a')).status, (await send('GET', 'a')).status]).toEqual([200, 503]);
  });
});
