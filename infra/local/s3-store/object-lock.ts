/** Object Lock: what keeps a version from being deleted, by a write's headers or by its bucket's default. */
import { authorize } from './access/authorize.ts';
import { hasProof } from './body/proof.ts';
import type { ObjectLock, StoredObject } from './bucket.ts';
import type { Bucket } from './buckets.ts';
import type { ObjectCall } from './call.ts';
import { ServiceError } from './service-error.ts';

const MODE = 'x-amz-object-lock-mode';
const UNTIL = 'x-amz-object-lock-retain-until-date';
const HOLD = 'x-amz-object-lock-legal-hold';

const DAY = 86_400_000;
const YEAR = 365 * DAY;

function refused(message: string): ServiceError {
  return new ServiceError('InvalidArgument', { message });
}

function requestedRetention({ request: { headers }, store }: ObjectCall): Pick<ObjectLock, 'mode' | 'until'> | null {
  const [mode, date] = [headers[MODE], headers[UNTIL]];
  if (mode === undefined && date === undefined) return null;
  if (mode === undefined || date === undefined) throw refused(`${UNTIL} and ${MODE} must both be supplied`);
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') throw refused('Unknown wormMode directive.');
  const until = Date.parse(date);
  if (Number.isNaN(until)) throw refused('The retain until date must be provided in ISO 8601 format');
  if (until <= store.now()) throw refused('The retain until date must be in the future!');
  return { mode, until };
}

function requestedHold({ request: { headers } }: ObjectCall): boolean {
  const hold = headers[HOLD];
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF') throw refused('Legal Hold must be either of ON or OFF');
  return hold === 'ON';
}

function defaultRetention({ store, bucket }: ObjectCall): Pick<ObjectLock, 'mode' | 'until'> | null {
  const retention = bucket.settings.objectLock?.retention ?? null;
  return retention === null ? null : { mode: retention.mode, until: store.now() + retention.days * DAY + retention.years * YEAR };
}

/** The lock of a new object, undefined for none; `InvalidRequest` where the bucket has no Object Lock. Setting one is a right of its own. */
export function writtenLock(call: ObjectCall): ObjectLock | undefined {
  const { bucket, key, request } = call;
  const asked = [MODE, UNTIL, HOLD].filter((name) => request.headers[name] !== undefined);
  if (bucket.settings.objectLock === null && asked.length > 0)
    throw new ServiceError('InvalidRequest', { message: 'Bucket is missing Object Lock Configuration' });
  const [retention, hasHold] = [requestedRetention(call), requestedHold(call)];
  if (retention !== null) authorize(call, { bucket, key, action: 's3:PutObjectRetention' });
  if (asked.includes(HOLD)) authorize(call, { bucket, key, action: 's3:PutObjectLegalHold' });
  const { mode, until } = retention ?? defaultRetention(call) ?? { mode: null, until: null };
  return mode === null && !hasHold ? undefined : { mode, until, hasHold };
}

/** Bytes that are locked must be proven on their way in. */
export function checkLockedProof({ request }: ObjectCall, lock: ObjectLock | undefined, operation: 'Put Object' | 'Put Part'): void {
  if (lock === undefined || hasProof(request)) return;
  throw new ServiceError('InvalidRequest', {
    message: `Content-MD5 OR x-amz-checksum- HTTP header is required for ${operation} requests with Object Lock parameters`,
  });
}

/** The lock as answers to reads name it. */
export function lockHeaders({ lock }: Pick<StoredObject, 'lock'>): Record<string, string> {
  if (lock === undefined) return {};
  const retention = lock.mode === null || lock.until === null ? {} : { [MODE]: lock.mode, [UNTIL]: new Date(lock.until).toISOString() };
  return lock.hasHold ? { ...retention, [HOLD]: 'ON' } : retention;
}

/** `AccessDenied` for a version that its lock holds; a governed one may go for those who may bypass that and say so. */
export function checkUnlocked(call: ObjectCall, { lock }: Pick<StoredObject, 'lock'>): void {
  if (lock === undefined) return;
  const { bucket, key, request, store } = call;
  const isRetained = lock.until !== null && lock.until > store.now();
  if (!isRetained && !lock.hasHold) return;
  const isBypassed = lock.mode === 'GOVERNANCE' && !lock.hasHold && request.headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true';
  if (!isBypassed) throw new ServiceError('AccessDenied', { message: 'Access Denied because object protected by object lock.' });
  authorize(call, { bucket, key, action: 's3:BypassGovernanceRetention' });
}

/** Versioning cannot be suspended under Object Lock, nor Object Lock be had without it; `InvalidBucketState`. */
export function checkVersioned({ settings }: Bucket): void {
  if (settings.versioning !== 'Enabled')
    throw new ServiceError('InvalidBucketState', { message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration" });
}
