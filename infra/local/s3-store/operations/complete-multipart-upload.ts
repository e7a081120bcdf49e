/** CompleteMultipartUpload. */
import { hash } from 'node:crypto';
import { type Answer, xmlAnswer } from '../answer.ts';
import { checksumElement, checksumHeader, checksumOfParts } from '../body/checksums.ts';
import { receiveText } from '../body/receive-body.ts';
import type { StoredChecksum, Upload, UploadedPart } from '../bucket.ts';
import { type ObjectCall, writable } from '../call.ts';
import { checkKeyUse } from '../encryption/kms-keys.ts';
import { joinContents } from '../joined-content.ts';
import { encryptionHeaders, versionHeaders } from '../object-headers.ts';
import { encodePath } from '../percent.ts';
import { ServiceError } from '../service-error.ts';
import { childrenOf, parseXml, textOf, type XmlNode } from '../xml-read.ts';
import { document, elements } from '../xml-write.ts';
import { requestedUpload } from './multipart-upload.ts';
import { aclAndLock, storeObject } from './write-object.ts';

/** S3's limit for every part but the last, in bytes. */
const LEAST_PART_BYTES = 5 * 1024 ** 2;
const MOST_PARTS = 10_000;

interface NamedPart {
  readonly partNumber: number;
  readonly etag: string;
  readonly node: XmlNode;
}

function namedPart(node: XmlNode): NamedPart {
  const [partNumber, etag] = [textOf(node, 'PartNumber')?.trim() ?? '', textOf(node, 'ETag')?.trim()];
  if (!/^\d{1,5}$/.test(partNumber) || etag === undefined) throw new ServiceError('MalformedXML');
  return { partNumber: Number(partNumber), etag: etag.replace(/^"|"$/g, ''), node };
}

/** The parts in the order named, which must be ascending. */
function namedParts(xml: string): readonly NamedPart[] {
  const root = parseXml(xml);
  const parts = childrenOf(root, 'Part').map(namedPart);
  if (root.name !== 'CompleteMultipartUpload' || parts.length === 0 || parts.length > MOST_PARTS) throw new ServiceError('MalformedXML');
  if (parts.some(({ partNumber }, index) => index > 0 && partNumber <= (parts[index - 1] as NamedPart).partNumber)) throw new ServiceError('InvalidPartOrder');
  return parts;
}

/** Parts of a composite checksum must be named with theirs; any that is named must be right. */
function checkPartChecksum({ checksumAlgorithm, checksumType }: Upload, { partNumber, node }: NamedPart, part: UploadedPart): void {
  if (checksumAlgorithm === null) return;
  const named = textOf(node, checksumElement(checksumAlgorithm));
  if (named === null && checksumType === 'COMPOSITE')
    throw new ServiceError('InvalidRequest', {
      message: `The upload was created using a ${checksumAlgorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    });
  if (named !== null && named !== part.checksum) throw new ServiceError('InvalidPart', { elements: { PartNumber: partNumber } });
}

function uploadedParts(call: ObjectCall, upload: Upload, named: readonly NamedPart[]): readonly UploadedPart[] {
  const { uploads } = writable(call.bucket);
  const parts = named.map((name) => {
    const part = uploads.part(upload, name.partNumber, name.etag);
    if (part === null) throw new ServiceError('InvalidPart', { elements: { UploadId: upload.uploadId, PartNumber: name.partNumber, ETag: name.etag } });
    checkPartChecksum(upload, name, part);
    return part;
  });
  const small = parts.find((part, index) => index < parts.length - 1 && part.size < LEAST_PART_BYTES);
  if (small !== undefined)
    throw new ServiceError('EntityTooSmall', {
      elements: { ProposedSize: small.size, MinSizeAllowed: LEAST_PART_BYTES, PartNumber: small.partNumber, ETag: small.etag },
    });
  return parts;
}

/** The MD5 of the parts' MD5s, with their number behind it. */
function multipartEtag(parts: readonly UploadedPart[]): string {
  return `${hash('md5', Buffer.from(parts.map((part) => part.etag).join(''), 'hex'))}-${parts.length}`;
}

function wholeChecksum({ request }: ObjectCall, { checksumAlgorithm, checksumType }: Upload, parts: readonly UploadedPart[]): StoredChecksum | null {
  if (checksumAlgorithm === null || checksumType === null) return null;
  const checksum = checksumOfParts(
    checksumAlgorithm,
    checksumType,
    parts.map((part) => ({ checksum: part.checksum ?? '', size: part.size })),
  );
  const sent = request.headers[checksumHeader(checksumAlgorithm)];
  if (sent !== undefined && sent !== checksum.value)
    throw new ServiceError('BadDigest', { message: `The ${checksumAlgorithm} you specified did not match the calculated checksum.` });
  return checksum;
}

function checkSize({ request }: ObjectCall, size: number): void {
  const expected = request.headers['x-amz-mp-object-size'];
  if (expected !== undefined && Number(expected) !== size)
    throw new ServiceError('InvalidRequest', {
      message: `The provided 'x-amz-mp-object-size' header value ${expected} does not match what was computed: ${size}`,
    });
}

/** CompleteMultipartUpload: from the list of parts to the object, in one go. */
export async function completeMultipartUpload(call: ObjectCall): Promise<Answer> {
  const { encryption: wanted } = requestedUpload(call);
  checkKeyUse(call, { bucket: call.bucket, key: call.key, encryption: wanted, operation: 'Decrypt' });
  const named = namedParts(await receiveText(call.request, call.auth));
  const upload = requestedUpload(call);
  const parts = uploadedParts(call, upload, named);
  const content = joinContents(parts.map((part) => part.content));
  checkSize(call, content.size);
  const checksum = wholeChecksum(call, upload, parts);
  const { headers, tags, encryption, storageClass, acl, lock } = upload;
  const objectParts = parts.map((part, index) => ({ partNumber: index + 1, size: part.size, checksum: part.checksum }));
  const etag = multipartEtag(parts);
  const object = storeObject(call, {
    headers,
    tags,
    encryption,
    storageClass,
    etag,
    size: content.size,
    checksum,
    parts: objectParts,
    content,
    ...aclAndLock(acl, lock),
  });
  writable(call.bucket).uploads.end(upload);
  const { name } = call.bucket.settings;
  const sums = checksum === null ? {} : { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };
  const location = `http://${call.request.headers.host ?? ''}/${name}/${encodePath(call.key)}`;
  const xml = document('CompleteMultipartUploadResult', elements({ Location: location, Bucket: name, Key: call.key, ETag: `"${etag}"`, ...sums }));
  return xmlAnswer(xml, { ...encryptionHeaders(object.encryption), ...versionHeaders(call.bucket, object.versionId) });
}
