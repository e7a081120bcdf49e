/** The client of a bucket that a request names beside its sides. */
import { headBucket } from '../../emr-steps/s3/head-bucket.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { parseSide } from '../../workflows/request/side.ts';
import { type Asker, sideClient } from './side-client.ts';

/** How long one request may take, and how often it is sent. */
export const PATIENCE = { requestTimeoutMilliseconds: 20_000, maxAttempts: 6 } as const;
/** Where AWS's tools begin when nobody names a Region. */
export const FIRST_REGION = 'us-east-1';

/** Thrown where nobody asks buckets. Final. */
export class NoAskerError extends Error {
  override readonly name = 'NoAskerError';
  readonly code = 'BUCKETS_NOT_ASKED';
  readonly retryable = false;
}

/** With the credentials of the run itself, at the source's endpoint. @throws NoAskerError, S3Error */
export async function ownClient(bucket: string, source: RunRequest['source'], runId: string, asker: Asker | undefined): Promise<S3Client> {
  if (asker === undefined) throw new NoAskerError(`s3://${bucket} cannot be read here`);
  const { endpointUrl, addressingStyle, region = FIRST_REGION } = source;
  const side = parseSide('partitions', { bucket, addressingStyle, ...(endpointUrl === undefined ? {} : { endpointUrl }) });
  const clientIn = (where: string): S3Client => sideClient({ ...side, region: where }, runId, asker, PATIENCE);
  return clientIn(await regionOf(clientIn(region)));
}

async function regionOf(client: S3Client): Promise<string> {
  try {
    return (await headBucket(client)).region ?? client.region;
  } catch (error) {
    if (error instanceof S3Error && error.region !== undefined && error.region !== null) return error.region;
    throw error;
  }
}
