/** CreateBucket, DeleteBucket, HeadBucket, ListBuckets, GetBucketLocation. */
import { canonicalId } from '../accounts.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { receiveText } from '../body/receive-body.ts';
import { type BucketSettings, bucketSettings, isBucketName } from '../buckets.ts';
import { type BucketCall, type ServiceCall, thisSecond, writable } from '../call.ts';
import { queryValue } from '../request.ts';
import { ServiceError } from '../service-error.ts';
import { parseXml, textOf } from '../xml-read.ts';
import { document, elements, escapeXml } from '../xml-write.ts';
import { listingTime } from './listing-time.ts';
import { ownershipNamed } from './ownership-controls.ts';

/** The Region that the request's document names, or the one that it was signed for. */
async function wantedRegion(call: ServiceCall): Promise<string> {
  const xml = await receiveText(call.request, call.auth);
  const constraint = xml === '' ? null : textOf(parseXml(xml), 'LocationConstraint');
  return constraint ?? call.auth.claim?.region ?? call.store.region;
}

/** Object ownership and Object Lock can be settled from the start; ACLs take the first. */
function askedSettings({ request: { headers } }: ServiceCall): Partial<BucketSettings> {
  const given = headers['x-amz-object-ownership'];
  const ownership = given === undefined ? 'BucketOwnerEnforced' : ownershipNamed(given);
  const hasAcl = headers['x-amz-acl'] !== undefined || Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'));
  if (hasAcl && headers['x-amz-acl'] !== 'private' && ownership === 'BucketOwnerEnforced') throw new ServiceError('InvalidBucketAclWithObjectOwnership');
  const isLocked = headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true';
  return isLocked ? { ownership, versioning: 'Enabled', objectLock: { retention: null } } : { ownership };
}

/** CreateBucket. */
export async function createBucket(call: ServiceCall): Promise<Answer> {
  const name = call.request.bucket ?? '';
  if (!isBucketName(name)) throw new ServiceError('InvalidBucketName', { elements: { BucketName: name } });
  const ownerId = call.auth.caller.accountId;
  if (ownerId === null) throw new ServiceError('AccessDenied');
  const region = await wantedRegion(call);
  const existing = call.store.buckets.get(name);
  if (existing !== undefined)
    throw new ServiceError(existing.settings.ownerId === ownerId ? 'BucketAlreadyOwnedByYou' : 'BucketAlreadyExists', { elements: { BucketName: name } });
  call.store.buckets.create(bucketSettings({ name, ownerId, region, created: thisSecond(call.store), ...askedSettings(call) }));
  return emptyAnswer(200, { location: `/${name}` });
}

/** DeleteBucket: open uploads do not hold it, objects do. */
export function deleteBucket(call: BucketCall): Answer {
  if (!writable(call.bucket).isEmpty()) throw new ServiceError('BucketNotEmpty', { elements: { BucketName: call.bucket.settings.name } });
  call.store.buckets.drop(call.bucket);
  return emptyAnswer(204);
}

/** HeadBucket. */
export function headBucket({ bucket }: BucketCall): Answer {
  return emptyAnswer(200, { 'x-amz-bucket-region': bucket.settings.region, 'content-type': 'application/xml' });
}

/** GetBucketLocation: us-east-1 is written as nothing at all. */
export function getBucketLocation({ bucket }: BucketCall): Answer {
  const { region } = bucket.settings;
  return xmlAnswer(document('LocationConstraint', region === 'us-east-1' ? '' : region));
}

/** ListBuckets: the caller's own, paged when the request says how many. */
export function listBuckets(call: ServiceCall): Answer {
  const ownerId = call.auth.caller.accountId;
  if (ownerId === null) throw new ServiceError('AccessDenied');
  const [prefix, token, region] = ['prefix', 'continuation-token', 'bucket-region'].map((name) => queryValue(call.request, name) ?? '') as [
    string,
    string,
    string,
  ];
  const most = Number(queryValue(call.request, 'max-buckets') ?? '10000');
  const own = call.store.buckets.all().filter(({ settings }) => settings.ownerId === ownerId && settings.name.startsWith(prefix) && settings.name > token);
  const fitting = own.filter(({ settings }) => region === '' || settings.region === region);
  const page = fitting.slice(0, most);
  const rows = page.map(({ settings }) =>
    elements({ Bucket: { Name: settings.name, CreationDate: listingTime(settings.created), BucketRegion: settings.region } }),
  );
  const owner = elements({ Owner: { ID: canonicalId(ownerId), DisplayName: call.store.accounts.displayName(ownerId) } });
  const next = fitting.length > page.length ? elements({ ContinuationToken: page.at(-1)?.settings.name }) : '';
  return xmlAnswer(
    document('ListAllMyBucketsResult', `${owner}<Buckets>${rows.join('')}</Buckets>${next}${prefix === '' ? '' : `<Prefix>${escapeXml(prefix)}</Prefix>`}`),
  );
}
