/** What an estimate must know of the objects: how many, how large, and how they were uploaded. */
import * as z from 'zod';
import type { ObjectRecord } from '../../emr-steps/records/object-record.ts';

const count = z.number().min(0).default(0);
const counted = z.strictObject({ objects: count, parts: count }).prefault({});

/** How keys lie: what it costs to find out where to split a listing. */
export const LAYOUTS = ['flat', 'hashed', 'folders', 'skewed'] as const;

/** The schema of a shape, as `--shape FILE` gives it. Averages may make fractions. */
export const bucketShapeSchema = z.strictObject({
  objects: z.number().min(0).describe('All objects that are listed.'),
  bytes: z.number().min(0).describe('Their bytes.'),
  layout: z
    .enum(LAYOUTS)
    .default('flat')
    .describe(
      'flat: numbers or times one after the other. hashed: evenly spread letters. folders: many small ones. skewed: few that hold most. Default: flat.',
    ),
  archived: count.describe('Objects in GLACIER or DEEP_ARCHIVE, which are skipped without a request. Default: 0.'),
  archivedTier: count.describe(
    'Objects in an archive tier of INTELLIGENT_TIERING: a request each until it is known. Those in parts are not among `multipart`. Default: 0.',
  ),
  multipart: counted.describe('Objects that came by multipart upload and can be read, and all their parts. Default: none.'),
  unequal: counted.describe('Those of them whose parts, but for the last, have not all one size, and the parts. Default: none.'),
  asIfEqual: counted.describe('Those whose unequal parts look equal by size and number, and the parts; not among `unequal`. Default: none.'),
  tagged: count.describe('Objects of `multipart` with tags. Default: 0.'),
  different: z.number().min(0).max(1).default(1).describe('Share of objects that a diff finds missing or different. Default: 1.'),
});

/** The shape. */
export type BucketShape = z.output<typeof bucketShapeSchema>;

/** A shape that grows. */
interface Tally {
  objects: number;
  bytes: number;
  archived: number;
  multipartObjects: number;
  parts: number;
}

const PARTS = /-(\d+)$/;
const ARCHIVES: ReadonlySet<string | null> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Makes a shape of a listing. What a listing doesn't say (tags, part sizes, archive tiers) counts as not there. */
export class ShapeOfListing {
  readonly #tally: Tally = { objects: 0, bytes: 0, archived: 0, multipartObjects: 0, parts: 0 };

  /** Takes an object in. */
  add({ etag, size, storageClass, restoreStatus }: Pick<ObjectRecord, 'etag' | 'size' | 'storageClass' | 'restoreStatus'>): void {
    const tally = this.#tally;
    tally.objects += 1;
    tally.bytes += size;
    if (ARCHIVES.has(storageClass) && restoreStatus !== 'restored') {
      tally.archived += 1;
      return;
    }
    const parts = etag === null ? undefined : PARTS.exec(etag)?.[1];
    if (parts === undefined) return;
    tally.multipartObjects += 1;
    tally.parts += Number(parts);
  }

  /** The shape of what was added. */
  shape(layout: BucketShape['layout'] = 'flat'): BucketShape {
    const { objects, bytes, archived, multipartObjects, parts } = this.#tally;
    return bucketShapeSchema.parse({ objects, bytes, layout, archived, multipart: { objects: multipartObjects, parts } });
  }
}
