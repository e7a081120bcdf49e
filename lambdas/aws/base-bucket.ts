/** The bucket that holds everything that runs leave: their directories below `runs/`, the locks below `locks/`. */
import { standardCredentials } from '../../emr-steps/credentials/standard-credentials.ts';
import { runDirectory } from '../../emr-steps/run-directory/open-run-directory.ts';
import { type RunDirectory, RunPathError } from '../../emr-steps/run-directory/run-directory.ts';
import { createS3Client, type S3Client } from '../../emr-steps/s3/s3-client.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import type { PairLocks } from '../lock/pair-locks.ts';
import { s3PairLocks } from '../lock/s3-pair-locks.ts';
import { placedDirectory, placeElsewhere } from '../run/placed-directory.ts';
import type { RunHome } from '../run/run-home.ts';
import { baseUrl, type Environment } from './settings.ts';

/** Folder of the locks. */
export const LOCKS = 'locks';

/** What lies there. */
export interface BaseBucket {
  readonly home: RunHome;
  readonly locks: PairLocks;
  /** All of it: `locks/`, `runs/`. */
  readonly base: RunDirectory;
  /** Carries requests to other buckets too. */
  readonly transport: Transport;
}

/** Opens it; nothing is asked before the first use. @throws SettingMissingError */
export function baseBucket(env: Environment): BaseBucket {
  const base = baseUrl(env);
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(base) ?? [];
  if (bucket === undefined) throw new RunPathError(base);
  const transport = undiciTransport({ connections: 64 });
  const client = clientOf(bucket, env, transport);
  const atHome = (runId: string) => runDirectory(`${base}/runs/${runId}`, () => client);
  const open = (rows: string) => runDirectory(rows, (other) => (other === bucket ? client : clientOf(other, env, transport)));
  return {
    home: { directoryOf: (runId) => placedDirectory(atHome(runId), open), placeRows: (runId, rows) => placeElsewhere(atHome(runId), rows, open) },
    base: runDirectory(base, () => client),
    locks: s3PairLocks(client, [prefix, LOCKS].filter((part) => part !== '').join('/')),
    transport,
  };
}

/** In the functions' own Region. */
function clientOf(bucket: string, env: Environment, transport: Transport): S3Client {
  return createS3Client({
    bucket,
    region: env.AWS_REGION ?? 'us-east-1',
    endpointUrl: env.AWS_ENDPOINT_URL_S3 || undefined,
    addressingStyle: 'auto',
    credentials: standardCredentials({ env, send: transport }),
    userAgent: 'carillon',
    maxAttempts: 8,
    requestTimeoutMilliseconds: 30_000,
    maxRequestsPerSecond: 0,
    transport,
  });
}
