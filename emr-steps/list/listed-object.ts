/** The plain way from a page's entry to a record: for the few rows that the fast one leaves, and what the fast one must agree with. */
import type { ObjectRecord } from '../records/object-record.ts';
import { encodeTime } from '../records/time.ts';
import { listedText } from '../s3/list-objects-v2.ts';
import { ENTRY_STRIDE, FIELD, type ScannedListing } from '../s3/listing-scanner.ts';
import { ListingSyntaxError } from '../s3/markup-reader.ts';
import { decodeEntities } from '../s3/xml.ts';

const LESS = 0x3c;

/** The raw text of a field, entities decoded; null where it is missing or empty. */
function textOf(page: ScannedListing, entry: number, field: number): string | null {
  const start = page.fields[entry * ENTRY_STRIDE + field] as number;
  const end = page.fields[entry * ENTRY_STRIDE + field + 1] as number;
  return start === end ? null : decodeEntities(page.body.toString('utf8', start, end));
}

/** The same, for a field that holds no markup. */
function tokenOf(page: ScannedListing, entry: number, field: number): string | null {
  const start = page.fields[entry * ENTRY_STRIDE + field] as number;
  const end = page.fields[entry * ENTRY_STRIDE + field + 1] as number;
  if (page.body.subarray(start, end).includes(LESS)) throw new ListingSyntaxError('markup within a value', start);
  return textOf(page, entry, field);
}

function etagOf(text: string | null): string | null {
  return text === null ? null : text.replace(/^"|"$/g, '') || null;
}

function sizeOf(page: ScannedListing, entry: number): number {
  const text = tokenOf(page, entry, FIELD.size);
  const size = Number(text);
  if (text !== null && /^\d{1,16}$/.test(text) && Number.isSafeInteger(size)) return size;
  throw new ListingSyntaxError(`Size is ${JSON.stringify(text)}, not a number of bytes`, page.fields[entry * ENTRY_STRIDE + FIELD.size] as number);
}

function timeOf(page: ScannedListing, entry: number): string | null {
  const text = tokenOf(page, entry, FIELD.lastModified);
  if (text === null) return null;
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return encodeTime(time);
  throw new ListingSyntaxError(`LastModified is ${JSON.stringify(text)}, not a time`, page.fields[entry * ENTRY_STRIDE + FIELD.lastModified] as number);
}

/** Several algorithms stand in elements of their own; between the first and the last lies markup. */
function algorithmsOf(page: ScannedListing, entry: number): string | null {
  const text = textOf(page, entry, FIELD.checksumAlgorithm);
  if (text === null || !text.includes('<')) return text;
  const whole = `<ChecksumAlgorithm>${text}</ChecksumAlgorithm>`;
  return Array.from(whole.matchAll(/<ChecksumAlgorithm(?: [^>]*)?>([^<]*)<\/ChecksumAlgorithm *>/g), ([, name]) => name).join(',');
}

/** `restored` while a restored copy is there: the restore is over and its copy has an expiry. */
function restoreStatusOf(page: ScannedListing, entry: number): string | null {
  const text = textOf(page, entry, FIELD.restoreStatus);
  return text !== null && /<IsRestoreInProgress>\s*false\s*</.test(text) && text.includes('<RestoreExpiryDate>') ? 'restored' : null;
}

/**
 * The record of an entry.
 *
 * @param prefix - the side's prefix, which the record's key leaves out
 * @throws ListingSyntaxError where a field is none, or the key does not begin with the prefix
 */
export function listedObject(page: ScannedListing, entry: number, prefix: string): ObjectRecord {
  const start = page.fields[entry * ENTRY_STRIDE + FIELD.key] as number;
  tokenOf(page, entry, FIELD.key);
  const key = listedText(page, start, page.fields[entry * ENTRY_STRIDE + FIELD.key + 1] as number);
  if (!key.startsWith(prefix)) throw new ListingSyntaxError(`${JSON.stringify(key)}, which does not begin with ${JSON.stringify(prefix)}`, start);
  return {
    key: key.slice(prefix.length),
    etag: etagOf(tokenOf(page, entry, FIELD.etag)),
    size: sizeOf(page, entry),
    mtime: timeOf(page, entry),
    storageClass: tokenOf(page, entry, FIELD.storageClass),
    checksumAlgorithm: algorithmsOf(page, entry),
    checksumType: tokenOf(page, entry, FIELD.checksumType),
    versionId: null,
    isDeleteMarker: null,
    restoreStatus: restoreStatusOf(page, entry),
  };
}
