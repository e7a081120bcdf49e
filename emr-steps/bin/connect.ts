/** From a program's options to S3 clients: credentials, Region, endpoint. */
import { sideCredentials } from '../credentials/side-credentials.ts';
import { type Environment, isHadoopTask } from '../hadoop/environment.ts';
import type { CONNECTION_OPTIONS } from '../records/program-options.ts';
import type { OptionValues } from '../records/step-arguments.ts';
import { headBucket } from '../s3/head-bucket.ts';
import { type CredentialProvider, createS3Client, type RequestEvent, type S3Client, type S3ClientOptions } from '../s3/s3-client.ts';
import { undiciTransport } from '../s3/undici-transport.ts';

/** The values of one side's connection options. */
export type ConnectionValues = OptionValues<typeof CONNECTION_OPTIONS>;

/** What all clients of a program share. */
export interface ConnectSettings {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly userAgent: string;
  /** The session name of roles that are assumed. */
  readonly runId: string;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly maxAttempts: number;
  readonly requestTimeoutMilliseconds: number;
  /** Of each client; 0: none. */
  readonly maxRequestsPerSecond: number;
  readonly observe: (event: RequestEvent) => void;
}

/** What a side's client must know of the other side. */
export interface OtherSide {
  /** The account that must own the bucket that is copied from. */
  readonly sourceBucketOwner?: string | undefined;
  /** Pay also where this side's own option does not ask for it: the source of a copy may. */
  readonly requestPayer?: boolean;
}

/** Makes clients that share connections. */
export interface Connector {
  /** @throws S3Error where the Region must be found out and the bucket cannot be reached; CredentialsError */
  connect(side: ConnectionValues, other?: OtherSide): Promise<S3Client>;
  /** Closes every client and connection. */
  close(): Promise<void>;
}

/** Makes a connector; {@link s3Connector} is the real one. */
export type Connect = (settings: ConnectSettings) => Connector;

/** Where AWS's tools begin when nobody names a Region. */
const FIRST_REGION = 'us-east-1';

/** Clients over HTTP. Nothing is sent before a client is asked for. */
export const s3Connector: Connect = (settings) => {
  // A streaming copy reads and writes at the same time.
  const transport = undiciTransport({ connections: settings.concurrency * 2 + 8 });
  const clients: S3Client[] = [];
  return {
    async connect(side, other = {}) {
      const options = clientOptions(settings, side, other, transport);
      const region = side.region ?? (await regionOf(options, settings.signal));
      const client = createS3Client({ ...options, region });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map(async (client) => await client.close()));
      await transport.close();
    },
  };
};

function clientOptions(settings: ConnectSettings, side: ConnectionValues, other: OtherSide, transport: S3ClientOptions['transport']): S3ClientOptions {
  const { env, runId: _runId, signal: _signal, concurrency: _concurrency, ...common } = settings;
  return {
    ...common,
    transport,
    bucket: side.bucket,
    region: side.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? FIRST_REGION,
    endpointUrl: side['endpoint-url'],
    addressingStyle: addressingStyleOf(side['addressing-style']),
    credentials: credentialsOf(side, settings, transport),
    expectedBucketOwner: side['expected-bucket-owner'],
    sourceBucketOwner: other.sourceBucketOwner,
    requestPayer: side['request-payer'] || (other.requestPayer ?? false),
  };
}

function addressingStyleOf(text: string): S3ClientOptions['addressingStyle'] {
  return text === 'path' || text === 'virtual' ? text : 'auto';
}

function credentialsOf(side: ConnectionValues, { env, runId }: ConnectSettings, send: S3ClientOptions['transport']): CredentialProvider | null {
  if (side['no-sign-request']) return null;
  const { profile, region, 'role-arn': arn, 'external-id': externalId, 'sts-region': stsRegion } = side;
  const role = arn === undefined ? undefined : { arn, externalId };
  return sideCredentials({ profile, role, region, stsRegion, sessionName: runId, env, send, isOnNode: isHadoopTask(env) });
}

async function regionOf(options: S3ClientOptions, signal: AbortSignal): Promise<string> {
  const client = createS3Client(options);
  try {
    return (await headBucket(client, signal)).region ?? options.region;
  } finally {
    await client.close();
  }
}
