/** GetObjectAttributes. */
import { authorize } from '../access/authorize.ts';
import { type Answer, xmlAnswer } from '../answer.ts';
import { checksumElement } from '../body/checksums.ts';
import type { StoredObject } from '../bucket.ts';
import type { ObjectCall } from '../call.ts';
import { checkCustomerKey, OWN_KEY } from '../encryption/customer-key.ts';
import { checkKeyUse } from '../encryption/kms-keys.ts';
import { versionHeaders } from '../object-headers.ts';
import { ServiceError } from '../service-error.ts';
import { document, elements, type XmlElements } from '../xml-write.ts';
import { actionOn, queryVersion, requestedObject } from './existing-object.ts';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];
const MOST_PARTS_A_PAGE = 1000;

function wantedAttributes({ request }: ObjectCall): readonly string[] {
  const wanted = (request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !ATTRIBUTES.includes(name));
  if (unknown !== undefined)
    throw new ServiceError('InvalidArgument', {
      message: 'Invalid attribute name specified.',
      elements: { ArgumentName: 'x-amz-object-attributes', ArgumentValue: unknown },
    });
  return wanted;
}

function count({ request }: ObjectCall, name: string, otherwise: number): number {
  const number = Number(request.headers[name] ?? otherwise);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new ServiceError('InvalidArgument', { elements: { ArgumentName: name, ArgumentValue: request.headers[name] ?? '' } });
  return number;
}

/** The number of parts for every multipart object; the parts themselves only where each has a checksum, as S3 has it. */
function objectParts(call: ObjectCall, { parts, checksum }: StoredObject): XmlElements | null {
  if (parts === null) return null;
  const total = { PartsCount: parts.length };
  if (checksum === null || parts.some((part) => part.checksum === null)) return total;
  const marker = count(call, 'x-amz-part-number-marker', 0);
  const most = Math.min(count(call, 'x-amz-max-parts', MOST_PARTS_A_PAGE), MOST_PARTS_A_PAGE);
  const left = parts.filter((part) => part.partNumber > marker);
  const page = left.slice(0, most);
  return {
    ...total,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? 0,
    MaxParts: most,
    IsTruncated: left.length > page.length,
    Part: page.map((part) => ({ PartNumber: part.partNumber, Size: part.size, [checksumElement(checksum.algorithm)]: part.checksum })),
  };
}

function attributes(call: ObjectCall, object: StoredObject): XmlElements {
  const { etag, checksum, storageClass, size } = object;
  const all: XmlElements = {
    ETag: etag,
    Checksum: checksum === null ? null : { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type },
    ObjectParts: objectParts(call, object),
    StorageClass: storageClass,
    ObjectSize: size,
  };
  const wanted = wantedAttributes(call);
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
}

/** GetObjectAttributes. The ETag comes without quotes here. */
export function getObjectAttributes(call: ObjectCall): Answer {
  const object = requestedObject(call, 's3:GetObject');
  const action = actionOn('s3:GetObjectAttributes', queryVersion(call));
  authorize(call, { bucket: call.bucket, key: call.key, action, object });
  checkCustomerKey(call.request, object.encryption, OWN_KEY);
  const isOpened = object.checksum !== null && wantedAttributes(call).includes('Checksum');
  if (isOpened) checkKeyUse(call, { bucket: call.bucket, key: call.key, encryption: object.encryption, operation: 'Decrypt' });
  const headers = { 'last-modified': new Date(object.lastModified).toUTCString(), ...versionHeaders(call.bucket, object.versionId) };
  return xmlAnswer(document('GetObjectAttributesResponse', elements(attributes(call, object))), headers);
}
