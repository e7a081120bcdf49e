/** CopyObject. */
import { authorize } from '../access/authorize.ts';
import { writtenAcl } from '../acl/acl-headers.ts';
import { type Answer, xmlAnswer } from '../answer.ts';
import { algorithmNamed, checksumElement, checksumOf } from '../body/checksums.ts';
import type { StoredChecksum, StoredObject, Tag } from '../bucket.ts';
import { type ObjectCall, writable } from '../call.ts';
import { writeEncryption } from '../encryption/write-encryption.ts';
import { copiedHeaders, encryptionHeaders, objectHeaders, storageClass, versionHeaders } from '../object-headers.ts';
import { writtenLock } from '../object-lock.ts';
import { ServiceError } from '../service-error.ts';
import { headerTags } from '../tags.ts';
import { document, elements } from '../xml-write.ts';
import { type CopySource, checkCopiedSize, copySource, sourceVersionHeaders } from './copy-source.ts';
import { actionOn } from './existing-object.ts';
import { listingTime } from './listing-time.ts';
import { aclAndLock, checkNewKey, etagOf, hasMd5Etags, storeObject } from './write-object.ts';

type Directive = 'COPY' | 'REPLACE';

function directive({ request }: ObjectCall, name: string): Directive {
  const wanted = request.headers[name] ?? 'COPY';
  if (wanted !== 'COPY' && wanted !== 'REPLACE')
    throw new ServiceError('InvalidArgument', { message: `Unknown ${name}: ${wanted}`, elements: { ArgumentName: name, ArgumentValue: wanted } });
  return wanted;
}

const CHANGES = ['x-amz-storage-class', 'x-amz-website-redirect-location', 'x-amz-server-side-encryption', 'x-amz-server-side-encryption-customer-algorithm'];

/** An object may be copied onto itself only to change something about it. */
function checkChange(call: ObjectCall, source: CopySource): void {
  const isSame = source.bucket === call.bucket && source.object.key === call.key && source.versionId === null;
  if (!isSame || directive(call, 'x-amz-metadata-directive') === 'REPLACE' || CHANGES.some((name) => call.request.headers[name] !== undefined)) return;
  throw new ServiceError('InvalidRequest', {
    message:
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  });
}

/** The tags of the copy. Reading the source's and writing one's own are rights of their own. */
function copiedTags(call: ObjectCall, source: CopySource): readonly Tag[] {
  const isCopy = directive(call, 'x-amz-tagging-directive') === 'COPY';
  const tags = isCopy ? source.object.tags : headerTags(call.request);
  if (tags.length === 0) return tags;
  if (isCopy)
    authorize(call, { bucket: source.bucket, key: source.object.key, action: actionOn('s3:GetObjectTagging', source.versionId), object: source.object });
  authorize(call, { bucket: call.bucket, key: call.key, action: 's3:PutObjectTagging', requestTags: tags });
  return tags;
}

/** The copy has the checksum that the request asks for, else one of the source's algorithm; always of the whole object. */
async function copiedChecksum({ request }: ObjectCall, { checksum, content }: StoredObject): Promise<StoredChecksum | null> {
  const wanted = request.headers['x-amz-checksum-algorithm'];
  const algorithm = wanted === undefined ? checksum?.algorithm : algorithmNamed(wanted);
  if (algorithm === undefined) return null;
  if (checksum?.algorithm === algorithm && checksum.type === 'FULL_OBJECT') return checksum;
  return { algorithm, type: 'FULL_OBJECT', value: await checksumOf(content, algorithm) };
}

/** The MD5 of the source's bytes, for which nothing is read where its ETag says it. */
function sourceMd5({ parts, encryption, etag, content }: StoredObject): Promise<string> | string {
  return parts === null && hasMd5Etags(encryption) ? etag : content.md5();
}

function copyAnswer(call: ObjectCall, source: CopySource, copy: StoredObject): Answer {
  const { checksum } = copy;
  const sums = checksum === null ? {} : { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };
  const xml = document('CopyObjectResult', elements({ LastModified: listingTime(copy.lastModified), ETag: `"${copy.etag}"`, ...sums }));
  return xmlAnswer(xml, { ...encryptionHeaders(copy.encryption), ...versionHeaders(call.bucket, copy.versionId), ...sourceVersionHeaders(source) });
}

/** CopyObject: one part whatever the source was; storage class and website redirect only as the request gives them. */
export async function copyObject(call: ObjectCall): Promise<Answer> {
  const { request, bucket } = call;
  checkNewKey(call);
  const [acl, lock] = [writtenAcl(call), writtenLock(call)];
  const source = copySource(call);
  const { object } = source;
  checkChange(call, source);
  checkCopiedSize(object.size);
  const headers = directive(call, 'x-amz-metadata-directive') === 'COPY' ? copiedHeaders(object, request) : objectHeaders(request);
  const kept = {
    headers,
    tags: copiedTags(call, source),
    encryption: writeEncryption(call),
    storageClass: storageClass(request),
    size: object.size,
    parts: null,
    ...aclAndLock(acl, lock),
  };
  const [md5, checksum, content] = [await sourceMd5(object), await copiedChecksum(call, object), await writable(bucket).adopt(object.content)];
  return copyAnswer(call, source, storeObject(call, { ...kept, etag: etagOf(md5, kept.encryption), checksum, content }));
}
