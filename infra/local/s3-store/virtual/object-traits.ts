/** What each object of a virtual bucket is like, by description: sizes, share of multipart objects, share of archived ones. */
import { VirtualBucketError } from './virtual-bucket-error.ts';

/** A range of whole numbers, both ends in it. */
export interface WholeRange {
  readonly least: number;
  readonly most: number;
}

/** How the objects of a virtual bucket are made up. Shares are of all objects, 0 to 1. */
export interface ObjectTraits {
  /** Bytes of an object that came in one request. Default 1 to 65,536. */
  readonly size: WholeRange;
  /** Share of objects that came by multipart upload, with an ETag that ends in `-N`. Default 0. */
  readonly multipart: number;
  /** Bytes of every part but the last. Default 8 MiB. */
  readonly partSize: number;
  /** Number of parts of a multipart object. Default 2 to 5. */
  readonly parts: WholeRange;
  /** Share of objects in storage class GLACIER, which cannot be read. Default 0. */
  readonly archived: number;
  /** Share of objects whose content, and so whose ETag, is another than in the bucket with `changed=0`. Default 0. */
  readonly changed: number;
}

/** Small objects in one part each. */
export const DEFAULT_TRAITS: ObjectTraits = {
  size: { least: 1, most: 65_536 },
  multipart: 0,
  partSize: 8_388_608,
  parts: { least: 2, most: 5 },
  archived: 0,
  changed: 0,
};

/** S3's limits, in bytes and parts. */
const SMALLEST_PART = 5_242_880;
const MOST_PARTS = 10_000;

function readRange(name: string, text: string, least: number, most: number): WholeRange {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const range = { least: Number(from), most: Number(to ?? from) };
  if (from === undefined || range.least < least || range.most > most || range.most < range.least) {
    throw new VirtualBucketError(`${name}=${text} is no range; give a whole number or LEAST-MOST from ${least} to ${most}`);
  }
  return range;
}

function readShare(name: string, text: string): number {
  const share = Number(text);
  if (text === '' || !(share >= 0 && share <= 1)) throw new VirtualBucketError(`${name}=${text} is no share; give a number from 0 to 1`);
  return share;
}

/**
 * The traits with one setting changed, as `name=value` in a bucket's description gives it; null for a name that is none of theirs.
 *
 * @throws VirtualBucketError where the value is out of range
 */
export function withTrait(traits: ObjectTraits, name: string, value: string): ObjectTraits | null {
  switch (name) {
    case 'size':
      return { ...traits, size: readRange(name, value, 0, 5_368_709_120) };
    case 'part-size':
      return { ...traits, partSize: readRange(name, value, SMALLEST_PART, 5_368_709_120).least };
    case 'parts':
      return { ...traits, parts: readRange(name, value, 1, MOST_PARTS) };
    case 'multipart':
    case 'archived':
    case 'changed':
      return { ...traits, [name]: readShare(name, value) };
    default:
      return null;
  }
}
