/** Reaches the buckets of a run before any work: credentials, endpoint, bucket and Region are found right or wrong here. */
import { getBucketEncryption } from '../../emr-steps/s3/get-bucket-encryption.ts';
import { headBucket } from '../../emr-steps/s3/head-bucket.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { RunSide } from '../../workflows/request/side.ts';
import { RefusedError } from '../run/refused-error.ts';
import { type Asker, sideClient } from '../run/side-client.ts';

/** What `prepare-run` asks of buckets. */
export interface BucketReach {
  /** The side with its Region. @throws RefusedError where the bucket cannot be reached, or is in another Region than the side says */
  regionOf(name: string, side: RunSide, runId: string): Promise<RunSide>;
  /** The algorithm by which the bucket encrypts by default; null: none, or it does not say. @param side - with its Region */
  defaultEncryption(side: RunSide, runId: string): Promise<string | null>;
}

/** How long one request may take, and how often it is sent. */
const PATIENCE = { requestTimeoutMilliseconds: 10_000, maxAttempts: 3 } as const;

/** Where AWS's tools begin when nobody names a Region. */
const FIRST_REGION = 'us-east-1';

/** By HeadBucket and GetBucketEncryption. */
export function bucketReach({ env, transport }: Asker): BucketReach {
  const clientOf = (side: RunSide, region: string, runId: string) => sideClient({ ...side, region }, runId, { env, transport }, PATIENCE);
  return {
    regionOf: async (name, side, runId) => {
      const first = side.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || FIRST_REGION);
      const ask = async (region: string) => (await headBucket(clientOf(side, region, runId))).region ?? region;
      try {
        const region = await ask(first);
        // A bucket elsewhere only says where it is; whether it may be used is known once it is asked there.
        if (region !== first) await ask(region);
        return inRegion(name, side, region);
      } catch (error) {
        throw explained(name, side, error);
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

function inRegion(name: string, side: RunSide, region: string): RunSide {
  if (side.region === undefined || side.region === region) return { ...side, region };
  throw new RefusedError([`${name} s3://${side.bucket} is in Region ${region}, not ${side.region}; leave the Region out or give the right one`]);
}

function explained(name: string, side: RunSide, error: unknown): unknown {
  if (error instanceof S3Error) return new RefusedError([`${name} s3://${side.bucket}: ${reasonOf(error, side)}`]);
  if (error instanceof Error && 'code' in error && error.code === 'CREDENTIALS_UNAVAILABLE')
    return new RefusedError([`${name} s3://${side.bucket}: ${error.message}`]);
  return error;
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
