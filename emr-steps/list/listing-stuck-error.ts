/** A listing that does not go on. */

/** Thrown where a page says that more follow, but holds nothing new and no new token: asking again would bring it again. Final. */
export class ListingStuckError extends Error {
  override readonly name = 'ListingStuckError';
  readonly code = 'LISTING_STUCK';
  readonly retryable = false;

  constructor(prefix: string, cursor: string | null) {
    const where = cursor === null ? 'at its beginning' : `behind ${JSON.stringify(cursor)}`;
    super(`the listing of prefix ${JSON.stringify(prefix)} does not go on ${where}: a page is marked as truncated, holds no further key and no new token`);
  }
}
