/** Reaches a side's bucket once, by HeadBucket, before any work: credentials, endpoint, bucket and Region are found right or wrong here. */

import type { CredentialsError } from '../../emr-steps/credentials/credentials-error.ts';
import { sideCredentials } from '../../emr-steps/credentials/side-credentials.ts';
import { getBucketEncryption } from '../../emr-steps/s3/get-bucket-encryption.ts';
import { headBucket } from '../../emr-steps/s3/head-bucket.ts';
import { type CredentialProvider, createS3Client, type S3Client } from '../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { Transport } from '../../emr-steps/s3/transport.ts';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import type { RunSide } from '../../workflows/request/side.ts';
import { PreflightError } from './preflight-error.ts';

/** How long the one request may take, and how often it is sent. */
const PATIENCE = { requestTimeoutMilliseconds: 10_000, maxAttempts: 3 } as const;

/** Where AWS's tools begin when nobody names a Region. */
const FIRST_REGION = 'us-east-1';

/** Who asks. */
export interface Asker {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * The side with its Region filled in.
 *
 * @param name - how the problem names the side, such as `source`
 * @param runId - the session name of a role that is assumed
 * @throws PreflightError where the bucket cannot be reached, or is in another Region than the side says
 */
export async function reachBucket(name: string, side: RunSide, runId: string, asker: Asker): Promise<RunSide> {
  const { env, signal } = asker;
  const transport = undiciTransport({ connections: 1, connectMilliseconds: PATIENCE.requestTimeoutMilliseconds });
  try {
    const first = side.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || FIRST_REGION);
    const connection = { transport, credentials: credentialsOf(side, runId, env, transport), signal };
    const found = inRegion(name, side, await regionOf(side, first, connection));
    // A bucket elsewhere only says where it is; whether it may be used is known once it is asked there.
    if (found.region !== first) await regionOf(side, found.region, connection);
    return found;
  } catch (error) {
    throw explained(name, side, error);
  } finally {
    await transport.close();
  }
}

function credentialsOf(side: RunSide, sessionName: string, env: Asker['env'], send: Transport): CredentialProvider | null {
  if (side.anonymous) return null;
  const { profile, role, region } = side;
  return sideCredentials({ profile, role, region, stsRegion: role?.stsRegion, sessionName, env, send });
}

interface Connection {
  readonly transport: Transport;
  readonly credentials: CredentialProvider | null;
  readonly signal: AbortSignal;
}

/** The bucket's Region, asked in `region`; that one where the server names none. */
async function regionOf(side: RunSide, region: string, connection: Connection): Promise<string> {
  return (await headBucket(clientOf(side, region, connection), connection.signal)).region ?? region;
}

/**
 * The algorithm by which a side's bucket encrypts what is written without a word about it; null where it has none, or does not say.
 *
 * @param side - with its Region
 */
export async function defaultEncryption(side: RunSide, runId: string, { env, signal }: Asker): Promise<string | null> {
  const transport = undiciTransport({ connections: 1, connectMilliseconds: PATIENCE.requestTimeoutMilliseconds });
  try {
    const connection = { transport, credentials: credentialsOf(side, runId, env, transport), signal };
    return (await getBucketEncryption(clientOf(side, side.region ?? FIRST_REGION, connection), signal))?.algorithm ?? null;
  } catch (error) {
    if (error instanceof S3Error) return null;
    throw error;
  } finally {
    await transport.close();
  }
}

function clientOf(side: RunSide, region: string, { transport, credentials }: Connection): S3Client {
  return createS3Client({
    bucket: side.bucket,
    region,
    endpointUrl: side.endpointUrl,
    addressingStyle: side.addressingStyle,
    credentials,
    expectedBucketOwner: side.expectedOwner,
    requestPayer: side.requestPayer,
    userAgent: 'carillon',
    maxRequestsPerSecond: 0,
    transport,
    ...PATIENCE,
  });
}

function inRegion(name: string, side: RunSide, region: string): RunSide & { readonly region: string } {
  if (side.region === undefined || side.region === region) return { ...side, region };
  throw new PreflightError([`${name} s3://${side.bucket} is in Region ${region}, not ${side.region}; leave the Region out or give the right one`]);
}

function explained(name: string, side: RunSide, error: unknown): unknown {
  if (error instanceof S3Error) return new PreflightError([`${name} s3://${side.bucket}: ${reasonOf(error, side)}`]);
  if (isCredentialsError(error)) return new PreflightError([`${name} s3://${side.bucket}: ${error.message}`]);
  return error;
}

function isCredentialsError(error: unknown): error is CredentialsError {
  return error instanceof Error && 'code' in error && error.code === 'CREDENTIALS_UNAVAILABLE';
}

function reasonOf(error: S3Error, side: RunSide): string {
  const place = side.endpointUrl ?? 'AWS';
  if (error.status === 404) return `there is no such bucket at ${place}`;
  if (error.status === 403)
    return `access is denied; the credentials${side.profile === undefined ? '' : ` of profile ${side.profile}`} need s3:ListBucket on it${ownerHint(side)}`;
  if (error.status === 0) return `${place} cannot be reached (${error.code}: ${error.reason})`;
  return `${place} answered ${error.code} (status ${error.status}): ${error.reason}`;
}

function ownerHint({ expectedOwner }: RunSide): string {
  return expectedOwner === undefined ? '' : `, and it must belong to account ${expectedOwner}`;
}
