/** CreateMultipartUpload, UploadPart, UploadPartCopy, AbortMultipartUpload. */
import { authorize } from '../access/authorize.ts';
import { writtenAcl } from '../acl/acl-headers.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { algorithmNamed, checksumElement, checksumHeader, checksumOf, checksumTypeFor } from '../body/checksums.ts';
import { receiveBody } from '../body/receive-body.ts';
import type { ChecksumAlgorithm, NewUpload, Upload, UploadedPart } from '../bucket.ts';
import { type ObjectCall, thisSecond, writable } from '../call.ts';
import type { Content } from '../content.ts';
import { checkCustomerKey, OWN_KEY } from '../encryption/customer-key.ts';
import { checkKeyUse } from '../encryption/kms-keys.ts';
import { refuseEncryptionHeaders, writeEncryption } from '../encryption/write-encryption.ts';
import { encryptionHeaders, objectHeaders, storageClass } from '../object-headers.ts';
import { checkLockedProof, writtenLock } from '../object-lock.ts';
import { queryPartNumber } from '../ranges.ts';
import { queryValue } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { headerTags } from '../tags.ts';
import { document, elements } from '../xml-write.ts';
import { checkCopiedSize, copySource, sourceVersionHeaders } from './copy-source.ts';
import { listingTime } from './listing-time.ts';
import { aclAndLock, checkNewKey, etagOf } from './write-object.ts';

/** A range may be copied only from a source larger than this, in bytes. */
const RANGES_ABOVE_BYTES = 5 * 1024 ** 2;

/** The upload that the query names; `NoSuchUpload`. */
export function requestedUpload({ request, bucket, key }: ObjectCall): Upload {
  const uploadId = queryValue(request, 'uploadId') ?? '';
  const upload = writable(bucket).uploads.find(key, uploadId);
  if (upload === null) throw new ServiceError('NoSuchUpload', { elements: { UploadId: uploadId } });
  return upload;
}

function checksumOfUpload({ request: { headers } }: ObjectCall): Pick<NewUpload, 'checksumAlgorithm' | 'checksumType'> {
  const name = headers['x-amz-checksum-algorithm'];
  if (name === undefined) return { checksumAlgorithm: null, checksumType: null };
  const algorithm = algorithmNamed(name);
  return { checksumAlgorithm: algorithm, checksumType: checksumTypeFor(algorithm, headers['x-amz-checksum-type']) };
}

/** CreateMultipartUpload: fixes everything about the object but its bytes. */
export function createMultipartUpload(call: ObjectCall): Answer {
  const { request, bucket, key, auth } = call;
  checkNewKey(call);
  const [acl, lock] = [writtenAcl(call), writtenLock(call)];
  const tags = headerTags(request);
  if (tags.length > 0) authorize(call, { bucket, key, action: 's3:PutObjectTagging', requestTags: tags });
  const kept = {
    headers: objectHeaders(request),
    tags,
    encryption: writeEncryption(call),
    storageClass: storageClass(request),
    ...checksumOfUpload(call),
    ...aclAndLock(acl, lock),
  };
  const upload = writable(bucket).uploads.begin({ ...kept, key, initiated: call.store.now(), initiator: auth.caller.arn ?? 'anonymous' });
  const sums: Record<string, string> =
    kept.checksumAlgorithm === null ? {} : { 'x-amz-checksum-algorithm': kept.checksumAlgorithm, 'x-amz-checksum-type': kept.checksumType ?? '' };
  const xml = elements({ Bucket: bucket.settings.name, Key: key, UploadId: upload.uploadId });
  return xmlAnswer(document('InitiateMultipartUploadResult', xml), { ...encryptionHeaders(upload.encryption), ...sums });
}

function requiredPartNumber({ request }: ObjectCall): number {
  const number = queryPartNumber(request);
  if (number === null) throw new ServiceError('InvalidArgument', { message: 'This operation does not accept a query-string without partNumber' });
  return number;
}

/** Puts a part into the upload, which may have ended while the bytes came in. */
function storePart(call: ObjectCall, part: Omit<UploadedPart, 'partNumber' | 'lastModified'>): UploadedPart {
  const stored = { ...part, partNumber: requiredPartNumber(call), lastModified: thisSecond(call.store) };
  writable(call.bucket).uploads.putPart(requestedUpload(call), stored);
  return stored;
}

function checkAlgorithm(sent: ChecksumAlgorithm | undefined, { checksumAlgorithm }: Upload): void {
  if (sent === undefined || checksumAlgorithm === null || sent === checksumAlgorithm) return;
  throw new ServiceError('InvalidRequest', {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${checksumAlgorithm.toLowerCase()}, actual checksum Type: ${sent.toLowerCase()}`,
  });
}

/** A part is encrypted as its upload is: the customer's key must come again, and the data key of KMS be opened. */
function checkPartEncryption(call: ObjectCall, { encryption }: Upload): void {
  refuseEncryptionHeaders(call.request);
  checkCustomerKey(call.request, encryption, OWN_KEY);
  checkKeyUse(call, { bucket: call.bucket, key: call.key, encryption, operation: 'Decrypt' });
}

/** UploadPart. */
export async function uploadPart(call: ObjectCall): Promise<Answer> {
  const upload = requestedUpload(call);
  requiredPartNumber(call);
  checkPartEncryption(call, upload);
  checkLockedProof(call, upload.lock, 'Put Part');
  const { request, auth, bucket } = call;
  const { content, md5, checksum } = await receiveBody({ request, auth, sink: writable(bucket).openBody(), algorithm: upload.checksumAlgorithm });
  checkAlgorithm(checksum?.algorithm, upload);
  const kept = upload.checksumAlgorithm === null ? null : (checksum?.value ?? null);
  const part = storePart(call, { etag: etagOf(md5, upload.encryption), size: content.size, checksum: kept, content });
  const sums = checksum === null ? {} : { [checksumHeader(checksum.algorithm)]: checksum.value };
  return emptyAnswer(200, { etag: `"${part.etag}"`, ...encryptionHeaders(upload.encryption), ...sums });
}

function invalidRange(message: string, header: string): ServiceError {
  return new ServiceError('InvalidArgument', { message, elements: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header } });
}

/** The bytes of the source that a part takes. */
function copiedContent({ request }: ObjectCall, content: Content): Content {
  const header = request.headers['x-amz-copy-source-range'];
  if (header === undefined) return content;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (first === undefined || Number(last) < Number(first))
    throw invalidRange(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      header,
    );
  if (Number(last) >= content.size) throw invalidRange(`Range specified is not valid for source object of size: ${content.size}`, header);
  if (content.size <= RANGES_ABOVE_BYTES)
    throw new ServiceError('InvalidRequest', { message: 'The specified copy source is not supported as a byte-range copy source' });
  return content.slice(Number(first), Number(last) + 1);
}

/** UploadPartCopy: shares the source's bytes. */
export async function uploadPartCopy(call: ObjectCall): Promise<Answer> {
  const upload = requestedUpload(call);
  requiredPartNumber(call);
  checkPartEncryption(call, upload);
  const source = copySource(call);
  const copied = copiedContent(call, source.object.content);
  checkCopiedSize(copied.size);
  const algorithm = upload.checksumAlgorithm;
  const [md5, checksum] = [await copied.md5(), algorithm === null ? null : await checksumOf(copied, algorithm)];
  const content = await writable(call.bucket).adopt(copied);
  const part = storePart(call, { etag: etagOf(md5, upload.encryption), size: copied.size, checksum, content });
  const sums = algorithm === null ? {} : { [checksumElement(algorithm)]: checksum };
  const xml = elements({ LastModified: listingTime(part.lastModified), ETag: `"${part.etag}"`, ...sums });
  return xmlAnswer(document('CopyPartResult', xml), { ...encryptionHeaders(upload.encryption), ...sourceVersionHeaders(source) });
}

/** AbortMultipartUpload. */
export function abortMultipartUpload(call: ObjectCall): Answer {
  const upload = requestedUpload(call);
  writable(call.bucket).uploads.end(upload);
  return emptyAnswer(204);
}
