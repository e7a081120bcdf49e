/** A listing that cannot be listed in ranges. */

/** Thrown where keys do not come in UTF-8 byte order, or not behind the key that was asked for: ranges of such a listing would lose keys. Final. */
export class ListingOrderError extends Error {
  override readonly name = 'ListingOrderError';
  readonly code = 'LISTING_OUT_OF_ORDER';
  readonly retryable = false;
  readonly bucket: string;

  constructor(bucket: string, before: string, key: string) {
    super(
      `bucket ${bucket} lists ${JSON.stringify(key)} after ${JSON.stringify(before)}, which is not UTF-8 byte order; directory buckets and servers ` +
        'that order otherwise cannot be listed in ranges: give an inventory or an existing listing instead',
    );
    this.bucket = bucket;
  }
}
