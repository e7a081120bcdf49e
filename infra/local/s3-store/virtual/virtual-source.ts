/** A bucket whose objects are computed: every key of its shape is there, none is stored, and none can be written. */
import type { ContentsPage, ListedObject, ObjectPart, ObjectSource, StoredObject } from '../bucket.ts';
import type { KeyBytes } from '../key-bytes.ts';
import { pageWriters } from './contents-page.ts';
import type { VirtualDescription } from './description.ts';
import type { KeyForm } from './key-form.ts';
import { keyOrder } from './key-order.ts';
import { type KeyShape, scratchSpace } from './key-shape.ts';
import { prefixedShape } from './prefixed-shape.ts';
import { keyShape } from './shape-names.ts';
import { virtualContent } from './virtual-content.ts';
import { type VirtualObjects, virtualObjects } from './virtual-objects.ts';

/** What a virtual bucket can do beyond the store's interface. */
export interface VirtualSource extends ObjectSource {
  readonly shape: KeyShape;
  readonly objects: VirtualObjects;
  /** Place of a key; -1 where there is none. */
  placeOf(key: KeyBytes): number;
  contentsPage(from: KeyBytes, prefix: KeyBytes, most: number, form: KeyForm): ContentsPage;
}

const HEADERS: Readonly<Record<string, string>> = { 'content-type': 'application/octet-stream', 'x-amz-meta-origin': 'computed' };
const NO_TAGS: StoredObject['tags'] = [];
const ENCRYPTION = { algorithm: 'AES256', kmsKeyId: null } as const;

function bytesOf(key: KeyBytes): Buffer {
  return Buffer.from(key, 'latin1');
}

/** Reads keys and rows of objects by place. */
function objectReader(shape: KeyShape, objects: VirtualObjects) {
  const { view, bytes } = scratchSpace(shape.maximumBytes + 64);
  const keyAt = (index: number): KeyBytes => bytes.toString('latin1', 0, shape.write(index, view, 0));
  const listed = (index: number): ListedObject => {
    const key = keyAt(index);
    const parts = objects.partCount(index);
    const size = objects.size(index, parts);
    const etag = bytes.toString('latin1', 0, objects.writeEtag(index, parts, size, view, 0));
    const storageClass = objects.archived(index) ? 'GLACIER' : 'STANDARD';
    return { key, size, etag, lastModified: objects.modified(index) * 1000, storageClass, checksum: null, restore: null };
  };
  return { keyAt, listed };
}

/** Sizes of the parts of an object; null for one that came in one request. */
function partsOf(objects: VirtualObjects, index: number): readonly ObjectPart[] | null {
  const count = objects.partCount(index);
  if (count === 0) return null;
  const size = objects.size(index, count);
  return Array.from({ length: count }, (_, part) => ({
    partNumber: part + 1,
    size: Math.min(objects.partSize, size - part * objects.partSize),
    checksum: null,
  }));
}

/** The bucket that a description describes. */
export function virtualSource(description: VirtualDescription): VirtualSource {
  const { shape: name, count, prefix, traits } = description;
  const shapeIn = (form: KeyForm) => prefixedShape(keyShape(name, count, form), prefix);
  const shape = shapeIn('bytes');
  const objects = virtualObjects(traits);
  const order = keyOrder(shape);
  const { keyAt, listed } = objectReader(shape, objects);
  const writers = pageWriters(shapeIn, objects);
  const placeOf = (key: KeyBytes) => order.placeOf(bytesOf(key));
  const stored = (index: number): StoredObject => {
    const row = listed(index);
    const content = virtualContent(objects, index, 0, row.size);
    const parts = partsOf(objects, index);
    return { kind: 'object', ...row, versionId: 'null', headers: HEADERS, tags: NO_TAGS, encryption: ENCRYPTION, parts, archiveStatus: null, content };
  };
  return {
    shape,
    objects,
    placeOf,
    *scan(from) {
      for (let index = from === '' ? 0 : order.below(bytesOf(from)); index < count; index += 1) yield listed(index);
    },
    find(key, versionId) {
      const index = versionId === null || versionId === 'null' ? placeOf(key) : -1;
      return index < 0 ? null : stored(index);
    },
    contentsPage(from, prefix, most, form) {
      const first = order.below(bytesOf(from > prefix ? from : prefix));
      const limit = prefix === '' ? count : order.throughPrefix(bytesOf(prefix), first);
      const end = Math.min(first + most, limit);
      const page = writers(form).page(first, end);
      return { ...page, keys: end - first, lastKey: end > first ? keyAt(end - 1) : '', more: end < limit };
    },
  };
}
