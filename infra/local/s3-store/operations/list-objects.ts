/** ListObjectsV2 and ListObjects. */
import { type Answer, xmlAnswer } from '../answer.ts';
import type { ContentsPage, ListedObject } from '../bucket.ts';
import type { BucketCall } from '../call.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { firstKey, type Page, type PageQuery, readPage } from '../list-page.ts';
import { encodeListed } from '../percent.ts';
import { queryValue } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { document, elements, escapeXml } from '../xml-write.ts';
import { listingTime } from './listing-time.ts';
import { ownerElement } from './owner-element.ts';

/** What S3 gives at most, whatever `max-keys` says. */
const MOST_KEYS_A_PAGE = 1000;

/** How keys are written: as text, or percent-encoded when `encoding-type=url` asks for it. */
export type KeyWriter = (key: KeyBytes) => string;

/** A count of the query between 0 and 1,000. */
export function countParameter(call: BucketCall, name: string): number {
  const text = queryValue(call.request, name);
  if (text === null || text === '') return MOST_KEYS_A_PAGE;
  if (!/^\d{1,10}$/.test(text))
    throw new ServiceError('InvalidArgument', {
      message: `Provided ${name} not an integer or within integer range`,
      elements: { ArgumentName: name, ArgumentValue: text },
    });
  return Math.min(Number(text), MOST_KEYS_A_PAGE);
}

/** The writer that the query asks for, and its name for `EncodingType`. */
export function keyWriter(call: BucketCall): { readonly write: KeyWriter; readonly encodingType: string | null } {
  const wanted = queryValue(call.request, 'encoding-type');
  if (wanted === null || wanted === '') return { write: escapeXml, encodingType: null };
  if (wanted !== 'url')
    throw new ServiceError('InvalidArgument', {
      message: 'Invalid Encoding Method specified in Request',
      elements: { ArgumentName: 'encoding-type', ArgumentValue: wanted },
    });
  return { write: encodeListed, encodingType: 'url' };
}

function text(call: BucketCall, name: string): string {
  return queryValue(call.request, name) ?? '';
}

/** Tokens are opaque to clients; `+`, `/` and `=` in them find clients that do not encode. */
function tokenFor(last: KeyBytes): string {
  return Buffer.from(`1${last}`, 'latin1').toString('base64');
}

function fromToken(token: string): KeyBytes {
  const bytes = Buffer.from(token, 'base64').toString('latin1');
  if (!bytes.startsWith('1') || tokenFor(bytes.slice(1)) !== token)
    throw new ServiceError('InvalidArgument', { message: 'The continuation token provided is incorrect', elements: { ArgumentName: 'continuation-token' } });
  return bytes.slice(1);
}

interface RowStyle {
  readonly write: KeyWriter;
  /** An `<Owner>` element, '' for none. */
  readonly owner: string;
  readonly showsRestore: boolean;
}

function rows(items: readonly ListedObject[], { write, owner, showsRestore }: RowStyle): string {
  let xml = '';
  for (const { key, lastModified, etag, size, storageClass, checksum, restore } of items) {
    xml += `<Contents><Key>${write(key)}</Key><LastModified>${listingTime(lastModified)}</LastModified><ETag>&quot;${etag}&quot;</ETag>`;
    if (checksum !== null) xml += `<ChecksumAlgorithm>${checksum.algorithm}</ChecksumAlgorithm><ChecksumType>${checksum.type}</ChecksumType>`;
    xml += `<Size>${size}</Size>${owner}<StorageClass>${storageClass}</StorageClass>`;
    if (showsRestore && restore !== null)
      xml += elements({
        RestoreStatus: { IsRestoreInProgress: restore.ongoing, RestoreExpiryDate: restore.expiry === null ? null : listingTime(restore.expiry) },
      });
    xml += '</Contents>';
  }
  return xml;
}

/** `<CommonPrefixes>` elements. */
export function commonPrefixes(prefixes: readonly KeyBytes[], write: KeyWriter): string {
  return prefixes.map((prefix) => `<CommonPrefixes><Prefix>${write(prefix)}</Prefix></CommonPrefixes>`).join('');
}

interface Listing {
  readonly prefix: KeyBytes;
  readonly delimiter: KeyBytes;
  readonly maxKeys: number;
  readonly write: KeyWriter;
  readonly encodingType: string | null;
  readonly page: Page<ListedObject>;
  /** Where the bucket wrote the elements of the page itself; the page holds none then. */
  readonly written: ContentsPage | null;
}

/** The page of a bucket that writes its own elements; null where the bucket or the request wants them one by one. */
function contentsPage(call: BucketCall, query: PageQuery): ContentsPage | null {
  const { objects } = call.bucket;
  const from = firstKey(query);
  const isPlain = query.delimiter === '' && query.maxKeys > 0 && queryValue(call.request, 'fetch-owner') !== 'true';
  if (!isPlain || from === null || objects.contentsPage === undefined) return null;
  return objects.contentsPage(from, query.prefix, query.maxKeys, keyWriter(call).encodingType === null ? 'xml' : 'url');
}

function listing(call: BucketCall, after: KeyBytes, mayBeWritten: boolean): Listing {
  const [prefix, delimiter] = [text(call, 'prefix'), text(call, 'delimiter')];
  const query = { prefix, delimiter, after, maxKeys: countParameter(call, 'max-keys') };
  const { objects } = call.bucket;
  const written = mayBeWritten ? contentsPage(call, query) : null;
  const page =
    written === null ? readPage((from) => objects.scan(from), query) : { items: [], commonPrefixes: [], isTruncated: written.more, last: written.lastKey };
  return { ...query, ...keyWriter(call), page, written };
}

/** An element that is there even when it is empty. */
function tag(name: string, value: string | number | boolean): string {
  return `<${name}>${value}</${name}>`;
}

function head(call: BucketCall, { prefix, delimiter, maxKeys, write, encodingType, page }: Listing): string {
  const named = tag('Name', call.bucket.settings.name) + tag('Prefix', write(prefix)) + tag('MaxKeys', maxKeys);
  return named + (delimiter === '' ? '' : tag('Delimiter', write(delimiter))) + tag('IsTruncated', page.isTruncated) + elements({ EncodingType: encodingType });
}

function style(call: BucketCall, write: KeyWriter, withOwner: boolean): RowStyle {
  const showsRestore = (call.request.headers['x-amz-optional-object-attributes'] ?? '').includes('RestoreStatus');
  return { write, owner: withOwner ? ownerElement(call, call.bucket.settings.ownerId) : '', showsRestore };
}

const END = Buffer.from('</ListBucketResult>', 'latin1');

function writtenAnswer(xml: string, written: ContentsPage): Answer {
  const head = Buffer.from(document('ListBucketResult', xml).slice(0, -END.length), 'latin1');
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: { pieces: [head, written.bytes, END], release: () => written.release() } };
}

/** ListObjectsV2. */
export function listObjectsV2(call: BucketCall): Answer {
  const token = queryValue(call.request, 'continuation-token');
  const startAfter = text(call, 'start-after');
  const found = listing(call, token === null ? startAfter : fromToken(token), true);
  const { page, write, written } = found;
  let xml = head(call, found) + tag('KeyCount', written?.keys ?? page.items.length + page.commonPrefixes.length);
  if (token !== null) xml += tag('ContinuationToken', escapeXml(token));
  else if (startAfter !== '') xml += tag('StartAfter', write(startAfter));
  if (page.isTruncated) xml += tag('NextContinuationToken', tokenFor(page.last));
  if (written !== null) return writtenAnswer(xml, written);
  const rowStyle = style(call, write, queryValue(call.request, 'fetch-owner') === 'true');
  return xmlAnswer(document('ListBucketResult', xml + rows(page.items, rowStyle) + commonPrefixes(page.commonPrefixes, write)));
}

/** ListObjects: markers are keys; `NextMarker` comes only with a delimiter, as S3 has it. */
export function listObjects(call: BucketCall): Answer {
  const marker = text(call, 'marker');
  const found = listing(call, marker, false);
  const { page, write, delimiter } = found;
  let xml = head(call, found) + tag('Marker', write(marker));
  if (page.isTruncated && delimiter !== '') xml += tag('NextMarker', write(page.last));
  return xmlAnswer(document('ListBucketResult', xml + rows(page.items, style(call, write, true)) + commonPrefixes(page.commonPrefixes, write)));
}
