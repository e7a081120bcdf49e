/** How a bucket is set up, as far as it may be asked. */
import { type BucketEncryption, getBucketEncryption } from '../../emr-steps/s3/get-bucket-encryption.ts';
import { getLifecycle, type LifecycleRule } from '../../emr-steps/s3/get-lifecycle.ts';
import { getObjectLock, type ObjectLock } from '../../emr-steps/s3/get-object-lock.ts';
import { getOwnershipControls } from '../../emr-steps/s3/get-ownership-controls.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import { isDenial } from './denial.ts';

/** An answer; `denied`: the right to ask is missing; `unknown`: the service does not do it, or did not answer. */
export type Asked<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: 'denied' | 'unknown' };

/** Of either bucket. */
export interface SourceSettings {
  readonly encryption: Asked<BucketEncryption | null>;
}

/** Of the bucket that is written to. */
export interface DestinationSettings extends SourceSettings {
  readonly ownership: Asked<string | null>;
  readonly lifecycle: Asked<readonly LifecycleRule[]>;
  readonly objectLock: Asked<ObjectLock | null>;
}

/** Asks the source. */
export async function sourceSettings(client: S3Client): Promise<SourceSettings> {
  return { encryption: await ask(() => getBucketEncryption(client)) };
}

/** Asks the destination, everything at once. */
export async function destinationSettings(client: S3Client): Promise<DestinationSettings> {
  const [encryption, ownership, lifecycle, objectLock] = await Promise.all([
    ask(() => getBucketEncryption(client)),
    ask(() => getOwnershipControls(client)),
    ask(() => getLifecycle(client)),
    ask(() => getObjectLock(client)),
  ]);
  return { encryption, ownership, lifecycle, objectLock };
}

async function ask<T>(send: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { known: true, value: await send() };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return { known: false, why: isDenial(error) ? 'denied' : 'unknown' };
  }
}

/** The value; the other one where it is not known. */
export function valueOr<T, U>(asked: Asked<T>, other: U): T | U {
  return asked.known ? asked.value : other;
}
