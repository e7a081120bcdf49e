import { describe, expect, test } from 'vitest';
import { type CopyOptions, copyObjects } from '../../../emr-steps/copy/copy-objects.ts';
import { REFUSALS_IN_A_ROW } from '../../../emr-steps/copy/refusals.ts';
import type { StepContext } from '../../../emr-steps/hadoop/step-context.ts';
import { copyResult } from '../../../emr-steps/records/copy-result.ts';
import type { CopyTask } from '../../../emr-steps/records/copy-task.ts';
import { bodyBytes, type FakeAnswer, type FakeClient, fakeClient, type Handler, recordingContext, runAll, s3Error } from '../plan/fake-s3.ts';
import { copyAnswer, getAnswer, MD5, md5, part, partCopyAnswer, someBytes, whole } from './tasks.ts';

interface Scene {
  readonly source?: Handler;
  readonly destination?: Handler;
  readonly options?: Partial<CopyOptions>;
  readonly context?: Partial<StepContext>;
}

function nothing(side: string): Handler {
  return (request) => {
    throw new Error(`${side}: unexpected ${request.operation}`);
  };
}

async function copy(tasks: readonly CopyTask[], scene: Scene = {}) {
  const source: FakeClient = fakeClient('src', scene.source ?? nothing('source'));
  const destination: FakeClient = fakeClient('dst', scene.destination ?? nothing('destination'));
  const context = recordingContext(scene.context);
  const fixed = { source, destination, sourcePrefix: '', destinationPrefix: '', mode: 'server-side', concurrency: 4, memoryBytes: 64 * 2 ** 20 } as const;
  const results = await runAll(copyObjects({ ...fixed, ...scene.options }), tasks, context);
  expect(results.map((result) => copyResult.decode(copyResult.encode(result)))).toEqual(results);
  return { results, source, destination, context };
}

const equalEtag: Handler = (request): FakeAnswer => copyAnswer((request.headers?.['x-amz-copy-source-if-match'] ?? '').replaceAll('"', ''));

function failing(code: string, status: number): Handler {
  return (request) => {
    throw s3Error(code, status, request.operation);
  };
}

describe('a whole object, server-side', () => {
  test('is pinned by its ETag, keeps its class, gets no ACL, and is proven by the ETag', async () => {
    const { results, source, destination, context } = await copy([whole()], {
      destination: equalEtag,
      options: { sourcePrefix: 'from/', destinationPrefix: 'to/' },
      context: { taskAttempt: { id: 'attempt_1_0001_m_000002_3', number: 3, partition: 2 } },
    });
    expect(results).toEqual([
      {
        kind: 'whole',
        key: 'k',
        sourceEtag: MD5,
        size: 10,
        outcome: 'copied',
        etag: MD5,
        proof: 'etag',
        reason: null,
        detail: null,
        mode: 'server-side',
        attempt: 3,
        time: '2026-11-21 08:09:10',
        drift: 'kkkkuuunu',
      },
    ]);
    expect(destination.requests).toMatchObject([{ operation: 'CopyObject', key: 'to/k' }]);
    expect(destination.requests[0]?.headers).toEqual({
      'x-amz-copy-source': '/src/from/k',
      'x-amz-copy-source-if-match': `"${MD5}"`,
      'x-amz-storage-class': 'STANDARD_IA',
    });
    expect(source.requests).toEqual([]);
    expect(context.counts).toEqual({ bytes: 10 });
  });

  test('of unknown class becomes STANDARD, said aloud', async () => {
    const { destination } = await copy([whole({ storageClass: null })], { destination: equalEtag });
    expect(destination.requests[0]?.headers?.['x-amz-storage-class']).toBe('STANDARD');
  });

  test('without a listed ETag is not pinned, and its size is the proof', async () => {
    const { results, destination } = await copy([whole({ etag: null })], { destination: () => copyAnswer(MD5) });
    expect(destination.requests[0]?.headers).not.toHaveProperty('x-amz-copy-source-if-match');
    expect(results).toMatchObject([{ outcome: 'copied', proof: 'size', etag: MD5, sourceEtag: null }]);
  });

  const other = md5(Buffer.from('other'));

  test.each(['aws:kms', 'aws:kms:dsse'])('has its size as proof where the destination encrypts with %s', async (algorithm) => {
    const { results, source } = await copy([whole()], { destination: () => copyAnswer(other, { 'x-amz-server-side-encryption': algorithm }) });
    expect(results).toMatchObject([{ outcome: 'copied', proof: 'size', etag: other }]);
    expect(source.requests).toEqual([]);
  });

  const head =
    (headers: Record<string, string>): Handler =>
    () => ({ headers: { etag: `"${MD5}"`, ...headers } });

  test.each([
    ['plain', {}, '', { outcome: 'failed', reason: 'etag-mismatch', etag: other }],
    ['SSE-S3', { 'x-amz-server-side-encryption': 'AES256' }, '', { outcome: 'failed', reason: 'etag-mismatch', etag: other }],
    ['KMS without a checksum', { 'x-amz-server-side-encryption': 'aws:kms' }, '', { outcome: 'copied', proof: 'size' }],
    [
      'KMS with the same checksum',
      { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-checksum-crc32': 'AAAA==' },
      '<ChecksumCRC32>AAAA==</ChecksumCRC32>',
      { outcome: 'copied', proof: 'checksum' },
    ],
    [
      'KMS with another checksum',
      { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-checksum-crc32': 'AAAA==' },
      '<ChecksumCRC32>BBBB==</ChecksumCRC32>',
      { outcome: 'failed', reason: 'etag-mismatch' },
    ],
    [
      'KMS with a checksum of another kind',
      { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-checksum-sha256': 'AAAA==' },
      '<ChecksumCRC32>AAAA==</ChecksumCRC32>',
      { outcome: 'copied', proof: 'size' },
    ],
  ])('with another ETag is judged by one HEAD of its source: %s', async (_, headers, checksums, expected) => {
    const { results, source } = await copy([whole()], { destination: () => copyAnswer(other, {}, checksums), source: head(headers) });
    expect(results).toMatchObject([expected]);
    expect(source.requests).toMatchObject([{ operation: 'HeadObject', headers: { 'if-match': `"${MD5}"`, 'x-amz-checksum-mode': 'ENABLED' } }]);
  });
});

describe('a part, server-side', () => {
  test('is copied by its range', async () => {
    const { results, destination } = await copy([part()], { destination: () => partCopyAnswer(MD5) });
    expect(destination.requests).toMatchObject([{ operation: 'UploadPartCopy', key: 'k', parameters: { partNumber: '2', uploadId: 'u' } }]);
    expect(destination.requests[0]?.headers).toEqual({
      'x-amz-copy-source': '/src/k',
      'x-amz-copy-source-if-match': `"${MD5}-3"`,
      'x-amz-copy-source-range': 'bytes=8-15',
    });
    expect(results).toMatchObject([
      { kind: 'part', partNumber: 2, partCount: 3, uploadId: 'u', etag: MD5, proof: null, outcome: 'copied', partMap: 'computed' },
    ]);
  });

  test.each(['aws:kms', 'aws:kms:dsse'])('under %s says that its ETag is no MD5', async (algorithm) => {
    const headers = { 'x-amz-server-side-encryption': algorithm };
    const copiedPart = await copy([part()], { destination: () => partCopyAnswer(MD5, headers) });
    expect(copiedPart.results).toMatchObject([{ outcome: 'copied', etag: MD5, proof: 'size' }]);
    const empty = await copy([part({ range: null, size: 0 })], { destination: () => ({ headers: { etag: `"${MD5}"`, ...headers } }) });
    expect(empty.results).toMatchObject([{ outcome: 'copied', etag: MD5, proof: 'size' }]);
  });

  test('that is the whole object is copied without a range', async () => {
    const { destination, context } = await copy([part({ range: null, partNumber: 1, partCount: 1 })], { destination: () => partCopyAnswer(MD5) });
    expect(destination.requests[0]?.headers).not.toHaveProperty('x-amz-copy-source-range');
    expect(context.counts).toEqual({ bytes: 20 });
  });

  test.each([
    ['of an empty object', part({ range: null, size: 0, partNumber: 1, partCount: 1 })],
    ['at the end of an object', part({ range: { firstByte: 20, lastByte: 19 }, partNumber: 3 })],
  ])('without bytes %s is uploaded', async (_, task) => {
    const { results, destination } = await copy([task], { destination: () => ({ headers: { etag: `"${md5(Buffer.alloc(0))}"` } }) });
    expect(destination.requests).toMatchObject([{ operation: 'UploadPart', headers: { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' } }]);
    expect(results).toMatchObject([{ outcome: 'copied', etag: md5(Buffer.alloc(0)) }]);
  });
});

describe('a request that fails', () => {
  test.each([
    ['PreconditionFailed', 412, 'failed', 'source-changed'],
    ['NoSuchKey', 404, 'failed', 'source-vanished'],
    ['InvalidObjectState', 403, 'skipped', 'archived'],
    ['NoSuchUpload', 404, 'failed', 'upload-vanished'],
    ['SlowDown', 503, 'failed', 'throttled'],
    ['AccessDenied', 403, 'failed', 'access-denied'],
  ])('with %s is a reason of its object alone', async (code, status, outcome, reason) => {
    const { results } = await copy([whole(), whole({ key: 'good' })], {
      destination: (request, client) => (request.key === 'good' ? equalEtag(request, client) : failing(code, status)(request, client)),
    });
    expect(results.find(({ key }) => key === 'k')).toMatchObject({ outcome, reason, etag: null, mode: 'server-side', detail: expect.stringContaining(code) });
    expect(results.find(({ key }) => key === 'good')).toMatchObject({ outcome: 'copied' });
  });

  test('with an error that nobody knows is unexpected', async () => {
    const { results } = await copy([whole()], {
      destination: () => {
        throw new TypeError('oh');
      },
    });
    expect(results).toMatchObject([{ outcome: 'failed', reason: 'unexpected', detail: 'TypeError: oh' }]);
  });

  test.each(['server-side', 'streaming'] as const)('with NoSuchBucket fails the step (%s)', async (mode) => {
    await expect(copy([whole()], { destination: failing('NoSuchBucket', 404), source: failing('NoSuchBucket', 404), options: { mode } })).rejects.toThrow(
      'NoSuchBucket',
    );
  });

  test('after an abort is the abort', async () => {
    const abort = new AbortController();
    const destination: Handler = () => {
      abort.abort(new Error('told to end'));
      throw s3Error('ConnectionReset', 0, 'CopyObject');
    };
    await expect(copy([whole()], { destination, context: { signal: abort.signal } })).rejects.toThrow('told to end');
  });
});

describe('a task that is settled', () => {
  test('flows on as it is', async () => {
    const settled = { ...whole(), kind: 'settled', outcome: 'skipped', reason: 'archived', detail: 'storage class GLACIER' } as const;
    const { results } = await copy([settled]);
    expect(results).toMatchObject([
      { kind: 'settled', outcome: 'skipped', reason: 'archived', detail: 'storage class GLACIER', mode: null, etag: null, sourceEtag: MD5 },
    ]);
  });
});

test('a dry run sends nothing and accepts the upload id of plan’s dry run', async () => {
  const { results, context } = await copy([whole(), part({ uploadId: 'dry-run' })], { context: { dryRun: true, lookBeforeWriting: true } });
  expect(results).toMatchObject([
    { kind: 'whole', outcome: 'copied', etag: null, mode: null, proof: null },
    { kind: 'part', outcome: 'copied', etag: null, mode: null, uploadId: 'dry-run' },
  ]);
  expect(context.counts).toEqual({});
});

describe('the mode auto', () => {
  const bytes = someBytes(10);
  const read: Handler = () => getAnswer(bytes);
  const task = (n: number): CopyTask => whole({ key: `k${n}`, etag: md5(bytes) });
  const refusing =
    (refused: (key: string) => boolean): Handler =>
    async (request, client) => {
      if (request.operation === 'PutObject') return { headers: { etag: `"${md5(await bodyBytes(request.body))}"` } };
      if (refused(request.key ?? '')) throw s3Error('AccessDenied', 403, request.operation);
      return equalEtag(request, client);
    };
  const auto = { mode: 'auto', concurrency: 1 } as const;

  test('streams an object whose copy is refused, and counts it', async () => {
    const { results, context, destination } = await copy([task(1), task(2)], { source: read, destination: refusing((key) => key === 'k1'), options: auto });
    expect(results.map(({ mode, outcome, proof }) => ({ mode, outcome, proof }))).toEqual([
      { mode: 'streaming', outcome: 'copied', proof: 'etag' },
      { mode: 'server-side', outcome: 'copied', proof: 'etag' },
    ]);
    expect(destination.operations()).toEqual(['CopyObject', 'PutObject', 'CopyObject']);
    expect(context.counts).toEqual({ bytes: 20, 'streamed-after-refusal': 1 });
  });

  test('streams a part whose copy is refused', async () => {
    const eight = someBytes(8);
    const { results } = await copy([part()], {
      source: () => getAnswer(eight, { etag: `${MD5}-3`, headers: { 'content-range': 'bytes 8-15/20' } }),
      destination: async (request) => {
        if (request.operation !== 'UploadPart') throw s3Error('AccessDenied', 403, request.operation);
        return { headers: { etag: `"${md5(await bodyBytes(request.body))}"` } };
      },
      options: auto,
    });
    expect(results).toMatchObject([{ kind: 'part', mode: 'streaming', outcome: 'copied', etag: md5(eight) }]);
  });

  test('streams everything after ten refusals in a row', async () => {
    const tasks = Array.from({ length: REFUSALS_IN_A_ROW + 5 }, (_, n) => task(n));
    const { destination, context } = await copy(tasks, { source: read, destination: refusing(() => true), options: auto });
    const count = (operation: string): number => destination.operations().filter((name) => name === operation).length;
    expect(count('CopyObject')).toBe(REFUSALS_IN_A_ROW);
    expect(count('PutObject')).toBe(tasks.length);
    expect(context.counts['streamed-after-refusal']).toBe(tasks.length);
  });

  test('goes on trying where the refusals are not in a row', async () => {
    const tasks = Array.from({ length: 40 }, (_, n) => task(n));
    const { destination } = await copy(tasks, { source: read, destination: refusing((key) => key !== 'k9' && key !== 'k18' && key !== 'k27'), options: auto });
    expect(destination.operations().filter((name) => name === 'CopyObject')).toHaveLength(28 + REFUSALS_IN_A_ROW);
  });

  test('says both refusals where the object can be read neither way, and does not count it', async () => {
    const tasks = Array.from({ length: 12 }, (_, n) => task(n));
    const { results, destination, context } = await copy(tasks, { source: failing('AccessDenied', 403), destination: refusing(() => true), options: auto });
    expect(results[0]).toMatchObject({ outcome: 'failed', reason: 'access-denied' });
    expect(results[0]?.detail).toMatch(/CopyObject: AccessDenied .*; and streaming: GetObject: AccessDenied/);
    expect(destination.operations()).toEqual(tasks.map(() => 'CopyObject'));
    expect(context.counts).toEqual({});
  });

  test('streams where the destination’s endpoint does not know the source’s bucket', async () => {
    const { results } = await copy([task(1)], {
      source: read,
      destination: async (request) => {
        if (request.operation === 'CopyObject') throw s3Error('NoSuchBucket', 404, 'CopyObject');
        return { headers: { etag: `"${md5(await bodyBytes(request.body))}"` } };
      },
      options: auto,
    });
    expect(results).toMatchObject([{ outcome: 'copied', mode: 'streaming' }]);
  });

  test('does not stream what failed for another reason', async () => {
    const { results, source } = await copy([task(1)], { destination: failing('PreconditionFailed', 412), options: auto });
    expect(results).toMatchObject([{ reason: 'source-changed', mode: 'server-side' }]);
    expect(source.requests).toEqual([]);
  });
});

describe('an attempt after the first', () => {
  const again = { lookBeforeWriting: true };
  const runStartedAt = new Date('2026-11-21T08:00:00.700Z');
  const head = (etag: string, modified: string, size = 10): FakeAnswer => ({
    headers: { etag: `"${etag}"`, 'last-modified': modified, 'content-length': String(size) },
  });
  const looking =
    (answer: FakeAnswer): Handler =>
    (request, client) =>
      request.operation === 'HeadObject' ? answer : equalEtag(request, client);

  test('reports a whole object that was copied since the run began, and writes nothing', async () => {
    const { results, destination, context } = await copy([whole()], {
      destination: looking(head(MD5, 'Sat, 21 Nov 2026 08:00:00 GMT')),
      options: { runStartedAt },
      context: again,
    });
    expect(destination.operations()).toEqual(['HeadObject']);
    expect(results).toMatchObject([{ outcome: 'copied', etag: MD5, proof: 'etag', mode: null }]);
    expect(context.counts).toEqual({ 'already-there': 1 });
  });

  test.each([
    ['an older one', head(MD5, 'Sat, 21 Nov 2026 07:59:59 GMT')],
    ['another ETag', head(md5(Buffer.from('x')), 'Sat, 21 Nov 2026 09:00:00 GMT')],
    ['another size', head(MD5, 'Sat, 21 Nov 2026 09:00:00 GMT', 11)],
    ['no time', { headers: { etag: `"${MD5}"`, 'content-length': '10' } }],
  ])('copies where the destination has %s', async (_, answer) => {
    const { destination } = await copy([whole()], { destination: looking(answer), options: { runStartedAt }, context: again });
    expect(destination.operations()).toEqual(['HeadObject', 'CopyObject']);
  });

  test.each(['NotFound', 'AccessDenied', 'SlowDown'])('copies where the look answers %s', async (code) => {
    const { results } = await copy([whole()], {
      destination: (request, client) => {
        if (request.operation === 'HeadObject') throw s3Error(code, 404, 'HeadObject');
        return equalEtag(request, client);
      },
      options: { runStartedAt },
      context: again,
    });
    expect(results).toMatchObject([{ outcome: 'copied', mode: 'server-side' }]);
  });

  test('copies without a look where nobody knows when the run began', async () => {
    const { destination } = await copy([whole()], { destination: equalEtag, context: again });
    expect(destination.operations()).toEqual(['CopyObject']);
  });

  const listed =
    (...parts: readonly { readonly n: number; readonly size: number }[]): Handler =>
    (request) => {
      if (request.operation !== 'ListParts') return partCopyAnswer(MD5);
      const rows = parts.map(({ n, size }) => `<Part><PartNumber>${n}</PartNumber><ETag>"${md5(Buffer.from([n]))}"</ETag><Size>${size}</Size></Part>`);
      return { body: `<ListPartsResult>${rows.join('')}</ListPartsResult>` };
    };

  test('asks once an upload which parts are there, and copies the others', async () => {
    const tasks = [
      part({ partNumber: 1, range: { firstByte: 0, lastByte: 7 } }),
      part({ partNumber: 2, range: { firstByte: 8, lastByte: 15 } }),
      part({ partNumber: 3, range: { firstByte: 16, lastByte: 19 } }),
    ];
    const { results, destination } = await copy(tasks, { destination: listed({ n: 1, size: 8 }, { n: 3, size: 3 }), context: again });
    expect(destination.operations().toSorted()).toEqual(['ListParts', 'UploadPartCopy', 'UploadPartCopy']);
    const byNumber = results.toSorted((a, b) => (a.kind === 'part' && b.kind === 'part' ? a.partNumber - b.partNumber : 0));
    expect(byNumber.map(({ mode, etag }) => ({ mode, etag }))).toEqual([
      { mode: null, etag: md5(Buffer.from([1])) },
      { mode: 'server-side', etag: MD5 },
      { mode: 'server-side', etag: MD5 },
    ]);
  });

  test('says at once that an upload is gone', async () => {
    const { results, destination } = await copy([part(), part({ partNumber: 3 })], { destination: failing('NoSuchUpload', 404), context: again });
    expect(results).toMatchObject([{ reason: 'upload-vanished', mode: null }, { reason: 'upload-vanished' }]);
    expect(destination.operations()).toEqual(['ListParts']);
  });

  test('remembers a bounded number of uploads', async () => {
    const tasks = Array.from({ length: 70 }, (_, n) => part({ uploadId: `u${n}` }));
    const { destination } = await copy([...tasks, part({ uploadId: 'u0' }), part({ uploadId: 'u69' })], {
      destination: listed(),
      options: { concurrency: 1 },
      context: again,
    });
    expect(destination.operations().filter((name) => name === 'ListParts')).toHaveLength(71);
  });

  test('looks for nothing in the first attempt', async () => {
    const { destination } = await copy([part()], { destination: listed({ n: 2, size: 8 }) });
    expect(destination.operations()).toEqual(['UploadPartCopy']);
  });
});

test('many tasks are under way at once, and no more than allowed', async () => {
  let underWay = 0;
  let most = 0;
  const tasks = Array.from({ length: 50 }, (_, n) => whole({ key: `k${n}` }));
  const { results, context } = await copy(tasks, {
    destination: async (request, client) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return equalEtag(request, client);
    },
    options: { concurrency: 8 },
  });
  expect(results).toHaveLength(50);
  expect(most).toBe(8);
  expect(context.said.at(-1)).toMatch(/^copied 50 objects and parts, 500 B \(/);
});
