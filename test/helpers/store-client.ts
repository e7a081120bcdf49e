/** Our own client, as tests reach an S3 server on this machine with it. */
import { createS3Client, type S3Client, type S3ClientOptions } from '../../emr-steps/s3/s3-client.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';

/** Where the client goes, and as whom. */
export interface StoreClientPlace {
  readonly url: string;
  readonly bucket: string;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly transport: Transport;
}

/** The client. @param more - options in place of one attempt, us-east-1 and the like */
export function storeClient({ url, bucket, key, transport }: StoreClientPlace, more: Partial<S3ClientOptions> = {}): S3Client {
  return createS3Client({
    ...{ bucket, transport, region: 'us-east-1', endpointUrl: url, addressingStyle: 'path', credentials: async () => key },
    userAgent: 'carillon/test',
    maxAttempts: 1,
    requestTimeoutMilliseconds: 30_000,
    maxRequestsPerSecond: 0,
    ...more,
  });
}
