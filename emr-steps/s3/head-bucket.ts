/** HeadBucket: whether a bucket is there and may be used, and its Region. */
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';

/** Where a bucket is. */
export interface BucketHead {
  /** Null where the server names none. */
  readonly region: string | null;
}

/**
 * Finds out a bucket's Region. A bucket that is in another Region than the client's is no error here: compare.
 *
 * @throws {S3Error} `NotFound`: no such bucket; `AccessDenied`: the credentials may not list it (its `region` is set all the same)
 */
export async function headBucket(client: S3Client, signal?: AbortSignal): Promise<BucketHead> {
  try {
    const answer = await client.send({ operation: 'HeadBucket', method: 'HEAD', key: null }, signal);
    return { region: answer.headers['x-amz-bucket-region'] ?? null };
  } catch (error) {
    const elsewhere = error instanceof S3Error && error.region !== null && (error.status === 301 || error.status === 400);
    if (elsewhere && error.region !== client.region) return { region: error.region };
    throw error;
  }
}
