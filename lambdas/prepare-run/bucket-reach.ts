/** Reaches the buckets of a run before any work: credentials, endpoint, bucket and Region are found right or wrong here. */
import { getBucketEncryption } from '../../emr-steps/s3/get-bucket-encryption.ts';
import { headBucket } from '../../emr-steps/s3/head-bucket.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import { ASSUME_SIDS } from '../../workflows/access/access-need.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { RunSide } from '../../workflows/request/side.ts';
import { examineRun } from '../rights/examine-run.ts';
import { FIRST_REGION } from '../run/own-client.ts';
import { RefusedError } from '../run/refused-error.ts';
import { type Asker, sideClient } from '../run/side-client.ts';

/** What `prepare-run` asks of buckets. */
export interface BucketReach {
  /** The side with its Region. @throws RefusedError where the bucket cannot be reached, or is in another Region than the side says */
  regionOf(name: string, side: RunSide, runId: string, denied?: WhenDenied): Promise<RunSide>;
  /** The algorithm by which the bucket encrypts by default; null: none, or it does not say. @param side - with its Region */
  defaultEncryption(side: RunSide, runId: string): Promise<string | null>;
  /**
   * Finds out what both buckets are set to and proves every right that the run needs; nothing is written.
   *
   * @param request - with its Regions
   * @returns what people should know
   * @throws RefusedError that explains every denial
   */
  examine?(request: RunRequest, runId: string): Promise<readonly RunFinding[]>;
}

/** `may-be-denied`: a bucket that may not be listed is somewhere all the same; `examine` says which right is missing. Default: it is refused. */
export type WhenDenied = 'refuse' | 'may-be-denied';

/** How long one request may take, and how often it is sent. */
const PATIENCE = { requestTimeoutMilliseconds: 10_000, maxAttempts: 3 } as const;

/** By HeadBucket and GetBucketEncryption. */
export function bucketReach({ env, transport }: Asker): BucketReach {
  const clientOf = (side: RunSide, region: string, runId: string) => sideClient({ ...side, region }, runId, { env, transport }, PATIENCE);
  return {
    examine: (request, runId) => examineRun(request, runId, { env, transport }),
    regionOf: async (name, side, runId, denied = 'refuse') => {
      const first = side.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || FIRST_REGION);
      const ask = (region: string) => regionAt(clientOf(side, region, runId), denied);
      try {
        const region = await ask(first);
        // A bucket elsewhere only says where it is; whether it may be used is known once it is asked there.
        if (region !== first) await ask(region);
        return inRegion(name, side, region);
      } catch (error) {
        throw explained(name, side, error, env.CARILLON_DATA_ROLE_ARN);
      }
    },
    defaultEncryption: async (side, runId) => {
      try {
        return (await getBucketEncryption(clientOf(side, side.region ?? FIRST_REGION, runId)))?.algorithm ?? null;
      } catch (error) {
        if (error instanceof S3Error) return null;
        throw error;
      }
    },
  };
}

/** The bucket's Region, asked in the client's; that one where the server names none. */
async function regionAt(client: S3Client, denied: WhenDenied): Promise<string> {
  try {
    return (await headBucket(client)).region ?? client.region;
  } catch (error) {
    if (denied === 'may-be-denied' && error instanceof S3Error && error.status === 403) return error.region ?? client.region;
    throw error;
  }
}

function inRegion(name: string, side: RunSide, region: string): RunSide {
  if (side.region === undefined || side.region === region) return { ...side, region };
  throw new RefusedError([`${name} s3://${side.bucket} is in Region ${region}, not ${side.region}; leave the Region out or give the right one`]);
}

function explained(name: string, side: RunSide, error: unknown, dataRole: string | undefined): unknown {
  if (error instanceof S3Error) return new RefusedError([`${name} s3://${side.bucket}: ${reasonOf(error, side)}`]);
  if (error instanceof Error && 'code' in error && error.code === 'CREDENTIALS_UNAVAILABLE')
    return new RefusedError([`${name} s3://${side.bucket}: ${error.message}${assumeHint(name, side, error.message, dataRole)}`]);
  return error;
}

/** Which statement lets a role be assumed, and where it belongs. */
function assumeHint(name: string, { role }: RunSide, message: string, dataRole = 'whoever runs'): string {
  if (role === undefined || !message.includes(`role ${role.arn} cannot be assumed`) || !message.includes('AccessDenied')) return '';
  const sid = ASSUME_SIDS[name === 'source' ? 'source' : 'destination'];
  return `; the statement ${sid} would allow it, in the trust policy of ${role.arn} and in the policies of ${dataRole} (carillon access REQUEST.json prints both)`;
}

function reasonOf(error: S3Error, side: RunSide): string {
  const place = side.endpointUrl ?? 'AWS';
  if (error.status === 404) return `there is no such bucket at ${place}`;
  if (error.status === 403) return `access is denied; ${identityOf(side)} need s3:ListBucket on it${ownerHint(side)}`;
  if (error.status === 0) return `${place} cannot be reached (${error.code}: ${error.reason})`;
  return `${place} answered ${error.code} (status ${error.status}): ${error.reason}`;
}

function identityOf({ profile, role }: RunSide): string {
  if (role !== undefined) return `the credentials of ${role.arn}`;
  return profile === undefined ? 'the credentials' : `the credentials of profile ${profile}`;
}

function ownerHint({ expectedOwner }: RunSide): string {
  return expectedOwner === undefined ? '' : `, and it must belong to account ${expectedOwner}`;
}
