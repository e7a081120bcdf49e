/** Keys of KMS: which one a name means, and whether the caller may use it. */
import { hash } from 'node:crypto';
import { roleArn } from '../access/evaluate.ts';
import { permits } from '../access/permits.ts';
import type { Encryption } from '../bucket.ts';
import type { Bucket } from '../buckets.ts';
import type { ServiceCall } from '../call.ts';
import type { KnownKmsKey } from '../identities.ts';
import { type KeyBytes, keyText } from '../key-bytes.ts';
import { ServiceError } from '../service-error.ts';

/** The name of the key that AWS manages for S3, in every account. */
const MANAGED = 'alias/aws/s3';

/** Some UUID of a text, always the same. */
function uuidOf(text: string): string {
  return hash('sha256', text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** The ARN of the key that AWS manages for S3 in an account. */
function managedKey(region: string, accountId: string): string {
  return `arn:aws:kms:${region}:${accountId}:key/${uuidOf(`${region} ${accountId} ${MANAGED}`)}`;
}

function notFound(message: string): ServiceError {
  return new ServiceError('KMS.NotFoundException', { message });
}

/** A name as an ARN: an id or an alias without one is of the caller's account, whosever the bucket is. */
function asArn({ auth }: ServiceCall, { settings }: Bucket, name: string): string {
  if (name.startsWith('arn:')) return name;
  return `arn:aws:kms:${settings.region}:${auth.caller.accountId ?? settings.ownerId}:${name.startsWith('alias/') ? name : `key/${name}`}`;
}

function fits(key: KnownKmsKey, arn: string): boolean {
  return key.arn === arn || (key.alias !== null && arn === `arn:aws:kms:${key.region}:${key.accountId}:${key.alias}`);
}

/**
 * The ARN of the key that a request or a bucket's default names; null names the one that AWS manages. `KMS.NotFoundException` for a key that
 * no account has, or of another Region than the bucket's.
 */
export function keyNamed(call: ServiceCall, bucket: Bucket, name: string | null): string {
  const arn = asArn(call, bucket, name ?? MANAGED);
  const [, , , region = '', accountId = '', resource = ''] = arn.split(':');
  if (region !== bucket.settings.region) throw notFound(`Invalid arn ${region}`);
  if (resource === MANAGED || arn === managedKey(region, accountId)) return managedKey(region, accountId);
  const { kmsKeys } = call.store.accounts;
  if (kmsKeys.length === 0) return arn;
  const key = kmsKeys.find((known) => fits(known, arn));
  if (key === undefined) throw notFound(`${resource.startsWith('alias/') ? 'Alias' : 'Key'} '${arn}' does not exist`);
  return key.arn;
}

/** The use of a key for one object. */
export interface KeyUse {
  readonly bucket: Bucket;
  readonly key: KeyBytes;
  readonly encryption: Encryption;
  readonly operation: 'Decrypt' | 'GenerateDataKey';
}

/** Condition keys of KMS, of a request that S3 makes in the caller's name. */
function conditionValue({ auth: { caller } }: ServiceCall, { bucket: { settings }, key, encryption }: KeyUse, name: string): string | undefined {
  const bucketArn = `arn:aws:s3:::${settings.name}`;
  const values: Readonly<Record<string, string | null>> = {
    'kms:viaservice': `s3.${settings.region}.amazonaws.com`,
    'kms:calleraccount': caller.accountId,
    'kms:encryptioncontext:aws:s3:arn': encryption.bucketKey ? bucketArn : `${bucketArn}/${keyText(key)}`,
    'aws:principalarn': caller.arn === null ? null : (roleArn(caller.arn) ?? caller.arn),
    'aws:principalaccount': caller.accountId,
  };
  return values[name.toLowerCase()] ?? undefined;
}

function mayUse(call: ServiceCall, use: KeyUse, arn: string, known: KnownKmsKey | undefined): boolean {
  const { caller } = call.auth;
  const question = { caller, action: `kms:${use.operation}`, resource: arn, conditionValue: (name: string) => conditionValue(call, use, name) };
  if (known !== undefined) return permits({ policy: known.policy, ownerId: known.accountId, isClosed: true }, question);
  // the managed key serves everybody of its account who comes through S3, and nobody else
  return arn.split(':')[4] === caller.accountId;
}

/** Whether the caller may use the key of an encryption: 400 for a key that is gone or disabled, 403 for one that is somebody else's. */
export function checkKeyUse(call: ServiceCall, use: KeyUse): void {
  const { kmsKeyId } = use.encryption;
  if (kmsKeyId === null) return;
  const { caller } = call.auth;
  if (caller.arn === null)
    throw new ServiceError('InvalidArgument', {
      message: 'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
    });
  const { kmsKeys } = call.store.accounts;
  if (kmsKeys.length === 0) return;
  const arn = keyNamed(call, use.bucket, kmsKeyId);
  const known = kmsKeys.find((key) => key.arn === arn);
  if (known?.isDisabled) throw new ServiceError('KMS.DisabledException', { message: `${arn} is disabled.` });
  if (mayUse(call, use, arn, known)) return;
  throw new ServiceError('AccessDenied', { message: `User: ${caller.arn} is not authorized to perform: kms:${use.operation} on resource: ${arn}` });
}
