import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_ACCOUNT, type Store, type StoreOptions, startStore } from '../../../infra/local/s3-store/store.ts';
import { sendUnsigned } from './raw-request.ts';
import { ACCOUNTS, ANN, refusal, sdkClient } from './sdk-client.ts';

const [DEFAULT_KEY] = DEFAULT_ACCOUNT.keys;
const Bucket = 'served';
let store: Store | null = null;

afterEach(async () => {
  await store?.close();
  store = null;
});

async function begin(options: StoreOptions = {}): Promise<Store> {
  store = await startStore({ accounts: ACCOUNTS, buckets: [{ name: Bucket, ownerId: '111111111111' }], ...options });
  return store;
}

async function control(method: string, path: string): Promise<{ readonly status: number; readonly value: unknown }> {
  const { status, body } = await sendUnsigned(store?.url ?? '', { method, target: `/_carillon/${path}` });
  return { status, value: JSON.parse(body) };
}

describe('a store', () => {
  test('listens on the loopback interface alone, with keys of its own where none are given', async () => {
    store = await startStore();
    expect(store.url).toBe(`http://127.0.0.1:${store.port}`);
    if (DEFAULT_KEY === undefined) throw new Error('no default key');
    expect(await refusal(sdkClient(store, DEFAULT_KEY).send(new CreateBucketCommand({ Bucket: 'abc' })))).toBe('accepted');
  });

  test('counts what it was asked, in this process and by its control path', async () => {
    const { accessLog, url } = await begin();
    const s3 = sdkClient({ url }, ANN);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }));
    await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'none' })));
    const expected = {
      requests: 3,
      byOperation: { PutObject: 1, GetObject: 2 },
      byBucket: { [Bucket]: { PutObject: 1, GetObject: 2 } },
      byError: { NoSuchKey: 1 },
    };
    expect(accessLog.counts()).toEqual(expected);
    expect((await control('GET', 'counts')).value).toMatchObject(expected);
    expect((await control('GET', 'log')).value).toMatchObject([
      { operation: 'PutObject', bucket: Bucket, key: 'k', status: 200, caller: ANN.arn, errorCode: null },
      { operation: 'GetObject', key: 'k', bytesSent: 5 },
      { operation: 'GetObject', key: 'none', status: 404, errorCode: 'NoSuchKey' },
    ]);
    await control('POST', 'reset');
    expect(accessLog.counts().requests).toBe(0);
    expect((await control('GET', 'nothing')).status).toBe(404);
  });

  test('marks archive states by its control path', async () => {
    const { url } = await begin();
    const s3 = sdkClient({ url }, ANN);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'é', Body: 'x', StorageClass: 'INTELLIGENT_TIERING' }));
    expect((await control('POST', `archive-status?bucket=${Bucket}&key=%C3%A9&status=ARCHIVE_ACCESS`)).status).toBe(200);
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'é' })))).toBe('InvalidObjectState 403');
    expect(await control('POST', `archive-status?bucket=${Bucket}&key=none`)).toEqual({ status: 404, value: { error: 'NoSuchKey' } });
  });

  test('waits as long as it is told before it answers', async () => {
    const { url } = await begin({ latencyMilliseconds: 60 });
    const began = performance.now();
    await sdkClient({ url }, ANN).send(new ListObjectsV2Command({ Bucket }));
    expect(performance.now() - began).toBeGreaterThanOrEqual(59);
  });

  test('lets interceptors see every operation and answer in its place', async () => {
    const seen: string[] = [];
    const { url, accessLog } = await begin({
      interceptors: [
        async ({ operation }, proceed) => {
          seen.push(operation);
          return operation === 'PutObject' ? { status: 503, headers: {}, body: '<Error><Code>SlowDown</Code></Error>' } : proceed();
        },
      ],
    });
    expect(await refusal(sdkClient({ url }, ANN).send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })))).toBe('SlowDown 503');
    await sdkClient({ url }, ANN).send(new ListObjectsV2Command({ Bucket }));
    expect(seen).toEqual(['PutObject', 'ListObjectsV2']);
    expect(accessLog.entries()[0]).toMatchObject({ operation: 'PutObject', status: 503 });
  });

  test('keeps a connection after a refused body, and forgets an upload whose sender broke off', async () => {
    const { url } = await begin({ signatures: 'off' });
    const authorization = 'AWS4-HMAC-SHA256 Credential=ann/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
    const refused = await sendUnsigned(url, { method: 'PUT', target: '/no-such-bucket/k', headers: { authorization }, body: Buffer.alloc(3_000_000) });
    expect(refused.status).toBe(404);
    const broken = request(`${url}/${Bucket}/broken`, { method: 'PUT', headers: { authorization, 'content-length': 100 } });
    broken.on('error', () => {});
    broken.write('half');
    await new Promise((resolve) => setTimeout(resolve, 50));
    broken.destroy();
    expect(await refusal(sdkClient({ url }, ANN).send(new GetObjectCommand({ Bucket, Key: 'broken' })))).toBe('NoSuchKey 404');
  });

  test('says that it is no S3', async () => {
    const { url } = await begin();
    const { headers } = await sendUnsigned(url, { target: '/' });
    expect(headers.server).toBe('carillon-store');
    expect(headers['x-amz-request-id']).toMatch(/^[0-9A-Z]{16}$/);
  });
});

describe('a store in a directory', () => {
  const STORE = new URL('../../../infra/local/s3-store/store.ts', import.meta.url).href;

  async function serve(folder: string): Promise<{ readonly process: ChildProcess; readonly url: string }> {
    const program = join(folder, 'serve.mjs');
    await writeFile(
      program,
      `import { startStore } from ${JSON.stringify(STORE)}; console.log((await startStore({ directory: ${JSON.stringify(join(folder, 'data'))} })).url);`,
    );
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { process: child, url: line };
  }

  async function kill(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  test('has everything that was answered after its process was killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'served-'));
    if (DEFAULT_KEY === undefined) throw new Error('no default key');
    const first = await serve(folder);
    const s3 = sdkClient(first, DEFAULT_KEY);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const answered: string[] = [];
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; ; turn++) {
        const Key = `${writer}/${turn}`;
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(turn * 100, Key) }));
        answered.push(Key);
        if (answered.length === 200) await kill(first.process);
      }
    });
    await Promise.allSettled(writing);
    const second = await serve(folder);
    const again = sdkClient(second, DEFAULT_KEY);
    const { Contents = [] } = await again.send(new ListObjectsV2Command({ Bucket }));
    const found = new Set(Contents.map(({ Key }) => Key));
    expect(answered.filter((key) => !found.has(key))).toEqual([]);
    for (const { Key, Size } of Contents) {
      const { Body } = await again.send(new GetObjectCommand({ Bucket, Key }));
      expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.alloc(Size ?? -1, Key))).toBe(true);
    }
    await kill(second.process);
    await rm(folder, { recursive: true });
  });
});
