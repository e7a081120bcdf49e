/**
 * The step `list-objects`: each partition becomes the lines of its objects, every key exactly once, in no order. Large ranges are split while
 * they are listed, so that all requests are busy until the end. A range is closed by its last page alone, and an error that the client's own
 * retries did not mend fails the step: it never ends well with a part of a listing.
 */
import { reportProgress } from '../hadoop/progress.ts';
import type { StepContext } from '../hadoop/step-context.ts';
import type { Partition } from '../records/partition.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { Listing } from './listing.ts';
import type { RowFilter } from './row-filter.ts';

/** What is listed, and how. */
export interface ListOptions {
  readonly client: S3Client;
  /** The side's prefix: partitions are relative to it, and columns leave it out. */
  readonly prefix: string;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Whether to ask for the restore status of archived objects. */
  readonly restoreStatus: boolean;
  /** Which objects stay; null, the default: all of them. What it leaves out is counted apart. */
  readonly filter?: RowFilter | null;
}

/** Partitions in; bytes of whole lines of `ObjectRecord` out. */
export type ListProgram = (input: AsyncIterable<readonly Partition[]>, context: StepContext) => AsyncIterable<Uint8Array>;

/**
 * Makes the step's program.
 *
 * The program throws S3Error; ListingOrderError, ListingStuckError, ListingEncodingError; the reason of the context's signal.
 */
export function listObjects(options: ListOptions): ListProgram {
  return async function* list(input, context) {
    const progress = reportProgress(context, 'listed', 'objects');
    const listing = new Listing(options, input, context, progress);
    try {
      for (let block = await listing.take(); block !== null; block = await listing.take()) yield block;
    } finally {
      await listing.close();
      progress.stop();
    }
  };
}
