/** Tasks of the tests, and answers of the services. */
import { hash } from 'node:crypto';
import type { PartTask, WholeTask } from '../../../emr-steps/records/copy-task.ts';
import type { FakeAnswer } from '../plan/fake-s3.ts';

/** An MD5 that no bytes of the tests have. */
export const MD5 = '0123456789abcdef0123456789abcdef';

/** The MD5 of some bytes. */
export function md5(bytes: Uint8Array): string {
  return hash('md5', bytes, 'hex');
}

/** A whole object of 10 bytes. */
export function whole(over: Partial<WholeTask> = {}): WholeTask {
  return { kind: 'whole', key: 'k', etag: MD5, size: 10, mtime: '2026-01-02 03:04:05', storageClass: 'STANDARD_IA', checksum: null, ...over };
}

/** Part 2 of 3, bytes 8 to 15 of 20. */
export function part(over: Partial<PartTask> = {}): PartTask {
  const object = { key: 'k', etag: `${MD5}-3`, size: 20, mtime: null, storageClass: 'STANDARD' };
  const place = { partNumber: 2, partCount: 3, range: { firstByte: 8, lastByte: 15 }, partMap: 'computed' } as const;
  return { kind: 'part', ...object, uploadId: 'u', ...place, checksum: null, drift: null, ...over };
}

/** What CopyObject answers. */
export function copyAnswer(etag: string, headers: Record<string, string> = {}, checksums = ''): FakeAnswer {
  return { headers, body: `<CopyObjectResult><ETag>&quot;${etag}&quot;</ETag>${checksums}</CopyObjectResult>` };
}

/** What UploadPartCopy answers. */
export function partCopyAnswer(etag: string, headers: Record<string, string> = {}): FakeAnswer {
  return { headers, body: `<CopyPartResult><ETag>"${etag}"</ETag></CopyPartResult>` };
}

/** What GetObject answers. */
export function getAnswer(
  bytes: Uint8Array,
  over: { readonly etag?: string; readonly headers?: Record<string, string>; readonly body?: AsyncIterable<Uint8Array> } = {},
): FakeAnswer {
  const status = over.headers?.['content-range'] === undefined ? 200 : 206;
  return { status, headers: { 'content-length': String(bytes.length), etag: `"${over.etag ?? md5(bytes)}"`, ...over.headers }, body: over.body ?? bytes };
}

/** Bytes in chunks. */
export async function* chunks(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Bytes that differ from each other. */
export function someBytes(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1) bytes[at] = (at * 31 + seed * 17 + (at >> 8)) & 0xff;
  return bytes;
}
