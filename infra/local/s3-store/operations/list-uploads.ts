/** ListMultipartUploads and ListParts. */
import { type Answer, xmlAnswer } from '../answer.ts';
import { checksumElement } from '../body/checksums.ts';
import { isWritable, type Upload, type UploadedPart } from '../bucket.ts';
import { type BucketCall, type ObjectCall, writable } from '../call.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { type Page, type PageQuery, readPage } from '../list-page.ts';
import { queryValue } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { document, elements } from '../xml-write.ts';
import { commonPrefixes, countParameter, type KeyWriter, keyWriter } from './list-objects.ts';
import { listingTime } from './listing-time.ts';
import { requestedUpload } from './multipart-upload.ts';
import { initiatorElement, ownerElement } from './owner-element.ts';

/** Uploads of the marked key with an id above the marked one, then those of later keys. */
function* behind(call: BucketCall, from: KeyBytes, keyMarker: KeyBytes, idMarker: string): Generator<Upload> {
  for (const upload of writable(call.bucket).uploads.scan(keyMarker > from ? keyMarker : from)) {
    if (upload.key !== keyMarker || upload.uploadId > idMarker) yield upload;
  }
}

/** A computed bucket that takes no writes has no uploads either. */
const NO_UPLOADS: Page<Upload> = { items: [], commonPrefixes: [], isTruncated: false, last: '' };

/** One page. Without an id the key marker means everything behind the key. */
function uploadPage(call: BucketCall, query: Omit<PageQuery, 'after'>, keyMarker: KeyBytes, idMarker: string): Page<Upload> {
  const { objects } = call.bucket;
  if (!isWritable(objects)) return NO_UPLOADS;
  const { uploads } = objects;
  if (keyMarker === '' || idMarker === '') return readPage((from) => uploads.scan(from), { ...query, after: keyMarker });
  return readPage((from) => behind(call, from, keyMarker, idMarker), { ...query, after: '' });
}

function parameter(call: BucketCall, name: string): string {
  return queryValue(call.request, name) ?? '';
}

function uploadElement(call: BucketCall, write: KeyWriter, upload: Upload): string {
  const sums = elements({ ChecksumAlgorithm: upload.checksumAlgorithm, ChecksumType: upload.checksumType });
  const who = initiatorElement(upload.initiator) + ownerElement(call, call.bucket.settings.ownerId);
  const what = `<Key>${write(upload.key)}</Key>${elements({ UploadId: upload.uploadId })}`;
  return `<Upload>${what}${who}${elements({ StorageClass: upload.storageClass, Initiated: listingTime(upload.initiated) })}${sums}</Upload>`;
}

/** ListMultipartUploads. */
export function listMultipartUploads(call: BucketCall): Answer {
  const [prefix, delimiter] = [parameter(call, 'prefix'), parameter(call, 'delimiter')];
  const [keyMarker, idMarker] = [parameter(call, 'key-marker'), parameter(call, 'upload-id-marker')];
  const maxKeys = countParameter(call, 'max-uploads');
  const { write, encodingType } = keyWriter(call);
  const page = uploadPage(call, { prefix, delimiter, maxKeys }, keyMarker, idMarker);
  const last = page.items.at(-1);
  const next = page.isTruncated
    ? `<NextKeyMarker>${write(page.last)}</NextKeyMarker>${elements({ NextUploadIdMarker: last?.key === page.last ? last.uploadId : '' })}`
    : '';
  const markers = `<KeyMarker>${write(keyMarker)}</KeyMarker>${elements({ UploadIdMarker: idMarker })}${next}`;
  const asked = `<Prefix>${write(prefix)}</Prefix>${delimiter === '' ? '' : `<Delimiter>${write(delimiter)}</Delimiter>`}`;
  const facts = elements({ EncodingType: encodingType, MaxUploads: maxKeys, IsTruncated: page.isTruncated });
  const uploads = page.items.map((upload) => uploadElement(call, write, upload)).join('');
  const xml = elements({ Bucket: call.bucket.settings.name }) + markers + asked + facts + uploads + commonPrefixes(page.commonPrefixes, write);
  return xmlAnswer(document('ListMultipartUploadsResult', xml));
}

function partMarker(call: ObjectCall): number {
  const marker = Number(queryValue(call.request, 'part-number-marker') ?? '0');
  if (!Number.isSafeInteger(marker) || marker < 0) throw new ServiceError('InvalidArgument', { elements: { ArgumentName: 'part-number-marker' } });
  return marker;
}

function partElement({ checksumAlgorithm }: Upload, { partNumber, lastModified, etag, size, checksum }: UploadedPart): string {
  const sums = checksumAlgorithm === null ? {} : { [checksumElement(checksumAlgorithm)]: checksum };
  return elements({ Part: { PartNumber: partNumber, LastModified: listingTime(lastModified), ETag: `"${etag}"`, Size: size, ...sums } });
}

/** ListParts. */
export function listParts(call: ObjectCall): Answer {
  const upload = requestedUpload(call);
  const marker = partMarker(call);
  const maxParts = countParameter(call, 'max-parts');
  const left = [...writable(call.bucket).uploads.parts(upload)].filter((part) => part.partNumber > marker);
  const parts = left.slice(0, maxParts);
  const names = elements({ Bucket: call.bucket.settings.name, Key: call.key, UploadId: upload.uploadId });
  const who = initiatorElement(upload.initiator) + ownerElement(call, call.bucket.settings.ownerId);
  const facts = elements({
    StorageClass: upload.storageClass,
    PartNumberMarker: marker,
    NextPartNumberMarker: parts.at(-1)?.partNumber ?? 0,
    MaxParts: maxParts,
    IsTruncated: left.length > parts.length,
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumType,
  });
  return xmlAnswer(document('ListPartsResult', names + who + facts + parts.map((part) => partElement(upload, part)).join('')));
}
