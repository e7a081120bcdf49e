/** Whether a caller may do something to a bucket or what is in it, by the bucket's policy and the caller's own. */
import { aclVerdict } from '../acl/acl.ts';
import type { Acl, AclPermission, StoredObject, Tag } from '../bucket.ts';
import type { Bucket } from '../buckets.ts';
import type { ServiceCall } from '../call.ts';
import { type KeyBytes, keyText } from '../key-bytes.ts';
import { queryValue } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import type { ConditionValues } from './conditions.ts';
import { roleArn } from './evaluate.ts';
import { type Guarded, permits } from './permits.ts';

/** What is to be done, and to what. */
export interface Act {
  readonly bucket: Bucket;
  /** Null for the bucket itself. */
  readonly key: KeyBytes | null;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** The object that is there, for conditions on its tags. */
  readonly object?: StoredObject | null;
  /** Tags that come with the request. */
  readonly requestTags?: readonly Tag[];
}

function tagValue(tags: readonly Tag[] | undefined, name: string): string | undefined {
  const tag = tags?.find(({ key }) => key === name);
  return tag === undefined ? undefined : keyText(tag.value);
}

function globalValue({ request, auth }: ServiceCall, name: string): string | undefined {
  switch (name) {
    case 'principalarn':
      return auth.caller.arn === null ? undefined : (roleArn(auth.caller.arn) ?? auth.caller.arn);
    case 'principalaccount':
      return auth.caller.accountId ?? undefined;
    case 'sourceip':
      return request.message.socket.remoteAddress;
    case 'securetransport':
      return 'false';
    case 'useragent':
      return request.headers['user-agent'];
    default:
      return undefined;
  }
}

/** The condition keys of a request: `aws:…`, tags, `s3:x-amz-…` headers, and `s3:prefix` and its like from the query. */
function conditionValues(call: ServiceCall, act: Act): ConditionValues {
  return (key) => {
    const [service = '', name = ''] = key.toLowerCase().split(/:(.*)/s);
    if (service === 'aws') return globalValue(call, name);
    if (service !== 's3') return undefined;
    if (name.startsWith('existingobjecttag/')) return tagValue(act.object?.tags, key.slice('s3:ExistingObjectTag/'.length));
    if (name.startsWith('requestobjecttag/')) return tagValue(act.requestTags, key.slice('s3:RequestObjectTag/'.length));
    if (name.startsWith('x-amz-')) return call.request.headers[name];
    const value = queryValue(call.request, name === 'versionid' ? 'versionId' : name);
    return value === null ? undefined : keyText(value);
  };
}

/** Which permission of an ACL gives which rights. */
const BY_OBJECT_ACL: Readonly<Record<string, AclPermission>> = {
  's3:GetObject': 'READ',
  's3:GetObjectVersion': 'READ',
  's3:GetObjectAcl': 'READ_ACP',
  's3:GetObjectVersionAcl': 'READ_ACP',
  's3:PutObjectAcl': 'WRITE_ACP',
  's3:PutObjectVersionAcl': 'WRITE_ACP',
};
const BY_BUCKET_ACL: Readonly<Record<string, AclPermission>> = {
  's3:ListBucket': 'READ',
  's3:ListBucketVersions': 'READ',
  's3:ListBucketMultipartUploads': 'READ',
  's3:PutObject': 'WRITE',
  's3:DeleteObject': 'WRITE',
  's3:GetBucketAcl': 'READ_ACP',
  's3:PutBucketAcl': 'WRITE_ACP',
};

function grantedBy(acl: Acl | null | undefined, call: ServiceCall, permission: AclPermission | undefined): 'Allow' | 'Delegate' | null {
  return acl && permission !== undefined ? aclVerdict(acl, call.auth.caller, permission) : null;
}

/** Where ACLs count, an object belongs to its writer, whom alone it obeys: the bucket's policy speaks of the bucket owner's objects only. */
function guarded(call: ServiceCall, { bucket: { settings }, action, object }: Act): Guarded {
  const { policy, ownerId, acl, ownership } = settings;
  if (ownership === 'BucketOwnerEnforced') return { policy, ownerId, isClosed: false };
  const permission = BY_OBJECT_ACL[action];
  if (permission === undefined || !object?.acl) return { policy, ownerId, isClosed: false, acl: grantedBy(acl, call, BY_BUCKET_ACL[action]) };
  const isBucketOwners = object.acl.ownerId === ownerId;
  return { policy: isBucketOwners ? policy : null, ownerId: object.acl.ownerId, isClosed: false, acl: grantedBy(object.acl, call, permission) };
}

/** Whether the caller may do it. */
export function isAllowed(call: ServiceCall, act: Act): boolean {
  const { caller } = call.auth;
  const resource = `arn:aws:s3:::${act.bucket.settings.name}${act.key === null ? '' : `/${keyText(act.key)}`}`;
  return permits(guarded(call, act), { caller, action: act.action, resource, conditionValue: conditionValues(call, act) });
}

/** `AccessDenied` unless the caller may do it. */
export function authorize(call: ServiceCall, act: Act): void {
  if (isAllowed(call, act)) return;
  const who = call.auth.caller.arn ?? 'anonymous';
  const resource = `arn:aws:s3:::${act.bucket.settings.name}${act.key === null ? '' : `/${act.key}`}`;
  // whose bucket it is not may still learn where it is
  const headers: Record<string, string> = act.key === null ? { 'x-amz-bucket-region': act.bucket.settings.region } : {};
  throw new ServiceError('AccessDenied', { headers, message: `User: ${who} is not authorized to perform: ${act.action} on resource: "${resource}"` });
}
