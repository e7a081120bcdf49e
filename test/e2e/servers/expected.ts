/** What is known of servers and is no defect of ours: each a line with its reason in docs/s3-servers.md. */

/** Of one server. */
export interface ServerLimits {
  /** How a run ends whose objects the server will not all take. Default `SUCCEEDED`. */
  readonly end?: string;
  /** What the request says of the copy, where the server needs it. */
  readonly copy?: Readonly<Record<string, string>>;
  /** What becomes of objects that the server itself breaks, by the row of the table. */
  readonly differs?: Readonly<Record<string, string>>;
  /** Objects that are not stored because of what the server would do to others, by the row of the table, with what it would do. */
  readonly leftOut?: Readonly<Record<string, string>>;
}

/** By server. */
export const EXPECTED: Readonly<Record<string, ServerLimits>> = {
  versitygw: {
    // It stores a CRC64NVME with every upload, and wants one of each part to complete one that keeps it; S3 wants none.
    copy: { checksums: 'ignore' },
    leftOut: {
      'a key with control characters': 'left out (its listing has U+FFFD in their place)',
      'parts under an odd key of 16 characters': 'left out (as control characters)',
    },
  },
  MinIO: {
    leftOut: { 'a key with a leading slash': 'left out (stored as `odd`, which hides every key below `odd/`)' },
    differs: { '`features/system-headers`': 'server-side: another ExpiresString' },
  },
};
