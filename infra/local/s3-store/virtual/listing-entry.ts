/** Writes one `<Contents>` element of a listing straight into bytes. */
import { phrase, writeNumber, writePair, writePhrase } from './digits.ts';
import type { KeyShape } from './key-shape.ts';
import { FIRST_SECOND, type VirtualObjects } from './virtual-objects.ts';

const KEY = phrase('<Contents><Key>');
const MODIFIED = phrase('</Key><LastModified>');
const ETAG = phrase('.000Z</LastModified><ETag>&quot;');
const SIZE = phrase('&quot;</ETag><Size>');
const STANDARD = phrase('</Size><StorageClass>STANDARD</StorageClass></Contents>');
const GLACIER = phrase('</Size><StorageClass>GLACIER</StorageClass></Contents>');

/** Length of everything but the key, at most: tags, time, an ETag of a multipart object, a size of sixteen digits. */
export const ENTRY_OVERHEAD = 256;

const DAY_SECONDS = 86_400;
/** `2023-01-01T00:00` of every minute would be a large table; the days (two words each) and the minutes of a day (one word) fit a cache. */
const DAYS = phrase(
  Array.from({ length: 1096 }, (_, day) => `${new Date((FIRST_SECOND + day * DAY_SECONDS) * 1000).toISOString().slice(0, 11)}     `).join(''),
).words;
const MINUTES = phrase(Array.from({ length: 1440 }, (_, minute) => new Date(minute * 60_000).toISOString().slice(11, 19)).join('')).words;

/** Writes `2023-01-01T00:00:00` of a time that {@link VirtualObjects.modified} gave; returns where it ends. */
export function writeTime(into: DataView, at: number, seconds: number): number {
  const since = (seconds - FIRST_SECOND) | 0;
  const day = (since / DAY_SECONDS) | 0;
  const ofDay = since - day * DAY_SECONDS;
  const minute = (ofDay / 60) | 0;
  into.setFloat64(at, DAYS[day * 2] as number, true);
  into.setFloat64(at + 8, DAYS[day * 2 + 1] as number, true);
  into.setFloat64(at + 11, MINUTES[minute] as number, true);
  return writePair(into, at + 17, ofDay - minute * 60);
}

/** Writes the element of the object at a place; returns where it ends, and may touch eight bytes more. */
export type EntryWriter = (index: number, into: DataView, at: number) => number;

/** A writer for the objects of one bucket, whose shape writes keys in the form of the listing. */
export function entryWriter(shape: KeyShape, objects: VirtualObjects): EntryWriter {
  return (index, into, at) => {
    const parts = objects.partCount(index);
    const size = objects.size(index, parts);
    let end = shape.write(index, into, writePhrase(into, at, KEY));
    end = writeTime(into, writePhrase(into, end, MODIFIED), objects.modified(index));
    end = objects.writeEtag(index, parts, size, into, writePhrase(into, end, ETAG));
    end = writeNumber(into, writePhrase(into, end, SIZE), size);
    return writePhrase(into, end, objects.archived(index) ? GLACIER : STANDARD);
  };
}
