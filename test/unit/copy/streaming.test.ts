import { describe, expect, test } from 'vitest';
import { CopyRules } from '../../../emr-steps/copy/copy-rules.ts';
import type { CopyEnding } from '../../../emr-steps/copy/ending.ts';
import type { OpenTask } from '../../../emr-steps/copy/route.ts';
import { streaming } from '../../../emr-steps/copy/streaming.ts';
import { reasonOfError } from '../../../emr-steps/plan/reason-of-error.ts';
import type { S3Request, StreamBody } from '../../../emr-steps/s3/s3-request.ts';
import { bodyBytes, type FakeAnswer, type FakeClient, fakeClient, type Handler, s3Error } from '../plan/fake-s3.ts';
import { chunks, getAnswer, MD5, md5, part, someBytes, whole } from './tasks.ts';

const MIB = 1024 * 1024;
const LARGE = someBytes(9 * MIB);
const NEVER = new AbortController().signal;

interface Scene {
  readonly source: Handler;
  readonly destination?: Handler;
  readonly memoryBytes?: number;
}

interface Streamed {
  readonly ending: CopyEnding | null;
  readonly error: unknown;
  readonly source: FakeClient;
  readonly destination: FakeClient;
  /** What the destination got, by request. */
  readonly arrived: Buffer[];
  readonly waits: number[];
}

/** A destination that reads what is sent and answers with its MD5. */
function receiving(arrived: Buffer[], headers: Record<string, string> = {}): Handler {
  return async (request) => {
    const bytes = await bodyBytes(request.body);
    arrived.push(bytes);
    return { headers: { etag: `"${md5(bytes)}"`, ...headers } };
  };
}

async function stream(task: OpenTask, scene: Scene): Promise<Streamed> {
  const arrived: Buffer[] = [];
  const waits: number[] = [];
  const source = fakeClient('src', scene.source);
  const destination = fakeClient('dst', scene.destination ?? receiving(arrived));
  const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
  const sides = { source, destination, sourcePrefix: 'from/', destinationPrefix: 'to/' };
  const route = streaming(sides, new CopyRules(sides), { memoryBytes: scene.memoryBytes ?? 64 * MIB, sleep });
  try {
    return { ending: await route.copy(task, NEVER), error: null, source, destination, arrived, waits };
  } catch (error) {
    return { ending: null, error, source, destination, arrived, waits };
  }
}

function contentMd5(bytes: Uint8Array): string {
  return Buffer.from(md5(bytes), 'hex').toString('base64');
}

/** One answer after another, the last one for ever. */
function inTurn(...answers: readonly (() => FakeAnswer)[]): Handler {
  let n = 0;
  return () => (answers[Math.min(n++, answers.length - 1)] as () => FakeAnswer)();
}

async function* breaking(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, bytes.length >> 1);
  throw s3Error('TruncatedBody', 200, 'GetObject');
}

describe('a whole object', () => {
  const bytes = someBytes(100_000);
  const task = whole({ etag: md5(bytes), size: bytes.length });

  test('carries everything that it must keep, and its Content-MD5', async () => {
    const kept = { 'content-type': 'text/plain', 'cache-control': 'no-cache', 'x-amz-meta-a': 'b', 'x-amz-website-redirect-location': '/there' };
    const source: Handler = (request) => {
      if (request.operation === 'GetObjectTagging') return { body: '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>' };
      return getAnswer(bytes, { headers: { ...kept, 'x-amz-tagging-count': '1', 'x-amz-storage-class': 'STANDARD_IA' } });
    };
    const { ending, destination, arrived, ...rest } = await stream(task, { source });
    expect(ending).toEqual({
      outcome: 'copied',
      etag: md5(bytes),
      proof: 'etag',
      mode: 'streaming',
      reason: null,
      detail: null,
      drift: 'kkkkkuknn',
      checksum: null,
    });
    expect(rest.source.requests).toMatchObject([
      { operation: 'GetObject', key: 'from/k', headers: { 'if-match': `"${md5(bytes)}"` } },
      { operation: 'GetObjectTagging', key: 'from/k' },
    ]);
    expect(destination.requests).toMatchObject([{ operation: 'PutObject', key: 'to/k' }]);
    expect(destination.requests[0]?.headers).toEqual({
      ...kept,
      'x-amz-tagging': 'a=1',
      'x-amz-storage-class': 'STANDARD_IA',
      'content-md5': contentMd5(bytes),
    });
    expect(arrived).toEqual([bytes]);
  });

  test.each([0, 1, 65_535, 65_536, 8 * MIB])('of %d bytes is read once, and can be sent again from memory', async (size) => {
    const some = someBytes(size);
    const destination: Handler = async (request) => {
      const [first, second] = [await bodyBytes(request.body), await bodyBytes(request.body)];
      expect(first.equals(second)).toBe(true);
      expect(request.headers?.['content-md5']).toBe(contentMd5(some));
      return { headers: { etag: `"${md5(second)}"` } };
    };
    const { ending, source } = await stream(whole({ etag: md5(some), size }), { source: () => getAnswer(some, { body: chunks(some) }), destination });
    expect(ending).toMatchObject({ outcome: 'copied', proof: 'etag' });
    expect(source.operations()).toEqual(['GetObject']);
  });

  test('whose body breaks off is read again', async () => {
    const { ending, waits, source } = await stream(task, {
      source: inTurn(
        () => getAnswer(bytes, { body: breaking(bytes) }),
        () => getAnswer(bytes),
      ),
    });
    expect(ending).toMatchObject({ outcome: 'copied' });
    expect(source.requests).toHaveLength(2);
    expect(waits).toHaveLength(1);
  });

  test('that comes damaged is read again, and never written while it is', async () => {
    const damaged = Buffer.from(bytes);
    damaged[5] = (damaged[5] ?? 0) ^ 1;
    const healing = await stream(task, {
      source: inTurn(
        () => getAnswer(damaged, { etag: md5(bytes) }),
        () => getAnswer(bytes),
      ),
    });
    expect(healing.ending).toMatchObject({ outcome: 'copied' });
    const staying = await stream(task, { source: () => getAnswer(damaged, { etag: md5(bytes) }) });
    expect(reasonOfError(staying.error)).toMatchObject({ reason: 'digest-mismatch', detail: expect.stringContaining(md5(damaged)) });
    expect(staying.source.requests).toHaveLength(4);
    expect(staying.destination.requests).toEqual([]);
  });

  test('with an ETag that is no MD5, because its source is under KMS, is taken by its size', async () => {
    const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
    const { ending } = await stream(whole({ size: bytes.length }), { source: () => getAnswer(bytes, { etag: MD5, headers }) });
    expect(ending).toMatchObject({ outcome: 'copied', proof: 'size', etag: md5(bytes) });
  });

  test('at a destination under KMS is taken by its size', async () => {
    const destination: Handler = async (request) => {
      await bodyBytes(request.body);
      return { headers: { etag: `"${MD5}"`, 'x-amz-server-side-encryption': 'aws:kms' } };
    };
    const { ending } = await stream(task, { source: () => getAnswer(bytes), destination });
    expect(ending).toMatchObject({ outcome: 'copied', proof: 'size', etag: MD5 });
  });

  test.each([
    ['another size', { 'content-length': '99999' }],
    ['a piece of something larger', { 'content-range': 'bytes 0-99999/100001' }],
  ])('that is %s now is a changed source, and its body is given up', async (_, headers) => {
    let closed = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        yield bytes;
        yield bytes;
      } finally {
        closed = true;
      }
    }
    const started = body();
    await started.next();
    const { ending, destination } = await stream(task, { source: () => getAnswer(bytes, { headers, body: started }) });
    expect(ending).toMatchObject({ outcome: 'failed', reason: 'source-changed', mode: 'streaming' });
    expect({ closed, requests: destination.requests }).toEqual({ closed: true, requests: [] });
  });

  test.each([
    ['PreconditionFailed', 412],
    ['NoSuchKey', 404],
  ])('whose GET answers %s is not asked for again', async (code, status) => {
    const source: Handler = () => {
      throw s3Error(code, status, 'GetObject');
    };
    const streamed = await stream(task, { source });
    expect(streamed.error).toMatchObject({ code });
    expect(streamed.source.requests).toHaveLength(1);
  });

  test('whose tags cannot be read gives its body up', async () => {
    let closed = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        yield bytes;
      } finally {
        closed = true;
      }
    }
    const started = body();
    await started.next();
    const source: Handler = (request) => {
      if (request.operation === 'GetObjectTagging') throw s3Error('AccessDenied', 403, 'GetObjectTagging');
      return getAnswer(bytes, { headers: { 'x-amz-tagging-count': '1' }, body: started });
    };
    const streamed = await stream(task, { source });
    expect(streamed.error).toMatchObject({ operation: 'GetObjectTagging' });
    expect(closed).toBe(true);
  });
});

describe('a large whole object', () => {
  const task = whole({ etag: md5(LARGE), size: LARGE.length });

  test('passes through with its ETag as Content-MD5, read once', async () => {
    const { ending, source, destination, arrived } = await stream(task, { source: () => getAnswer(LARGE, { body: chunks(LARGE) }) });
    expect(ending).toMatchObject({ outcome: 'copied', proof: 'etag' });
    expect(source.requests).toHaveLength(1);
    expect(destination.requests[0]?.headers?.['content-md5']).toBe(contentMd5(LARGE));
    expect(arrived[0]?.equals(LARGE)).toBe(true);
  });

  test('is read again, pinned, for each time that it is sent again', async () => {
    const destination: Handler = async (request) => {
      const body = request.body as StreamBody & { stream: () => AsyncIterable<Uint8Array> };
      for await (const _ of body.stream()) break;
      return { headers: { etag: `"${md5(await bodyBytes(body))}"` } };
    };
    const { ending, source } = await stream(task, { source: () => getAnswer(LARGE, { body: chunks(LARGE) }), destination });
    expect(ending).toMatchObject({ outcome: 'copied' });
    expect(source.requests.map((request) => request.headers?.['if-match'])).toEqual([`"${md5(LARGE)}"`, `"${md5(LARGE)}"`]);
  });

  test('never arrives whole where it is damaged on the way', async () => {
    const damaged = Buffer.from(LARGE);
    damaged[LARGE.length - 1] = (damaged[LARGE.length - 1] ?? 0) ^ 1;
    let passed = 0;
    const destination: Handler = async (request) => {
      const { stream: open } = request.body as { stream: () => AsyncIterable<Uint8Array> };
      for await (const chunk of open()) passed += chunk.length;
      return {};
    };
    const streamed = await stream(task, { source: () => getAnswer(damaged, { etag: md5(LARGE), body: chunks(damaged) }), destination });
    expect(reasonOfError(streamed.error).reason).toBe('digest-mismatch');
    expect(passed).toBe(LARGE.length - 64 * 1024);
    expect(streamed.source.requests).toHaveLength(1);
  });

  test('gives its body up where the write fails before it begins', async () => {
    let closed = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        yield LARGE;
      } finally {
        closed = true;
      }
    }
    const started = body();
    await started.next();
    const destination: Handler = () => {
      throw s3Error('AccessDenied', 403, 'PutObject');
    };
    const streamed = await stream(task, { source: () => getAnswer(LARGE, { body: started }), destination });
    expect(streamed.error).toMatchObject({ code: 'AccessDenied' });
    expect(closed).toBe(true);
  });

  test('whose MD5 nobody knows is read twice', async () => {
    const headers = { 'x-amz-server-side-encryption': 'aws:kms' };
    const { ending, source, destination } = await stream(whole({ size: LARGE.length }), {
      source: () => getAnswer(LARGE, { etag: MD5, headers, body: chunks(LARGE) }),
    });
    expect(ending).toMatchObject({ outcome: 'copied', proof: 'size' });
    expect(source.operations()).toEqual(['GetObject', 'GetObject']);
    expect(destination.requests[0]?.headers?.['content-md5']).toBe(contentMd5(LARGE));
  });
});

describe('a part', () => {
  const bytes = someBytes(8);
  const answer = (): FakeAnswer => getAnswer(bytes, { etag: `${MD5}-3`, headers: { 'content-range': 'bytes 8-15/20' } });

  test('is read by its range and written with its Content-MD5', async () => {
    const { ending, source, destination } = await stream(part(), { source: answer });
    expect(source.requests).toMatchObject([{ operation: 'GetObject', headers: { range: 'bytes=8-15', 'if-match': `"${MD5}-3"` } }]);
    expect(destination.requests).toMatchObject([
      { operation: 'UploadPart', key: 'to/k', parameters: { uploadId: 'u', partNumber: '2' }, headers: { 'content-md5': contentMd5(bytes) } },
    ]);
    expect(ending).toEqual({ outcome: 'copied', etag: md5(bytes), proof: null, mode: 'streaming', reason: null, detail: null, drift: null, checksum: null });
  });

  test('without bytes is not read at all', async () => {
    const { ending, source, arrived } = await stream(part({ range: { firstByte: 20, lastByte: 19 } }), { source: answer });
    expect(source.requests).toEqual([]);
    expect(arrived).toEqual([Buffer.alloc(0)]);
    expect(ending).toMatchObject({ outcome: 'copied', etag: md5(Buffer.alloc(0)) });
  });

  test('that the service answers with another digest is not copied', async () => {
    const { ending } = await stream(part(), { source: answer, destination: () => ({ headers: { etag: `"${MD5}"` } }) });
    expect(ending).toMatchObject({ outcome: 'failed', reason: 'digest-mismatch', etag: MD5 });
  });

  test('under KMS may have any ETag, and says so', async () => {
    const headers = { etag: `"${MD5}"`, 'x-amz-server-side-encryption': 'aws:kms' };
    const { ending } = await stream(part(), { source: answer, destination: () => ({ headers }) });
    expect(ending).toMatchObject({ outcome: 'copied', etag: MD5, proof: 'size' });
  });

  test('is held as far as a quarter of the memory, and beyond that read twice', async () => {
    const size = LARGE.length;
    const task = part({ range: { firstByte: 0, lastByte: size - 1 }, size: 2 * size, partNumber: 1 });
    const source: Handler = () => getAnswer(LARGE, { etag: `${MD5}-3`, headers: { 'content-range': `bytes 0-${size - 1}/${2 * size}` }, body: chunks(LARGE) });
    const held = await stream(task, { source, memoryBytes: 36 * MIB });
    expect(held.source.requests).toHaveLength(1);
    const twice = await stream(task, { source, memoryBytes: 35 * MIB });
    expect(twice.source.requests).toHaveLength(2);
    for (const { ending, destination } of [held, twice]) {
      expect(ending).toMatchObject({ outcome: 'copied', etag: md5(LARGE) });
      expect(destination.requests[0]?.headers?.['content-md5']).toBe(contentMd5(LARGE));
    }
  });
});

test('what is held at once stays within the memory', async () => {
  const bytes = someBytes(MIB);
  let held = 0;
  let most = 0;
  const source = fakeClient('src', () => {
    held += MIB;
    most = Math.max(most, held);
    return getAnswer(bytes, { body: chunks(bytes) });
  });
  const destination = fakeClient('dst', async (request: S3Request) => {
    const answer = { headers: { etag: `"${md5(await bodyBytes(request.body))}"` } };
    await new Promise((resolve) => setImmediate(resolve));
    held -= MIB;
    return answer;
  });
  const sides = { source, destination, sourcePrefix: '', destinationPrefix: '' };
  const route = streaming(sides, new CopyRules(sides), { memoryBytes: 4 * MIB });
  const endings = await Promise.all(Array.from({ length: 20 }, (_, n) => route.copy(whole({ key: `k${n}`, etag: md5(bytes), size: MIB }), NEVER)));
  expect(endings.every(({ outcome }) => outcome === 'copied')).toBe(true);
  expect(most).toBe(4 * MIB);
});
