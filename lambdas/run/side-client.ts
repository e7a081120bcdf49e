/** The client of one side's bucket, with the side's own credentials. */
import { sideCredentials } from '../../emr-steps/credentials/side-credentials.ts';
import { createS3Client, type S3Client, type S3ClientOptions } from '../../emr-steps/s3/s3-client.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import type { RunSide } from '../../workflows/request/side.ts';

/** Who asks, and how. */
export interface Asker {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly transport: Transport;
}

/** The client. @param runId - the session name of a role that is assumed, as on the nodes */
export function sideClient(
  side: RunSide & { readonly region: string },
  runId: string,
  { env, transport }: Asker,
  patience: Pick<S3ClientOptions, 'requestTimeoutMilliseconds' | 'maxAttempts'>,
): S3Client {
  const { profile, role, region } = side;
  return createS3Client({
    bucket: side.bucket,
    region,
    endpointUrl: side.endpointUrl,
    addressingStyle: side.addressingStyle,
    credentials: side.anonymous ? null : sideCredentials({ profile, role, region, stsRegion: role?.stsRegion, sessionName: runId, env, send: transport }),
    expectedBucketOwner: side.expectedOwner,
    requestPayer: side.requestPayer,
    userAgent: `carillon/${runId}`,
    maxRequestsPerSecond: 0,
    transport,
    ...patience,
  });
}
