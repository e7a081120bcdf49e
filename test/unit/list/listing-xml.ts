/** ListObjectsV2 answers as different servers write them, and a bucket that gives them from memory. */
import { compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import type { ObjectRecord } from '../../../emr-steps/records/object-record.ts';
import { type FakeClient, fakeClient } from '../plan/fake-s3.ts';

/** How a server writes its listings. */
export interface XmlForm {
  /** `url`: keys percent-encoded, and the answer says so; `xml`: keys escaped for XML alone, as versitygw writes them. */
  readonly encoding: 'url' | 'xml';
  /** What a space becomes under `url`. */
  readonly space: '%20' | '+';
  /** Whether `/` is left as it is under `url`. */
  readonly plainSlash: boolean;
  readonly hex: 'upper' | 'lower';
  readonly quote: '&quot;' | '"' | '';
  /** Orders the elements of an entry. */
  readonly reverse: boolean;
  readonly owner: boolean;
  /** Elements that nobody knows. */
  readonly unknown: boolean;
  /** Line breaks and indentation. */
  readonly pretty: boolean;
}

export const PLAIN_FORM: XmlForm = {
  encoding: 'url',
  space: '%20',
  plainSlash: true,
  hex: 'upper',
  quote: '&quot;',
  reverse: false,
  owner: false,
  unknown: false,
  pretty: false,
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
  '\n': '&#xA;',
  '\t': '&#9;',
};

/** Escapes a text as XML servers do; control characters become numeric entities. */
export function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  return text.replace(/[&<>"'\u0000-\u001f]/g, (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);
}

function urlEncoded(text: string, { space, plainSlash, hex }: XmlForm): string {
  const encoded = encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const spaced = encoded.replaceAll('%20', space);
  const cased = hex === 'upper' ? spaced : spaced.replace(/%../g, (sequence) => sequence.toLowerCase());
  return plainSlash ? cased.replace(/%2f/gi, '/') : cased;
}

/** A key as this form writes it. */
export function listedForm(key: string, form: XmlForm): string {
  return form.encoding === 'url' ? urlEncoded(key, form) : escaped(key);
}

function elementsOf(object: ObjectRecord, form: XmlForm): readonly string[] {
  const { etag, mtime, storageClass, checksumAlgorithm, checksumType, restoreStatus } = object;
  const elements = [
    `<Key>${listedForm(object.key, form)}</Key>`,
    mtime === null ? '' : `<LastModified>${mtime.replace(' ', 'T')}.000Z</LastModified>`,
    etag === null ? '' : `<ETag>${form.quote}${escaped(etag)}${form.quote}</ETag>`,
    (checksumAlgorithm?.split(',') ?? []).map((name) => `<ChecksumAlgorithm>${name}</ChecksumAlgorithm>`).join(form.pretty ? '\n' : ''),
    checksumType === null ? '' : `<ChecksumType>${checksumType}</ChecksumType>`,
    `<Size>${object.size}</Size>`,
    form.owner ? '<Owner><ID>0123</ID><DisplayName>somebody</DisplayName></Owner>' : '',
    storageClass === null ? '' : `<StorageClass>${storageClass}</StorageClass>`,
    restoreStatus === null
      ? ''
      : '<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2030-01-01T00:00:00.000Z</RestoreExpiryDate></RestoreStatus>',
    form.unknown ? '<Novelty kind="x"><Key>not a key</Key><Empty/></Novelty>' : '',
  ].filter(Boolean);
  return form.reverse ? elements.toReversed() : elements;
}

/** What stands in the answer beside the entries. */
export interface XmlPage {
  readonly objects: readonly ObjectRecord[];
  readonly commonPrefixes?: readonly string[];
  readonly truncated?: boolean;
  readonly token?: string | null;
}

/** An answer. */
export function listingXml({ objects, commonPrefixes = [], truncated = false, token = null }: XmlPage, form: XmlForm = PLAIN_FORM): string {
  const gap = form.pretty ? '\n  ' : '';
  const entries = objects.map((object) => `<Contents>${elementsOf(object, form).join(gap)}</Contents>`);
  const head = [
    '<Name>bucket</Name><Prefix/>',
    `<KeyCount>${objects.length + commonPrefixes.length}</KeyCount><MaxKeys>1000</MaxKeys>`,
    form.encoding === 'url' ? '<EncodingType>url</EncodingType>' : '',
    `<IsTruncated>${truncated}</IsTruncated>`,
    token === null ? '' : `<NextContinuationToken>${escaped(token)}</NextContinuationToken>`,
  ];
  const prefixes = commonPrefixes.map((prefix) => `<CommonPrefixes><Prefix>${listedForm(prefix, form)}</Prefix></CommonPrefixes>`);
  const parts = form.reverse ? [...entries, ...prefixes, ...head] : [...head, ...entries, ...prefixes];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${gap}${parts.join(gap)}${gap}</ListBucketResult>`;
}

/** An object with nothing but a key told apart. */
export function objectNamed(key: string): ObjectRecord {
  return {
    key,
    etag: '5470d9578d6985e2c600acc27ffe11f4',
    size: 2723,
    mtime: '2023-08-28 07:20:05',
    storageClass: 'STANDARD',
    checksumAlgorithm: null,
    checksumType: null,
    versionId: null,
    isDeleteMarker: null,
    restoreStatus: null,
  };
}

/** How the bucket of {@link listedBucket} behaves. */
export interface BucketForm {
  readonly form?: XmlForm;
  /** Keys of a page at most, whatever was asked for. */
  readonly pageSize?: number;
  /** Called before each answer. */
  readonly before?: (parameters: Readonly<Record<string, string>>) => Promise<void> | void;
}

interface Item {
  readonly key: string;
  readonly isPrefix: boolean;
}

/** Index of the first key behind `after`, in ascending keys. */
function firstBehind(keys: readonly string[], after: string | undefined): number {
  let [low, high] = [0, after === undefined ? 0 : keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(keys[middle] as string, after as string) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** At most `most` keys and common prefixes in one order, as S3 pages them; keys and prefixes up to `behind` are left out. */
function itemsOf(
  keys: readonly string[],
  prefix: string,
  delimiter: string,
  after: string | undefined,
  behind: string | undefined,
  most: number,
): readonly Item[] {
  const items: Item[] = [];
  const least = compareKeys(prefix, after ?? '') > 0 ? Math.max(0, firstBehind(keys, prefix) - 1) : firstBehind(keys, after);
  for (let at = least; at < keys.length && items.length < most; at += 1) {
    const key = keys[at] as string;
    if (!key.startsWith(prefix)) {
      if (compareKeys(key, prefix) > 0) break;
      continue;
    }
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const rolled = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    const isKnown = items.at(-1)?.key === rolled || (behind !== undefined && compareKeys(rolled, behind) <= 0);
    if (!isKnown) items.push({ key: rolled, isPrefix: cut >= 0 });
  }
  return items;
}

/** A client of a bucket that holds these keys; its tokens are the last item of a page. */
export function listedBucket(keys: readonly string[], { form = PLAIN_FORM, pageSize = 1000, before }: BucketForm = {}): FakeClient {
  const sorted = keys.toSorted(compareKeys);
  return fakeClient('bucket', async ({ parameters }) => {
    await before?.(parameters);
    const { prefix = '', delimiter = '', 'max-keys': asked = '1000' } = parameters;
    const token = parameters['continuation-token'];
    const most = Math.min(Number(asked), pageSize);
    const items = itemsOf(sorted, prefix, delimiter, token ?? parameters['start-after'], token, most + 1);
    const page = items.slice(0, most);
    const truncated = items.length > most;
    const objects = page.filter(({ isPrefix }) => !isPrefix).map(({ key }) => objectNamed(key));
    const commonPrefixes = page.filter(({ isPrefix }) => isPrefix).map(({ key }) => key);
    return { body: listingXml({ objects, commonPrefixes, truncated, token: truncated ? (page.at(-1)?.key ?? null) : null }, form) };
  });
}
