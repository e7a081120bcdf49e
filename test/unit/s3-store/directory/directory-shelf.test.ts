import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewUpload, ObjectTarget, StoredObject } from '../../../../infra/local/s3-store/bucket.ts';
import { type Bucket, type BucketShelf, bucketSettings } from '../../../../infra/local/s3-store/buckets.ts';
import type { Content } from '../../../../infra/local/s3-store/content.ts';
import { directoryShelf } from '../../../../infra/local/s3-store/directory/directory-shelf.ts';
import { joinContents } from '../../../../infra/local/s3-store/joined-content.ts';
import { MemoryContent } from '../../../../infra/local/s3-store/memory-content.ts';

let directory: string;
let shelf: BucketShelf | null = null;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'store-')), 'data');
});

afterEach(async () => {
  await shelf?.close();
  shelf = null;
  rmSync(join(directory, '..'), { recursive: true });
});

const SETTINGS = bucketSettings({ name: 'bucket', ownerId: '111111111111', region: 'us-east-1', created: 5 });

function objectsOf(bucket: Bucket | undefined): ObjectTarget {
  return bucket?.objects as ObjectTarget;
}

function made(): ObjectTarget {
  shelf = directoryShelf(directory);
  shelf.open();
  return objectsOf(shelf.create(SETTINGS));
}

/** What a new process finds. */
async function reopened(): Promise<ObjectTarget> {
  await shelf?.close();
  shelf = directoryShelf(directory);
  return objectsOf(shelf.open().find(({ settings }) => settings.name === 'bucket'));
}

async function body(objects: ObjectTarget, bytes: Uint8Array): Promise<Content> {
  const sink = objects.openBody();
  for (let at = 0; at < bytes.length; at += 65_536) await sink.write(bytes.subarray(at, at + 65_536));
  return sink.finish(createHash('md5').update(bytes).digest('hex'));
}

async function object(objects: ObjectTarget, key: string, bytes: Uint8Array, more: Partial<StoredObject> = {}): Promise<StoredObject> {
  const content = more.content ?? (await body(objects, bytes));
  return {
    kind: 'object',
    key,
    versionId: 'null',
    size: content.size,
    etag: 'e',
    lastModified: 1000,
    storageClass: 'STANDARD',
    checksum: null,
    restore: null,
    headers: { 'content-type': 'text/plain', 'x-amz-meta-a': '\xc3\xa9' },
    tags: [{ key: 'k', value: 'v' }],
    encryption: { algorithm: 'AES256', kmsKeyId: null },
    parts: null,
    archiveStatus: null,
    ...more,
    content,
  };
}

async function bytesOf(content: Content, start = 0, end = content.size): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.read(start, end)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

function found(objects: ObjectTarget, key: string, versionId: string | null = null): StoredObject {
  const version = objects.find(key, versionId);
  if (version?.kind !== 'object') throw new Error(`${key} is not there`);
  return version;
}

function files(): readonly string[] {
  return readdirSync(join(directory, 'bodies')).flatMap((shard) => readdirSync(join(directory, 'bodies', shard)));
}

const UPLOAD: NewUpload = {
  key: 'u',
  initiated: 1,
  initiator: 'arn',
  storageClass: 'STANDARD',
  headers: {},
  tags: [],
  encryption: SETTINGS.encryption,
  checksumAlgorithm: null,
  checksumType: null,
};

describe('a store in a directory', () => {
  test('finds every object again, with bytes, headers, tags and odd keys', async () => {
    const objects = made();
    const large = randomBytes(3 * 1024 * 1024 + 5);
    objects.put(await object(objects, '../\x00\n/\xe2\x82\xac', Buffer.from('odd')));
    objects.put(await object(objects, 'large', large));
    objects.put(await object(objects, 'empty', Buffer.alloc(0)));
    const before = ['../\x00\n/\xe2\x82\xac', 'large', 'empty'].map((key) => ({ ...found(objects, key), content: null }));
    const after = await reopened();
    expect([...after.scan('')].map(({ key }) => key)).toEqual(['../\x00\n/\xe2\x82\xac', 'empty', 'large']);
    expect(['../\x00\n/\xe2\x82\xac', 'large', 'empty'].map((key) => ({ ...found(after, key), content: null }))).toEqual(before);
    expect(await bytesOf(found(after, 'large').content)).toBe(large.toString('latin1'));
    expect(await bytesOf(found(after, 'large').content, 2_000_000, 2_000_003)).toBe(large.toString('latin1', 2_000_000, 2_000_003));
    expect(await found(after, 'large').content.md5()).toBe(createHash('md5').update(large).digest('hex'));
    expect(found(after, 'empty').content.size).toBe(0);
  });

  test('finds versions in their order, markers, changed records and what was removed', async () => {
    const objects = made();
    objects.put(await object(objects, 'k', Buffer.from('1'), { versionId: 'v1' }));
    objects.put(await object(objects, 'k', Buffer.from('2'), { versionId: 'v2' }));
    objects.putMarker({ kind: 'delete-marker', key: 'k', versionId: 'v3', lastModified: 1 });
    objects.replace({ ...found(objects, 'k', 'v1'), tags: [] });
    objects.put(await object(objects, 'gone', Buffer.from('x')));
    expect(objects.remove('gone', 'null')).toBe(true);
    expect(objects.remove('gone', 'null')).toBe(false);
    const after = await reopened();
    expect([...(after.scanVersions?.('') ?? [])].map(({ versionId }) => versionId)).toEqual(['v3', 'v2', 'v1']);
    expect(found(after, 'k', 'v1').tags).toEqual([]);
    expect(await bytesOf(found(after, 'k', 'v1').content)).toBe('1');
    expect(after.find('gone', null)).toBeNull();
  });

  test('finds open uploads with their parts, and shares bytes of parts with the object', async () => {
    const objects = made();
    const upload = objects.uploads.begin(UPLOAD);
    const ended = objects.uploads.begin({ ...UPLOAD, key: 'ended' });
    objects.uploads.putPart(upload, { partNumber: 2, etag: 'p2', size: 3, lastModified: 1, checksum: null, content: await body(objects, Buffer.from('def')) });
    objects.uploads.putPart(upload, { partNumber: 1, etag: 'p1', size: 3, lastModified: 1, checksum: null, content: await body(objects, Buffer.from('abc')) });
    objects.uploads.end(ended);
    let after = await reopened();
    const open = after.uploads.find('u', upload.uploadId);
    expect(open).toEqual(upload);
    expect(after.uploads.find('ended', ended.uploadId)).toBeNull();
    const parts = [...after.uploads.parts(upload)];
    expect(parts.map(({ etag }) => etag)).toEqual(['p1', 'p2']);
    after.put(await object(after, 'u', Buffer.alloc(0), { content: joinContents(parts.map(({ content }) => content)) }));
    after.uploads.end(upload);
    expect(files()).toHaveLength(2);
    after = await reopened();
    expect(await bytesOf(found(after, 'u').content, 1, 5)).toBe('bcde');
    expect([...after.uploads.scan('')]).toEqual([]);
  });

  test('lets go of the bytes of a part that came again', async () => {
    const objects = made();
    const upload = objects.uploads.begin(UPLOAD);
    const part = { partNumber: 1, size: 3, lastModified: 1, checksum: null };
    for (const etag of ['old', 'new']) objects.uploads.putPart(upload, { ...part, etag, content: await body(objects, Buffer.from(etag)) });
    const after = await reopened();
    const [left, ...more] = [...after.uploads.parts(upload)];
    expect({ etag: left?.etag, more, files: files().length }).toEqual({ etag: 'new', more: [], files: 1 });
  });

  test("a copy shares its source's file, which goes with the last of them", async () => {
    const objects = made();
    const source = await object(objects, 'a', Buffer.from('shared'));
    objects.put(source);
    expect(await objects.adopt(source.content)).toBe(source.content);
    objects.put({ ...source, key: 'b' });
    objects.remove('a', 'null');
    let after = await reopened();
    expect(await bytesOf(found(after, 'b').content)).toBe('shared');
    after.remove('b', 'null');
    after = await reopened();
    expect(files()).toEqual([]);
  });

  test('takes bytes of other buckets over into a file of its own', async () => {
    const objects = made();
    const content = await objects.adopt(new MemoryContent(Buffer.from('elsewhere')));
    objects.put(await object(objects, 'k', Buffer.alloc(0), { content }));
    expect(await bytesOf(found(await reopened(), 'k').content)).toBe('elsewhere');
  });

  test('keeps settings, and forgets a bucket that was dropped with its open uploads', async () => {
    const objects = made();
    const bucket = { settings: { ...SETTINGS, versioning: 'Enabled' as const, requesterPays: true }, objects };
    shelf?.save(bucket);
    await reopened();
    expect((await directorySettings())[0]).toMatchObject({ versioning: 'Enabled', requesterPays: true, policy: null });
    const upload = objects.uploads;
    expect(upload).toBeDefined();
    shelf?.drop(bucket);
    expect(existsSync(join(directory, 'buckets', 'bucket'))).toBe(false);
  });

  async function directorySettings() {
    await shelf?.close();
    shelf = directoryShelf(directory);
    return shelf.open().map(({ settings }) => settings);
  }
});

describe('a store whose process was killed', () => {
  test('loses a change that was being written, and nothing before it', async () => {
    const objects = made();
    objects.put(await object(objects, 'a', Buffer.from('1')));
    objects.put(await object(objects, 'b', Buffer.from('2')));
    await shelf?.close();
    const journal = join(directory, 'buckets', 'bucket', 'journal');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.slice(0, -10));
    const after = await reopened();
    expect([...after.scan('')].map(({ key }) => key)).toEqual(['a']);
    after.put(await object(after, 'c', Buffer.from('3')));
    expect([...(await reopened()).scan('')].map(({ key }) => key)).toEqual(['a', 'c']);
  });

  test('deletes body files to which nothing refers', async () => {
    const objects = made();
    objects.put(await object(objects, 'a', Buffer.from('1')));
    await shelf?.close();
    writeFileSync(join(directory, 'bodies', 'ab', 'ab00'), 'left behind');
    await reopened();
    expect(files()).toHaveLength(1);
  });

  test('leaves a lock that the next process takes over', async () => {
    made();
    await shelf?.close();
    writeFileSync(join(directory, 'lock'), '999999999');
    expect(await reopened()).toBeDefined();
  });
});

describe("a directory that cannot be a store's", () => {
  test.each(['/proc/carillon/store', '/dev/null', '/dev/null/store'])('cannot be made (%s)', (place) => {
    expect(() => directoryShelf(place)).toThrow(/^\/\S+ cannot be made \(E\w+\); give another directory$/);
  });

  test('is in use', () => {
    made();
    expect(() => directoryShelf(directory)).toThrow(/is in use by the store of process \d+/);
  });

  test('holds something else', () => {
    expect(() => directoryShelf(join(directory, '..', '..'))).toThrow(expect.objectContaining({ code: 'STORE_DIRECTORY_UNUSABLE', retryable: false }));
  });

  test('has another format', async () => {
    made();
    await shelf?.close();
    writeFileSync(join(directory, 'format'), '2\n');
    expect(() => directoryShelf(directory)).toThrow(/format "2"/);
  });

  test('has a broken journal, whose line is named, and is given back', async () => {
    made();
    await shelf?.close();
    appendFileSync(join(directory, 'buckets', 'bucket', 'journal'), 'x\n');
    const broken = directoryShelf(directory);
    expect(() => broken.open()).toThrow(/line 1 of .*journal is no JSON/);
    expect(existsSync(join(directory, 'lock'))).toBe(false);
    shelf = null;
  });
});

test('a journal that is mostly past is written anew', async () => {
  const objects = made();
  const one = await object(objects, 'k', Buffer.from('1'));
  for (let turn = 0; turn < 10_020; turn++) objects.put({ ...one, lastModified: turn * 1000 });
  for (const key of ['a', 'z']) for (const versionId of ['v1', 'v2']) objects.put({ ...one, key, versionId });
  objects.uploads.begin(UPLOAD);
  const after = await reopened();
  const lines = readFileSync(join(directory, 'buckets', 'bucket', 'journal'), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(6);
  expect(found(after, 'k').lastModified).toBe(10_019_000);
  expect([...after.uploads.scan('')]).toHaveLength(1);
  const again = await reopened();
  expect(await bytesOf(found(again, 'k').content)).toBe('1');
  const versions = [...(again.scanVersions?.('') ?? [])].map(({ key, versionId }) => `${key} ${versionId}`);
  expect(versions).toEqual(['a v2', 'a v1', 'k null', 'z v2', 'z v1']);
});
