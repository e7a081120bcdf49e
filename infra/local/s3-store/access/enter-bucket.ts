/** The checks at a bucket's door that no policy speaks of: is it there, in this Region, still its owner's, and who pays. */
import type { Bucket } from '../buckets.ts';
import type { ServiceCall } from '../call.ts';
import { ServiceError } from '../service-error.ts';

/** The bucket of this name; `NoSuchBucket` with the name. */
export function bucketNamed({ store }: ServiceCall, name: string): Bucket {
  const bucket = store.buckets.get(name);
  if (bucket === undefined) throw new ServiceError('NoSuchBucket', { elements: { BucketName: name } });
  return bucket;
}

/**
 * A request must be signed for the bucket's Region. Signed for the endpoint's it is redirected (301), for any other it is malformed (400);
 * both answers name the right Region.
 */
function checkRegion({ store, auth }: ServiceCall, { settings }: Bucket): void {
  const signed = auth.claim?.region;
  if (signed === undefined || signed === settings.region) return;
  const headers = { 'x-amz-bucket-region': settings.region };
  if (signed === store.region)
    throw new ServiceError('PermanentRedirect', {
      headers,
      elements: { Endpoint: `${settings.name}.s3.${settings.region}.amazonaws.com`, Bucket: settings.name },
    });
  throw new ServiceError('AuthorizationHeaderMalformed', {
    message: `The authorization header is malformed; the region '${signed}' is wrong; expecting '${settings.region}'`,
    headers,
    elements: { Region: settings.region },
  });
}

/** The bucket must belong to the account that the request expects. */
export function checkOwner({ request }: ServiceCall, { settings }: Bucket, header: 'x-amz-expected-bucket-owner' | 'x-amz-source-expected-bucket-owner'): void {
  const expected = request.headers[header];
  if (expected !== undefined && expected !== settings.ownerId) throw new ServiceError('AccessDenied');
}

/** From a bucket whose requesters pay, other accounts get something only when they say that they pay, and nobody gets anything unsigned. */
export function checkPayer({ request, auth }: ServiceCall, { settings }: Bucket): void {
  if (!settings.requesterPays || auth.caller.accountId === settings.ownerId) return;
  if (auth.caller.accountId === null || request.headers['x-amz-request-payer'] !== 'requester') throw new ServiceError('AccessDenied');
}

/** All of it for the bucket that the request names. */
export function enterBucket(call: ServiceCall, name: string): Bucket {
  const bucket = bucketNamed(call, name);
  checkRegion(call, bucket);
  checkOwner(call, bucket, 'x-amz-expected-bucket-owner');
  checkPayer(call, bucket);
  return bucket;
}
