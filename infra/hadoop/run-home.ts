/** Where the runs of a Hadoop cluster lie: in a bucket, or in a folder that every node and this machine have in common. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { standardCredentials } from '../../emr-steps/credentials/standard-credentials.ts';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { runDirectory } from '../../emr-steps/run-directory/open-run-directory.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { createS3Client } from '../../emr-steps/s3/s3-client.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import type { RunHome } from '../../lambdas/run/run-home.ts';
import type { ClientConfiguration } from './client-configuration.ts';

/** Who reads and writes there. */
export interface RunHomeOptions {
  /** `s3://bucket/prefix` or `file:///folder`. */
  readonly base: string;
  readonly configuration: ClientConfiguration;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly transport: Transport;
}

/** Runs cannot lie there. Final. */
export class RunHomeError extends Error {
  override readonly name = 'RunHomeError';
  readonly code = 'RUN_HOME_INVALID';
  readonly retryable = false;

  constructor(base: string) {
    super(
      `${base} cannot hold runs of a Hadoop cluster: this machine must read them, too; give s3://bucket/prefix, or file:///folder on a disk that all nodes share`,
    );
  }
}

/** The home; buckets are reached where S3A reaches them. @throws RunHomeError */
export function hadoopRunHome({ base, ...options }: RunHomeOptions): RunHome {
  const below = base.replace(/\/+$/, '');
  if (/^file:\/\/\//.test(below)) return { directoryOf: (runId) => sharedFolder(fileURLToPath(`${below}/${runId}`)) };
  const [, bucket] = /^s3:\/\/([^/]+)/.exec(below) ?? [];
  if (bucket === undefined) throw new RunHomeError(base);
  const client = clientOf(bucket, options);
  return { directoryOf: (runId) => runDirectory(`${below}/${runId}`, () => client) };
}

/** Files under the name by which Hadoop knows them, wherever its default file system is. */
function sharedFolder(folder: string): RunDirectory {
  const files = fileRunDirectory(folder);
  const base = pathToFileURL(folder).href;
  return { ...files, base, locate: (path) => pathToFileURL(files.locate(path)).href };
}

function clientOf(bucket: string, { configuration, env, transport }: Omit<RunHomeOptions, 'base'>) {
  const endpoint = env.AWS_ENDPOINT_URL_S3 || configuration.get('fs.s3a.endpoint') || '';
  return createS3Client({
    bucket,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || configuration.get('fs.s3a.endpoint.region') || 'us-east-1',
    endpointUrl: /^https?:\/\//.test(endpoint) ? endpoint.replace(/\/$/, '') : undefined,
    addressingStyle: configuration.get('fs.s3a.path.style.access') === 'true' ? 'path' : 'auto',
    credentials: standardCredentials({ env, send: transport }),
    userAgent: 'carillon',
    maxAttempts: 8,
    requestTimeoutMilliseconds: 30_000,
    maxRequestsPerSecond: 0,
    transport,
  });
}
