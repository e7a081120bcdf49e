import { describe, expect, test } from 'vitest';
import { type CopyOptions, copyObjects } from '../../../emr-steps/copy/copy-objects.ts';
import { type Fidelity, PLAIN_FIDELITY } from '../../../emr-steps/fidelity/fidelity.ts';
import type { CopyTask } from '../../../emr-steps/records/copy-task.ts';
import { type FakeAnswer, fakeClient, type Handler, recordingContext, runAll, s3Error } from '../plan/fake-s3.ts';
import { copyAnswer, getAnswer, MD5, md5, part, partCopyAnswer, someBytes, whole } from './tasks.ts';

const KMS = { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': 'arn:k/2' };
const OTHER = 'f'.repeat(32);
const CRC = '<ChecksumCRC32>ab==</ChecksumCRC32>';

interface Scene {
  readonly source?: Handler;
  readonly destination: Handler;
  readonly fidelity?: Partial<Fidelity>;
  readonly options?: Partial<CopyOptions>;
}

async function copy(task: CopyTask, { source, destination, fidelity = {}, options = {} }: Scene) {
  const from = fakeClient(
    'src',
    source ??
      ((request) => {
        throw new Error(`source: unexpected ${request.operation}`);
      }),
  );
  const to = fakeClient('dst', destination);
  const fixed = {
    source: from,
    destination: to,
    sourcePrefix: '',
    destinationPrefix: '',
    mode: 'server-side',
    concurrency: 1,
    memoryBytes: 64 * 2 ** 20,
  } as const;
  const context = recordingContext();
  const [result] = await runAll(copyObjects({ ...fixed, ...options, fidelity: { ...PLAIN_FIDELITY, ...fidelity } }), [task], context);
  return { result, source: from, destination: to, headers: to.requests[0]?.headers ?? {}, counts: context.counts };
}

const head = (headers: Record<string, string> = {}): FakeAnswer => ({ headers: { 'content-length': '10', etag: `"${MD5}"`, ...headers } });

describe('a whole object, server-side', () => {
  test('looks at nothing for rules that are the same for all', async () => {
    const rules: Partial<Fidelity> = {
      encryption: { kind: 'kms', algorithm: 'aws:kms', key: 'k', bucketKey: true },
      acl: 'bucket-owner-full-control',
      tags: 'drop',
    };
    const { result, headers, source } = await copy(whole({ checksum: { algorithm: 'SHA256', type: null } }), {
      destination: () => copyAnswer(OTHER, KMS),
      fidelity: rules,
      options: { classRule: 'GLACIER_IR' },
    });
    expect(headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'k',
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
      'x-amz-acl': 'bucket-owner-full-control',
      'x-amz-tagging-directive': 'REPLACE',
      'x-amz-checksum-algorithm': 'SHA256',
    });
    expect(source.requests).toEqual([]);
    expect(result).toMatchObject({ outcome: 'copied', proof: 'size', drift: 'ckccucclu' });
  });

  test('with a rule that depends on the source is looked at once, pinned, and keeps its redirect by the way', async () => {
    const seen = { ...KMS, 'x-amz-website-redirect-location': '/there', 'x-amz-checksum-crc32': 'ab==', 'x-amz-tagging-count': '2' };
    const { result, source, headers } = await copy(whole({ checksum: { algorithm: 'CRC32', type: null } }), {
      source: () => head(seen),
      destination: () => copyAnswer(OTHER, KMS, CRC),
      fidelity: { encryption: { kind: 'keep', bucketKey: false } },
    });
    expect(source.requests).toMatchObject([{ operation: 'HeadObject', headers: { 'if-match': `"${MD5}"`, 'x-amz-checksum-mode': 'ENABLED' } }]);
    expect(headers).toMatchObject({ ...KMS, 'x-amz-website-redirect-location': '/there' });
    expect(result).toMatchObject({ outcome: 'copied', proof: 'checksum', drift: 'lkkkkukkn' });
  });

  test('is looked at for its redirect alone where that is asked for', async () => {
    const { result, source } = await copy(whole(), {
      source: () => head({ 'x-amz-storage-class': 'STANDARD_IA' }),
      destination: () => copyAnswer(MD5),
      fidelity: { redirects: true },
    });
    expect(source.operations()).toEqual(['HeadObject']);
    expect(result).toMatchObject({ outcome: 'copied', proof: 'etag', drift: 'kknknuknn' });
  });

  test('that changed before it was looked at is its reason', async () => {
    const source: Handler = () => {
      throw s3Error('PreconditionFailed', 412);
    };
    const { result, destination } = await copy(whole(), { source, destination: () => copyAnswer(MD5), fidelity: { redirects: true } });
    expect(result).toMatchObject({ outcome: 'failed', reason: 'source-changed', drift: null });
    expect(destination.requests).toEqual([]);
  });

  test('without a listed ETag is looked at as it is', async () => {
    const { source } = await copy(whole({ etag: null }), { source: () => head(), destination: () => copyAnswer(MD5), fidelity: { redirects: true } });
    expect(source.requests[0]?.headers).not.toHaveProperty('if-match');
  });

  test('keeps its grants, and goes without them where the destination takes none', async () => {
    const grants = '<Grant><Grantee><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>';
    const own = '<Grant><Grantee><ID>ann</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>';
    const body = `<AccessControlPolicy><Owner><ID>ann</ID></Owner><AccessControlList>${own}${grants}</AccessControlList></AccessControlPolicy>`;
    const kept = await copy(whole(), { source: () => ({ body }), destination: () => copyAnswer(MD5), fidelity: { acl: 'copy' } });
    expect(kept.headers).toMatchObject({ 'x-amz-acl': 'public-read' });
    expect(kept.result).toMatchObject({ outcome: 'copied', drift: 'kkkkukunu' });
    const refusing: Handler = (request) => {
      if (request.headers?.['x-amz-acl'] !== undefined) throw s3Error('AccessControlListNotSupported', 400, 'CopyObject');
      return copyAnswer(MD5);
    };
    const lost = await copy(whole(), { source: () => ({ body }), destination: refusing, fidelity: { acl: 'copy' } });
    expect(lost.result).toMatchObject({ outcome: 'copied', drift: 'kkkkulunu' });
  });
});

describe('the proof of a whole object whose copy is under KMS', () => {
  const checked = whole({ checksum: { algorithm: 'CRC32', type: null } });
  const stored =
    (value: string): Handler =>
    () =>
      head({ 'x-amz-checksum-crc32': value });

  test('is its checksum where both sides store one, for one HEAD', async () => {
    const { result, source } = await copy(checked, { source: stored('ab=='), destination: () => copyAnswer(OTHER, KMS, CRC) });
    expect(result).toMatchObject({ outcome: 'copied', proof: 'checksum', drift: 'lkkkuuuku' });
    expect(source.requests).toMatchObject([{ operation: 'HeadObject', headers: { 'if-match': `"${MD5}"`, 'x-amz-checksum-mode': 'ENABLED' } }]);
  });

  test('is none where they differ', async () => {
    const { result } = await copy(checked, { source: stored('xx=='), destination: () => copyAnswer(OTHER, KMS, CRC) });
    expect(result).toMatchObject({ outcome: 'failed', reason: 'etag-mismatch', detail: expect.stringContaining('and their checksums differ'), drift: null });
  });

  test('is its size, without a look, where the listing names no checksum or the copy has none', async () => {
    expect((await copy(whole(), { destination: () => copyAnswer(OTHER, KMS, CRC) })).result).toMatchObject({ proof: 'size', drift: 'lkkkuuunu' });
    expect((await copy(checked, { destination: () => copyAnswer(OTHER, KMS) })).result).toMatchObject({ proof: 'size', drift: 'lkkkuuulu' });
  });

  test('is its size where the source stores another checksum than the listing said', async () => {
    const { result } = await copy(checked, { source: () => head(), destination: () => copyAnswer(OTHER, KMS, CRC) });
    expect(result).toMatchObject({ outcome: 'copied', proof: 'size' });
  });

  test.each(['PreconditionFailed', 'NotFound', 'SlowDown'])('is its size where the source cannot be read any more: %s', async (code) => {
    const source: Handler = () => {
      throw s3Error(code, code === 'SlowDown' ? 503 : code === 'NotFound' ? 404 : 412);
    };
    expect((await copy(checked, { source, destination: () => copyAnswer(OTHER, KMS, CRC) })).result).toMatchObject({ outcome: 'copied', proof: 'size' });
  });

  test('is not asked for where the bucket is missing: the step fails', async () => {
    const source: Handler = () => {
      throw s3Error('NoSuchBucket', 404);
    };
    await expect(copy(checked, { source, destination: () => copyAnswer(OTHER, KMS, CRC) })).rejects.toMatchObject({ code: 'NoSuchBucket' });
  });

  test('of a checksum of parts and one of the whole is none', async () => {
    const { result } = await copy(checked, { source: stored('xx==-3'), destination: () => copyAnswer(OTHER, KMS, CRC) });
    expect(result).toMatchObject({ outcome: 'copied', proof: 'size' });
  });
});

describe('a whole object that is streamed', () => {
  const bytes = someBytes(100);
  const task = whole({ etag: md5(bytes), size: bytes.length });
  const streaming = { mode: 'streaming' } as const;

  test('is sent with the checksum that its source stores', async () => {
    const source: Handler = () =>
      getAnswer(bytes, { headers: { 'x-amz-checksum-sha256': 'cd==', 'x-amz-checksum-type': 'FULL_OBJECT', 'x-amz-storage-class': 'STANDARD_IA' } });
    const destination: Handler = () => ({ headers: { etag: `"${md5(bytes)}"`, 'x-amz-checksum-sha256': 'cd==' } });
    const { result, headers, source: from } = await copy(task, { source, destination, options: streaming });
    expect(from.requests).toMatchObject([{ operation: 'GetObject', headers: { 'x-amz-checksum-mode': 'ENABLED' } }]);
    expect(headers).toMatchObject({ 'x-amz-checksum-sha256': 'cd==' });
    expect(result).toMatchObject({ outcome: 'copied', proof: 'etag', drift: 'kknknukkn' });
  });

  test('gets the encryption of its rule, without a further look, and its checksum as proof', async () => {
    const source: Handler = () => getAnswer(bytes, { headers: { ...KMS, 'x-amz-checksum-crc32': 'ab==' } });
    const destination: Handler = () => ({ headers: { etag: `"${OTHER}"`, ...KMS, 'x-amz-checksum-crc32': 'ab==' } });
    const {
      result,
      headers,
      source: from,
    } = await copy(task, { source, destination, options: streaming, fidelity: { encryption: { kind: 'keep', bucketKey: false } } });
    expect(headers).toMatchObject(KMS);
    expect(from.operations()).toEqual(['GetObject']);
    expect(result).toMatchObject({ outcome: 'copied', proof: 'checksum', drift: 'lknknukkn' });
  });

  test('leaves its tags behind, unread, where they are dropped', async () => {
    const source: Handler = () => getAnswer(bytes, { headers: { 'x-amz-tagging-count': '3' } });
    const destination: Handler = () => ({ headers: { etag: `"${md5(bytes)}"` } });
    const { result, headers, source: from } = await copy(task, { source, destination, options: streaming, fidelity: { tags: 'drop' } });
    expect([from.operations(), headers['x-amz-tagging']]).toEqual([['GetObject'], undefined]);
    expect(result?.drift?.[2]).toBe('c');
  });

  test('from under KMS is not copied where the service answers with another MD5 than its bytes have', async () => {
    const source: Handler = () => getAnswer(bytes, { headers: KMS });
    const destination: Handler = () => ({ headers: { etag: `"${OTHER}"` } });
    const { result } = await copy(whole({ size: bytes.length }), { source, destination, options: streaming });
    expect(result).toMatchObject({ outcome: 'failed', reason: 'digest-mismatch', etag: OTHER });
  });

  test('keeps its grants', async () => {
    const source: Handler = ({ operation }) =>
      operation === 'GetObjectAcl'
        ? {
            body: '<AccessControlPolicy><Owner><ID>a</ID></Owner><AccessControlList><Grant><Grantee><ID>f</ID></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>',
          }
        : getAnswer(bytes);
    const destination: Handler = ({ operation }) =>
      operation === 'GetBucketAcl'
        ? { body: '<AccessControlPolicy><Owner><ID>bob</ID></Owner></AccessControlPolicy>' }
        : { headers: { etag: `"${md5(bytes)}"` } };
    const { result, destination: to } = await copy(task, { source, destination, options: streaming, fidelity: { acl: 'copy' } });
    expect(to.requests.at(-1)?.headers).toMatchObject({ 'x-amz-grant-read': 'id="f"', 'x-amz-grant-full-control': 'id="bob"' });
    expect(result?.drift?.[5]).toBe('k');
  });
});

describe('a part of an upload with a checksum', () => {
  const composite = { algorithm: 'SHA256', type: 'COMPOSITE' } as const;
  const full = { algorithm: 'CRC64NVME', type: 'FULL_OBJECT' } as const;
  const bytes = someBytes(8);
  const sha256 = 'c0NKsB0PcW7yrLZtEQg+YGqNnFvbNrj4cMT8jtdBq2c='; // any value: the service's word counts

  test('tells the checksum that the service answers with, because the completion must name it', async () => {
    const answer = { body: `<CopyPartResult><ETag>"p"</ETag><ChecksumSHA256>${sha256}</ChecksumSHA256></CopyPartResult>` };
    const { result, headers } = await copy(part({ checksum: composite, drift: 'kkkkkkkkk' }), { destination: () => answer });
    expect(result).toMatchObject({ checksum: { ...composite, value: sha256 }, drift: 'kkkkkkkkk' });
    expect(Object.keys(headers).filter((name) => name.includes('checksum'))).toEqual([]);
  });

  test('tells none of the whole object: the service needs none', async () => {
    const { result } = await copy(part({ checksum: full }), { destination: () => partCopyAnswer('p') });
    expect(result).toMatchObject({ checksum: { ...full, value: null } });
  });

  test('is sent with its own where it is streamed', async () => {
    const destination: Handler = () => ({ headers: { etag: `"${md5(bytes)}"` } });
    const source: Handler = () => getAnswer(bytes, { headers: { 'content-range': 'bytes 8-15/20' } });
    const { result, headers } = await copy(part({ checksum: composite }), { source, destination, options: { mode: 'streaming' } });
    expect(headers['x-amz-checksum-sha256']).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(result).toMatchObject({ checksum: { ...composite, value: headers['x-amz-checksum-sha256'] } });
    const whole = await copy(part({ checksum: full }), { source, destination, options: { mode: 'streaming' } });
    expect(Object.keys(whole.headers).filter((name) => name.includes('checksum'))).toEqual([]);
    expect(whole.result).toMatchObject({ checksum: { ...full, value: null } });
  });

  test.each(['server-side', 'streaming'] as const)('without bytes is sent with the checksum of nothing (%s)', async (mode) => {
    const empty = part({ checksum: composite, size: 8, range: { firstByte: 8, lastByte: 7 }, partNumber: 3 });
    const { result, headers } = await copy(empty, { destination: () => ({ headers: { etag: '"d41d8cd98f00b204e9800998ecf8427e"' } }), options: { mode } });
    expect(headers['x-amz-checksum-sha256']).toBe('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
    expect(result).toMatchObject({ outcome: 'copied', checksum: { value: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' } });
  });

  test('that failed has the form of its checksum and no drift', async () => {
    const { result } = await copy(part({ checksum: composite, drift: 'kkkkkkkkk' }), {
      destination: () => {
        throw s3Error('SlowDown', 503, 'UploadPartCopy');
      },
    });
    expect(result).toMatchObject({ outcome: 'failed', checksum: { ...composite, value: null }, drift: null });
  });

  test('that is there already brings the checksum that the service lists', async () => {
    const listed = `<ListPartsResult><Part><PartNumber>2</PartNumber><ETag>p</ETag><Size>8</Size><ChecksumSHA256>${sha256}</ChecksumSHA256></Part></ListPartsResult>`;
    const context = recordingContext({ lookBeforeWriting: true });
    const client = fakeClient('dst', () => ({ body: listed }));
    const options = {
      source: client,
      destination: client,
      sourcePrefix: '',
      destinationPrefix: '',
      mode: 'server-side',
      concurrency: 1,
      memoryBytes: 1,
    } as const;
    const tasks = [part({ checksum: composite, drift: 'kkkkkkkkk' }), part({ checksum: full, uploadId: 'v' }), part({ uploadId: 'w' })];
    const results = await runAll(copyObjects(options), tasks, context);
    expect(results.map((result) => (result.kind === 'part' ? result.checksum : undefined))).toEqual([
      { ...composite, value: sha256 },
      { ...full, value: null },
      null,
    ]);
  });
});

test('a whole object that an earlier attempt copied has the drift that both ways have in common', async () => {
  const context = recordingContext({ lookBeforeWriting: true });
  const answer: FakeAnswer = { headers: { etag: `"${MD5}"`, 'content-length': '10', 'last-modified': 'Sat, 21 Nov 2026 08:00:00 GMT' } };
  const client = fakeClient('dst', () => answer);
  const options = {
    source: client,
    destination: client,
    sourcePrefix: '',
    destinationPrefix: '',
    mode: 'server-side',
    concurrency: 1,
    memoryBytes: 1,
  } as const;
  const results = await runAll(copyObjects({ ...options, runStartedAt: new Date('2026-11-21T08:00:00.700Z') }), [whole()], context);
  expect(results).toMatchObject([{ outcome: 'copied', mode: null, drift: 'kkkkuuuuu' }]);
});
