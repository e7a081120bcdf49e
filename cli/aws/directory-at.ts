/** Opens run directories for reading, also those that lie in a bucket. */
import { sideCredentials } from '../../emr-steps/credentials/side-credentials.ts';
import { runDirectory } from '../../emr-steps/run-directory/open-run-directory.ts';
import { createS3Client } from '../../emr-steps/s3/s3-client.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import type { Host } from '../host.ts';
import type { DirectoryAt } from '../watch/followed-run.ts';

/** Patience of one request, and how often it is sent. */
const PATIENCE = { requestTimeoutMilliseconds: 30_000, maxAttempts: 4 } as const;

/** The opener. @param region - of the bucket: a stack's bucket is where its machine is */
export function directoryAt(region: string, profile: string | undefined, { env }: Host, transport: Transport): DirectoryAt {
  const credentials = sideCredentials({ profile, region, sessionName: 'carillon', env, send: transport });
  const endpointUrl = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined;
  return (base) =>
    runDirectory(base, (bucket) =>
      createS3Client({
        ...{ bucket, region, endpointUrl, credentials, transport },
        addressingStyle: 'auto',
        userAgent: 'carillon',
        maxRequestsPerSecond: 0,
        ...PATIENCE,
      }),
    );
}
