/** The columns of a listing as SQL names them: ObjectRecord's, all text, so that a row comes out byte for byte as it went in. */

/** In the order of the line. */
export const LISTING_COLUMNS = [
  'key',
  'etag',
  'size',
  'mtime',
  'storage_class',
  'checksum_algorithm',
  'checksum_type',
  'version_id',
  'is_delete_marker',
  'restore_status',
] as const;

/** One of {@link LISTING_COLUMNS}. */
export type ListingColumn = (typeof LISTING_COLUMNS)[number];

/** The columns of the diff's rows: those of the listing as they were, then the verdict, which readers of a listing pass over. */
export const DIFF_COLUMNS = [...LISTING_COLUMNS, 'verdict'] as const;
