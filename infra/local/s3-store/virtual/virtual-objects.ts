/** The attributes of virtual objects: size, parts, ETag, time and class, all computed from the place in the key order. */
import { hash } from 'node:crypto';
import { writeHex32, writeNumber } from './digits.ts';
import { mix32, mixWith } from './mix.ts';
import type { ObjectTraits, WholeRange } from './object-traits.ts';

const SIZE_SALT = 0x73697a65;
const MULTIPART_SALT = 0x6d756c74;
const PARTS_SALT = 0x70617274;
const TAIL_SALT = 0x7461696c;
const TIME_SALT = 0x74696d65;
const ARCHIVE_SALT = 0x61726368;
const CHANGE_SALT = 0x6368616e;
const TWO_32 = 0x1_0000_0000;
const DASH = 45;

/** Every virtual object was written in the three years from here: 2023-01-01 to 2025-12-30, in seconds since the epoch. */
export const FIRST_SECOND = Date.UTC(2023, 0, 1) / 1000;
const SECONDS = 1095 * 86_400;

/** The objects of one virtual bucket, by place. */
export interface VirtualObjects {
  /** Bytes of every part but the last. */
  readonly partSize: number;
  /** Number of parts; 0 for an object that did not come by multipart upload. */
  readonly partCount: (index: number) => number;
  /** Bytes of an object with this number of parts. */
  readonly size: (index: number, parts: number) => number;
  /** Seconds since the epoch. */
  readonly modified: (index: number) => number;
  /** Whether the object lies in GLACIER. */
  readonly archived: (index: number) => boolean;
  /** Writes the 32 hexadecimal digits that stand for the MD5 of the bytes from `first` up to and including `last`; returns where they end. */
  readonly writeMd5: (index: number, first: number, last: number, into: DataView, at: number) => number;
  /** Writes the ETag, without quotes, of an object of this many parts and bytes; returns where it ends. */
  readonly writeEtag: (index: number, parts: number, size: number, into: DataView, at: number) => number;
}

function pick(index: number, salt: number, least: number, width: number): number {
  return width === 1 ? least : least + Math.floor(((mixWith(index, salt) >>> 0) / TWO_32) * width);
}

function picker(salt: number, range: WholeRange): (index: number) => number {
  const width = range.most - range.least + 1;
  return (index) => pick(index, salt, range.least, width);
}

/** A test that holds for this share of all places. */
function share(of: number, salt: number): (index: number) => boolean {
  const limit = of * TWO_32;
  return limit === 0 ? () => false : (index) => mixWith(index, salt) >>> 0 < limit;
}

/** A number for a range of bytes. */
function rangeMix(first: number, last: number): number {
  const high = Math.floor(first / TWO_32) * 31 + Math.floor(last / TWO_32);
  return mix32(mix32(first + high) ^ last);
}

/**
 * Writes four 32-bit mixes of content and range, which stand for the MD5: equal content and range have the same, others another.
 * So a part that was copied with the right range has the right ETag without a byte having been there.
 */
function writeContentMd5(content: number, range: number, into: DataView, at: number): number {
  writeHex32(into, at, mix32(mix32(content + 0x3243f6a8) ^ range));
  writeHex32(into, at + 8, mix32(mix32(content + 0x085a308d) + range));
  writeHex32(into, at + 16, mix32(mix32(content + 0x13198a2e) ^ ~range));
  return writeHex32(into, at + 24, mix32(mix32(content + 0x03707344) - range));
}

/** The ETags of these contents: a stand-in for the MD5, or the true MD5 of the parts' stand-ins with `-N`. */
function etagWriter(partSize: number, mostParts: number): (content: number, parts: number, size: number, into: DataView, at: number) => number {
  const hex = Buffer.alloc(32);
  const hexView = new DataView(hex.buffer, hex.byteOffset, 32);
  const digests = Buffer.alloc(16 * mostParts);
  return (content, parts, size, into, at) => {
    if (parts === 0) return writeContentMd5(content, rangeMix(0, size - 1), into, at);
    for (let part = 0; part < parts; part += 1) {
      const first = part * partSize;
      writeContentMd5(content, rangeMix(first, Math.min(first + partSize, size) - 1), hexView, 0);
      digests.write(hex.toString('latin1', 0, 32), part * 16, 'hex');
    }
    const digest = hash('md5', digests.subarray(0, parts * 16), 'buffer');
    for (let lane = 0; lane < 4; lane += 1) writeHex32(into, at + lane * 8, digest.readInt32BE(lane * 4));
    into.setUint8(at + 32, DASH);
    return writeNumber(into, at + 33, parts);
  };
}

/** The objects that these traits describe. */
export function virtualObjects(traits: ObjectTraits): VirtualObjects {
  const { partSize } = traits;
  const isMultipart = share(traits.multipart, MULTIPART_SALT);
  const isChanged = share(traits.changed, CHANGE_SALT);
  const parts = picker(PARTS_SALT, traits.parts);
  const smallSize = picker(SIZE_SALT, traits.size);
  /** The number that stands for the content; another one where the object was changed. */
  const contentOf = (index: number) => (isChanged(index) ? ~index : index);
  const writeContentEtag = etagWriter(partSize, traits.parts.most);
  return {
    partSize,
    partCount: (index) => (isMultipart(index) ? parts(index) : 0),
    size: (index, count) => (count === 0 ? smallSize(index) : (count - 1) * partSize + pick(index, TAIL_SALT, 1, partSize)),
    modified: (index) => FIRST_SECOND + Math.floor(((mixWith(index, TIME_SALT) >>> 0) / TWO_32) * SECONDS),
    archived: share(traits.archived, ARCHIVE_SALT),
    writeMd5: (index, first, last, into, at) => writeContentMd5(contentOf(index), rangeMix(first, last), into, at),
    writeEtag: (index, count, size, into, at) => writeContentEtag(contentOf(index), count, size, into, at),
  };
}
