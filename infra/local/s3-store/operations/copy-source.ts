/** The source of CopyObject and UploadPartCopy, read with the caller's own rights. */
import { bucketNamed, checkOwner, checkPayer } from '../access/enter-bucket.ts';
import { checkReadable } from '../archive.ts';
import type { StoredObject } from '../bucket.ts';
import type { Bucket } from '../buckets.ts';
import type { ObjectCall } from '../call.ts';
import { checkCopySource, preconditions } from '../conditions.ts';
import { checkCustomerKey, SOURCE_KEY } from '../encryption/customer-key.ts';
import { checkKeyUse } from '../encryption/kms-keys.ts';
import { isValidUtf8, type KeyBytes } from '../key-bytes.ts';
import { versionHeaders } from '../object-headers.ts';
import { decodePercent } from '../percent.ts';
import { ServiceError } from '../service-error.ts';
import { existingObject } from './existing-object.ts';

/** S3's limit for what one request copies, in bytes. */
const MOST_COPIED_BYTES = 5 * 1024 ** 3;

/** What is copied. */
export interface CopySource {
  readonly bucket: Bucket;
  readonly object: StoredObject;
  /** The version that the request named; null for the current one. */
  readonly versionId: string | null;
}

/** What the header names. */
export interface SourceName {
  readonly bucket: string;
  readonly key: KeyBytes;
  readonly versionId: string | null;
}

/** `[/]bucket/key[?versionId=id]`, percent-encoded. */
export function sourceName(header: string): SourceName {
  const [, path = '', versionId = null] = /^([^?]*)(?:\?versionId=(.*))?$/s.exec(header) ?? [];
  const name = decodePercent(path.startsWith('/') ? path.slice(1) : path) ?? '';
  const slash = name.indexOf('/');
  if (slash < 1 || slash === name.length - 1 || !isValidUtf8(name))
    throw new ServiceError('InvalidArgument', {
      message: 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      elements: { ArgumentName: 'x-amz-copy-source', ArgumentValue: header },
    });
  return { bucket: name.slice(0, slash), key: name.slice(slash + 1), versionId };
}

/** Finds the source and checks everything about it: rights, expected owner, requester pays, conditions, archive. */
export function copySource(call: ObjectCall): CopySource {
  const { bucket: name, key, versionId } = sourceName(call.request.headers['x-amz-copy-source'] ?? '');
  const bucket = bucketNamed(call, name);
  checkOwner(call, bucket, 'x-amz-source-expected-bucket-owner');
  checkPayer(call, bucket);
  const object = existingObject(call, { bucket, key, versionId, action: 's3:GetObject' });
  checkCopySource(preconditions(call.request.headers, 'x-amz-copy-source-'), object);
  checkReadable(object, call.store.now());
  checkCustomerKey(call.request, object.encryption, SOURCE_KEY);
  checkKeyUse(call, { bucket, key, encryption: object.encryption, operation: 'Decrypt' });
  return { bucket, object, versionId };
}

/** The version that was copied, as the answer names it. */
export function sourceVersionHeaders({ bucket, object }: CopySource): Record<string, string> {
  const { 'x-amz-version-id': versionId } = versionHeaders(bucket, object.versionId);
  return versionId === undefined ? {} : { 'x-amz-copy-source-version-id': versionId };
}

/** `InvalidRequest` for more than one request copies. */
export function checkCopiedSize(bytes: number): void {
  if (bytes > MOST_COPIED_BYTES)
    throw new ServiceError('InvalidRequest', {
      message: `The specified copy source is larger than the maximum allowable size for a copy source: ${MOST_COPIED_BYTES}`,
    });
}
