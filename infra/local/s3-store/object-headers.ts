/** Which headers of a write belong to the object, and how an object's facts become headers again. */

import { checksumHeader } from './body/checksums.ts';
import type { Encryption, StoredObject } from './bucket.ts';
import type { Bucket } from './buckets.ts';
import type { S3Request } from './request.ts';
import { ServiceError } from './service-error.ts';

const SYSTEM_HEADERS = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires'] as const;
const REDIRECT = 'x-amz-website-redirect-location';
const DEFAULT_TYPE = 'binary/octet-stream';

/** S3's limit on names and values of user metadata together. */
const MOST_METADATA_BYTES = 2048;

const STORAGE_CLASSES = ['STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'];

function contentEncoding(header: string | undefined): string | undefined {
  const codings = (header ?? '').split(',').map((coding) => coding.trim());
  return codings.filter((coding) => coding !== '' && coding !== 'aws-chunked').join(',') || undefined;
}

function userMetadata(headers: S3Request['headers']): Record<string, string> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const name in headers) {
    if (!name.startsWith('x-amz-meta-')) continue;
    const value = headers[name] as string;
    metadata[name] = value;
    bytes += name.length - 'x-amz-meta-'.length + value.length;
  }
  if (bytes > MOST_METADATA_BYTES) throw new ServiceError('MetadataTooLarge', { elements: { MaxSizeAllowed: MOST_METADATA_BYTES, Size: bytes } });
  return metadata;
}

/** What of a write's headers the object keeps. */
export function objectHeaders({ headers }: S3Request): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of SYSTEM_HEADERS) if (headers[name] !== undefined) kept[name] = headers[name];
  const encoding = contentEncoding(headers['content-encoding']);
  if (encoding !== undefined) kept['content-encoding'] = encoding;
  kept['content-type'] ??= DEFAULT_TYPE;
  const redirect = headers[REDIRECT];
  if (redirect !== undefined) kept[REDIRECT] = redirect;
  return Object.assign(kept, userMetadata(headers));
}

/** What a copy takes over from its source: everything but the website redirect, which counts only when the request brings it. */
export function copiedHeaders(source: StoredObject, { headers }: S3Request): Readonly<Record<string, string>> {
  const { [REDIRECT]: _, ...kept } = source.headers;
  const redirect = headers[REDIRECT];
  return redirect === undefined ? kept : { ...kept, [REDIRECT]: redirect };
}

/** The storage class that a write asks for; `STANDARD` when it asks for none. */
export function storageClass({ headers }: S3Request): string {
  const wanted = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (!STORAGE_CLASSES.includes(wanted)) throw new ServiceError('InvalidStorageClass', { elements: { StorageClassRequested: wanted } });
  return wanted;
}

/** The encryption as answers to reads and writes name it. */
export function encryptionHeaders({ algorithm, kmsKeyId, bucketKey, customerKeyMd5 }: Encryption): Record<string, string> {
  if (customerKeyMd5 !== undefined)
    return { 'x-amz-server-side-encryption-customer-algorithm': algorithm, 'x-amz-server-side-encryption-customer-key-md5': customerKeyMd5 };
  const headers: Record<string, string> = { 'x-amz-server-side-encryption': algorithm };
  if (kmsKeyId !== null) headers['x-amz-server-side-encryption-aws-kms-key-id'] = kmsKeyId;
  if (bucketKey) headers['x-amz-server-side-encryption-bucket-key-enabled'] = 'true';
  return headers;
}

/** The stored checksum as a header, with its type. */
export function checksumHeaders({ checksum }: Pick<StoredObject, 'checksum'>): Record<string, string> {
  return checksum === null ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** The version as answers name it; an unversioned bucket's are not named. */
export function versionHeaders(bucket: Bucket, versionId: string): Record<string, string> {
  return bucket.settings.versioning === null ? {} : { 'x-amz-version-id': versionId };
}
