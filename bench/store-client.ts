/** A client of the store that is measured against, for filling it and looking into it. */
import { createS3Client, type S3Client } from '../emr-steps/s3/s3-client.ts';
import { undiciTransport } from '../emr-steps/s3/undici-transport.ts';

/** Who asks where. */
export interface StorePlace {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A client of one bucket; it is the caller's to close. */
export function storeClient({ endpoint, region, credentials }: StorePlace, bucket: string): S3Client {
  return createS3Client({
    bucket,
    region,
    endpointUrl: endpoint,
    addressingStyle: 'path',
    credentials: async () => credentials,
    userAgent: 'bench',
    maxAttempts: 3,
    requestTimeoutMilliseconds: 60_000,
    maxRequestsPerSecond: 0,
    transport: undiciTransport({ connections: 16 }),
  });
}
