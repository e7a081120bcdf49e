/** Fills a store from within its process: many small objects, and multipart ones that share the bytes of their first part. */
import { createHash, hash } from 'node:crypto';
import type { ObjectPart, StoredObject } from '../../infra/local/s3-store/bucket.ts';
import { isWritable } from '../../infra/local/s3-store/bucket.ts';
import { joinContents } from '../../infra/local/s3-store/joined-content.ts';
import { MemoryContent } from '../../infra/local/s3-store/memory-content.ts';
import type { Store } from '../../infra/local/s3-store/store.ts';

/** 5 MiB, S3's least size of a part that is not the last. */
const FIRST_PART = Buffer.alloc(5 * 1024 * 1024, 'part one ');

/** What a bucket holds. */
export interface ManyObjects {
  /** All of them. */
  readonly objects: number;
  /** Every so manieth is a multipart object of two parts; 0: none. */
  readonly multipartEvery: number;
}

/** Key of object `at`. */
export function manyKey(at: number): string {
  return `${(at % 97).toString(16).padStart(2, '0')}/object ${String(at).padStart(7, '0')}`;
}

/** Writes them straight into the bucket; nothing passes the server. */
export function fillMany(store: Store, bucketName: string, { objects, multipartEvery }: ManyObjects): void {
  const target = store.context.buckets.get(bucketName)?.objects;
  if (target === undefined || !isWritable(target)) throw new Error(`${bucketName} takes no objects`);
  const first = new MemoryContent(FIRST_PART, hash('md5', FIRST_PART));
  for (let at = 0; at < objects; at += 1) {
    const bytes = Buffer.from(`content of object ${at}`);
    const content = new MemoryContent(bytes, hash('md5', bytes));
    const isMultipart = multipartEvery > 0 && at % multipartEvery === 0;
    target.put(isMultipart ? multipartObject(manyKey(at), first, content) : plainObject(manyKey(at), content, hash('md5', bytes)));
  }
}

function plainObject(key: string, content: MemoryContent, etag: string, parts: readonly ObjectPart[] | null = null): StoredObject {
  return {
    kind: 'object',
    key,
    size: content.size,
    etag,
    lastModified: Date.UTC(2026, 0, 2),
    storageClass: 'STANDARD',
    checksum: null,
    restore: null,
    versionId: 'null',
    headers: { 'content-type': 'text/plain', 'x-amz-meta-kept': 'yes' },
    tags: [],
    encryption: { algorithm: 'AES256', kmsKeyId: null },
    parts,
    archiveStatus: null,
    content,
  };
}

function multipartObject(key: string, first: MemoryContent, last: MemoryContent): StoredObject {
  const digests = [FIRST_PART, last.read(0, last.size)].map((bytes) => hash('md5', Buffer.concat(Array.isArray(bytes) ? bytes : [bytes as Buffer]), 'buffer'));
  const etag = `${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-2`;
  const parts = [first, last].map(({ size }, at) => ({ partNumber: at + 1, size, checksum: null }));
  const content = joinContents([first, last]);
  return { ...plainObject(key, last, etag, parts), size: content.size, content };
}
