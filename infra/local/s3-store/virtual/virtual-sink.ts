/**
 * A bucket that forgets what is written to it: it answers as S3 would, counts, and keeps an order-independent checksum of the keys, so that
 * ten million copies can be proven without room for them. It expects the objects of a shape and says how many came with the ETag expected.
 * It keeps nothing of an upload either, so that any process of a store can take any request; listings find nothing, look-ups neither unless asked to
 * (then they find what is expected, written or not).
 */
import type { NewUpload, ObjectSource, ObjectTarget, StoredObject, Upload, UploadedPart, UploadTable } from '../bucket.ts';
import type { BodySink, Content } from '../content.ts';
import type { KeyBytes } from '../key-bytes.ts';
import type { VirtualDescription } from './description.ts';
import { KeyChecksum, type KeySum } from './key-checksum.ts';
import { mix32 } from './mix.ts';
import { type VirtualSource, virtualSource } from './virtual-source.ts';

/** What was written to a sink. Plain data: the counts of several processes can be added. */
export interface SinkCounts {
  /** Objects written, again each time, and the checksum of their keys. */
  readonly written: KeySum;
  /** Bytes of these objects. */
  readonly bytes: number;
  /** Objects with the ETag expected of their key. */
  readonly exact: number;
  /** Objects with another ETag. */
  readonly different: number;
  /** Objects with a key that is none of the shape's. */
  readonly unknown: number;
  readonly uploadsBegun: number;
  /** Uploads completed or aborted. */
  readonly uploadsEnded: number;
  readonly partsWritten: number;
}

/** The store's interface, and the counts. */
export interface VirtualSink extends ObjectTarget {
  counts(): SinkCounts;
}

/** Bytes that are not kept. */
class LostContent implements Content {
  readonly size: number;
  readonly #md5: string;

  constructor(size: number, md5: string) {
    this.size = size;
    this.#md5 = md5;
  }

  async md5(): Promise<string> {
    return this.#md5;
  }

  read(): readonly Uint8Array[] {
    return [];
  }

  slice(start: number, end: number): Content {
    return new LostContent(end - start, this.#md5);
  }
}

function openBody(): BodySink {
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      return undefined;
    },
    finish: async (md5) => new LostContent(size, md5),
    discard: async () => {},
  };
}

/** Eight digits by which an upload id and its key know each other. */
function keyMark(key: KeyBytes): string {
  let mark = 0;
  for (let at = 0; at < key.length; at += 1) mark = Math.imul(mark ^ key.charCodeAt(at), 0x9e3779b1);
  return (mix32(mark) >>> 0).toString(16).padStart(8, '0');
}

const UPLOAD_ID = /^sink-([0-9a-f]{8})-([0-9a-z]+)-[0-9a-z]+$/;

function forgottenUpload(key: KeyBytes, uploadId: string): Upload | null {
  const [, mark, initiated] = UPLOAD_ID.exec(uploadId) ?? [];
  if (mark !== keyMark(key) || initiated === undefined) return null;
  return {
    uploadId,
    key,
    initiated: Number.parseInt(initiated, 36),
    initiator: 'arn:aws:iam::000000000000:root',
    storageClass: 'STANDARD',
    headers: {},
    tags: [],
    encryption: { algorithm: 'AES256', kmsKeyId: null },
    checksumAlgorithm: null,
    checksumType: null,
  };
}

/** Counts that grow. */
interface Tally {
  bytes: number;
  exact: number;
  different: number;
  unknown: number;
  uploadsBegun: number;
  uploadsEnded: number;
  partsWritten: number;
}

/** Uploads of which only the id is known: it holds when the upload began and a mark of its key. */
function uploadTable(expected: VirtualSource, tally: Tally): UploadTable {
  /** What a part weighs, as the expected object has it; the ETag is what the sender says, as a part with another range has another. */
  const partOf = (key: KeyBytes, partNumber: number, etag: string): UploadedPart => {
    const { objects } = expected;
    const index = expected.placeOf(key);
    const rest = index < 0 ? objects.partSize : objects.size(index, objects.partCount(index)) - (partNumber - 1) * objects.partSize;
    const size = Math.max(0, Math.min(objects.partSize, rest));
    return { partNumber, etag, size, lastModified: 0, checksum: null, content: new LostContent(size, etag) };
  };
  return {
    begin(upload: NewUpload): Upload {
      tally.uploadsBegun += 1;
      const unique = `${process.pid.toString(36)}${tally.uploadsBegun.toString(36)}`;
      return { ...upload, uploadId: `sink-${keyMark(upload.key)}-${upload.initiated.toString(36)}-${unique}` };
    },
    find: forgottenUpload,
    putPart() {
      tally.partsWritten += 1;
    },
    part: (upload, partNumber, etag) => (/^[0-9a-f]{32}$/.test(etag) ? partOf(upload.key, partNumber, etag) : null),
    parts: () => [],
    end() {
      tally.uploadsEnded += 1;
    },
    scan: () => [],
  };
}

/** A sink that expects the objects of a description. */
export function virtualSink(description: VirtualDescription): VirtualSink {
  const expected = virtualSource(description);
  const keys = new KeyChecksum();
  const tally: Tally = { bytes: 0, exact: 0, different: 0, unknown: 0, uploadsBegun: 0, uploadsEnded: 0, partsWritten: 0 };
  const count = (object: StoredObject) => {
    keys.add(Buffer.from(object.key, 'latin1'));
    tally.bytes += object.size;
    const awaited = expected.find(object.key, null);
    if (awaited === null || awaited.kind !== 'object') tally.unknown += 1;
    else if (awaited.etag === object.etag) tally.exact += 1;
    else tally.different += 1;
  };
  return {
    scan: () => [],
    find: description.lookUps ? expected.find : () => null,
    uploads: uploadTable(expected, tally),
    openBody,
    adopt: async (content) => content,
    put: count,
    replace: () => {},
    putMarker: () => {},
    remove: () => false,
    isEmpty: () => true,
    counts: () => ({ written: keys.value(), ...tally }),
  };
}

/** Whether a bucket's objects are a sink. */
export function isSink(objects: ObjectSource): objects is VirtualSink {
  return 'counts' in objects;
}

/** The counts of several processes as one. */
export function addSinkCounts(all: readonly SinkCounts[]): SinkCounts {
  const keys = new KeyChecksum();
  for (const { written } of all) keys.merge(written);
  const sum = (of: (counts: SinkCounts) => number) => all.reduce((total, counts) => total + of(counts), 0);
  return {
    written: keys.value(),
    bytes: sum((counts) => counts.bytes),
    exact: sum((counts) => counts.exact),
    different: sum((counts) => counts.different),
    unknown: sum((counts) => counts.unknown),
    uploadsBegun: sum((counts) => counts.uploadsBegun),
    uploadsEnded: sum((counts) => counts.uploadsEnded),
    partsWritten: sum((counts) => counts.partsWritten),
  };
}
