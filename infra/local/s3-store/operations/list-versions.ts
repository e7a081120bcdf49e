/** ListObjectVersions. */
import { type Answer, xmlAnswer } from '../answer.ts';
import type { ListedObject, ObjectSource, ObjectVersion, StoredObject } from '../bucket.ts';
import type { BucketCall } from '../call.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { type Page, type PageQuery, readPage } from '../list-page.ts';
import { queryValue } from '../request.ts';
import { document, elements } from '../xml-write.ts';
import { commonPrefixes, countParameter, type KeyWriter, keyWriter } from './list-objects.ts';
import { listingTime } from './listing-time.ts';
import { ownerElement } from './owner-element.ts';

/** A row: a version, and whether it is its key's current one. */
interface VersionRow {
  readonly key: KeyBytes;
  readonly versionId: string;
  readonly isLatest: boolean;
  readonly version: ObjectVersion | ListedObject;
}

/** All versions, newest first within a key; a source without versions has one of each, with the id `null`. */
function* rows(objects: ObjectSource, from: KeyBytes): Generator<VersionRow> {
  if (objects.scanVersions === undefined) {
    for (const version of objects.scan(from)) yield { key: version.key, versionId: 'null', isLatest: true, version };
    return;
  }
  let key: KeyBytes | null = null;
  for (const version of objects.scanVersions(from)) {
    yield { key: version.key, versionId: version.versionId, isLatest: version.key !== key, version };
    key = version.key;
  }
}

/** Rows behind the marked version: the older ones of its key, then later keys. */
function* behind(objects: ObjectSource, from: KeyBytes, keyMarker: KeyBytes, idMarker: string): Generator<VersionRow> {
  let isBehind = false;
  for (const row of rows(objects, keyMarker > from ? keyMarker : from)) {
    if (row.key !== keyMarker || isBehind) yield row;
    else isBehind = row.versionId === idMarker;
  }
}

function versionPage({ bucket: { objects } }: BucketCall, query: Omit<PageQuery, 'after'>, keyMarker: KeyBytes, idMarker: string): Page<VersionRow> {
  if (keyMarker === '' || idMarker === '') return readPage((from) => rows(objects, from), { ...query, after: keyMarker });
  return readPage((from) => behind(objects, from, keyMarker, idMarker), { ...query, after: '' });
}

function objectFacts(object: StoredObject | ListedObject): string {
  const { etag, size, storageClass, checksum } = object;
  return elements({ ETag: `"${etag}"`, ChecksumAlgorithm: checksum?.algorithm, ChecksumType: checksum?.type, Size: size, StorageClass: storageClass });
}

function rowElement(call: BucketCall, write: KeyWriter, { key, versionId, isLatest, version }: VersionRow): string {
  const isMarker = 'kind' in version && version.kind === 'delete-marker';
  const name = isMarker ? 'DeleteMarker' : 'Version';
  const facts = isMarker ? '' : objectFacts(version as StoredObject);
  const common = elements({ VersionId: versionId, IsLatest: isLatest, LastModified: listingTime(version.lastModified) });
  return `<${name}><Key>${write(key)}</Key>${common}${facts}${ownerElement(call, call.bucket.settings.ownerId)}</${name}>`;
}

/** ListObjectVersions. */
export function listObjectVersions(call: BucketCall): Answer {
  const parameter = (name: string): string => queryValue(call.request, name) ?? '';
  const [prefix, delimiter, keyMarker, idMarker] = [parameter('prefix'), parameter('delimiter'), parameter('key-marker'), parameter('version-id-marker')];
  const maxKeys = countParameter(call, 'max-keys');
  const { write, encodingType } = keyWriter(call);
  const page = versionPage(call, { prefix, delimiter, maxKeys }, keyMarker, idMarker);
  const last = page.items.at(-1);
  const next = page.isTruncated
    ? `<NextKeyMarker>${write(page.last)}</NextKeyMarker>${elements({ NextVersionIdMarker: last?.key === page.last ? last.versionId : null })}`
    : '';
  const asked = `<Prefix>${write(prefix)}</Prefix><KeyMarker>${write(keyMarker)}</KeyMarker>${elements({ VersionIdMarker: idMarker })}${next}`;
  const facts =
    elements({ MaxKeys: maxKeys, IsTruncated: page.isTruncated, EncodingType: encodingType }) +
    (delimiter === '' ? '' : `<Delimiter>${write(delimiter)}</Delimiter>`);
  const found = page.items.map((row) => rowElement(call, write, row)).join('') + commonPrefixes(page.commonPrefixes, write);
  return xmlAnswer(document('ListVersionsResult', elements({ Name: call.bucket.settings.name }) + asked + facts + found));
}
