/** Which request is which operation: S3's names, the right that each needs, and the function that answers. */
import type { Answer } from '../answer.ts';
import type { BucketCall, ObjectCall, ServiceCall } from '../call.ts';
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from '../operations/access-control-lists.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from '../operations/bucket-operations.ts';
import * as settings from '../operations/bucket-settings.ts';
import { completeMultipartUpload } from '../operations/complete-multipart-upload.ts';
import { copyObject } from '../operations/copy-object.ts';
import { deleteObject, deleteObjects } from '../operations/delete-object.ts';
import * as lifecycle from '../operations/lifecycle.ts';
import { listObjects, listObjectsV2 } from '../operations/list-objects.ts';
import { listMultipartUploads, listParts } from '../operations/list-uploads.ts';
import { listObjectVersions } from '../operations/list-versions.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart, uploadPartCopy } from '../operations/multipart-upload.ts';
import { getObjectAttributes } from '../operations/object-attributes.ts';
import { getObjectLockConfiguration, putObjectLockConfiguration } from '../operations/object-lock-configuration.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from '../operations/object-tagging.ts';
import * as ownership from '../operations/ownership-controls.ts';
import { getObject, headObject } from '../operations/read-object.ts';
import { restoreObject } from '../operations/restore-object.ts';
import { putObject } from '../operations/write-object.ts';
import { queryValue, type S3Request } from '../request.ts';
import { ServiceError } from '../service-error.ts';

type Run<Call> = (call: Call) => Answer | Promise<Answer>;

interface Match {
  readonly method: string;
  /** S3's name of the operation. */
  readonly name: string;
  /** A query parameter that must be there. */
  readonly query?: string;
  /** A header that must be there. */
  readonly header?: string;
}

/** An operation, on the service, on a bucket, or on a key. `action` is the right to the bucket or key itself; operations that need others ask themselves. */
export type Route =
  | (Match & { readonly on: 'service'; readonly run: Run<ServiceCall> })
  | (Match & { readonly on: 'bucket'; readonly action: string | null; readonly run: Run<BucketCall> })
  | (Match & { readonly on: 'new-bucket'; readonly run: Run<ServiceCall> })
  | (Match & { readonly on: 'object'; readonly action: string | null; readonly run: Run<ObjectCall> });

const ON_SERVICE: readonly Route[] = [{ on: 'service', method: 'GET', name: 'ListBuckets', run: listBuckets }];

const ON_BUCKET: readonly Route[] = [
  { on: 'bucket', method: 'GET', query: 'list-type', name: 'ListObjectsV2', action: 's3:ListBucket', run: listObjectsV2 },
  { on: 'bucket', method: 'GET', query: 'location', name: 'GetBucketLocation', action: 's3:GetBucketLocation', run: getBucketLocation },
  { on: 'bucket', method: 'GET', query: 'uploads', name: 'ListMultipartUploads', action: 's3:ListBucketMultipartUploads', run: listMultipartUploads },
  { on: 'bucket', method: 'GET', query: 'versions', name: 'ListObjectVersions', action: 's3:ListBucketVersions', run: listObjectVersions },
  { on: 'bucket', method: 'GET', query: 'policy', name: 'GetBucketPolicy', action: 's3:GetBucketPolicy', run: settings.getBucketPolicy },
  { on: 'bucket', method: 'PUT', query: 'policy', name: 'PutBucketPolicy', action: 's3:PutBucketPolicy', run: settings.putBucketPolicy },
  { on: 'bucket', method: 'DELETE', query: 'policy', name: 'DeleteBucketPolicy', action: 's3:DeleteBucketPolicy', run: settings.deleteBucketPolicy },
  { on: 'bucket', method: 'GET', query: 'versioning', name: 'GetBucketVersioning', action: 's3:GetBucketVersioning', run: settings.getBucketVersioning },
  { on: 'bucket', method: 'PUT', query: 'versioning', name: 'PutBucketVersioning', action: 's3:PutBucketVersioning', run: settings.putBucketVersioning },
  {
    on: 'bucket',
    method: 'GET',
    query: 'requestPayment',
    name: 'GetBucketRequestPayment',
    action: 's3:GetBucketRequestPayment',
    run: settings.getBucketRequestPayment,
  },
  {
    on: 'bucket',
    method: 'PUT',
    query: 'requestPayment',
    name: 'PutBucketRequestPayment',
    action: 's3:PutBucketRequestPayment',
    run: settings.putBucketRequestPayment,
  },
  { on: 'bucket', method: 'GET', query: 'acl', name: 'GetBucketAcl', action: 's3:GetBucketAcl', run: getBucketAcl },
  { on: 'bucket', method: 'PUT', query: 'acl', name: 'PutBucketAcl', action: 's3:PutBucketAcl', run: putBucketAcl },
  {
    on: 'bucket',
    method: 'GET',
    query: 'ownershipControls',
    name: 'GetBucketOwnershipControls',
    action: 's3:GetBucketOwnershipControls',
    run: ownership.getBucketOwnershipControls,
  },
  {
    on: 'bucket',
    method: 'PUT',
    query: 'ownershipControls',
    name: 'PutBucketOwnershipControls',
    action: 's3:PutBucketOwnershipControls',
    run: ownership.putBucketOwnershipControls,
  },
  {
    on: 'bucket',
    method: 'DELETE',
    query: 'ownershipControls',
    name: 'DeleteBucketOwnershipControls',
    action: 's3:PutBucketOwnershipControls',
    run: ownership.deleteBucketOwnershipControls,
  },
  {
    on: 'bucket',
    method: 'GET',
    query: 'lifecycle',
    name: 'GetBucketLifecycleConfiguration',
    action: 's3:GetLifecycleConfiguration',
    run: lifecycle.getBucketLifecycleConfiguration,
  },
  {
    on: 'bucket',
    method: 'PUT',
    query: 'lifecycle',
    name: 'PutBucketLifecycleConfiguration',
    action: 's3:PutLifecycleConfiguration',
    run: lifecycle.putBucketLifecycleConfiguration,
  },
  {
    on: 'bucket',
    method: 'DELETE',
    query: 'lifecycle',
    name: 'DeleteBucketLifecycle',
    action: 's3:PutLifecycleConfiguration',
    run: lifecycle.deleteBucketLifecycle,
  },
  {
    on: 'bucket',
    method: 'GET',
    query: 'object-lock',
    name: 'GetObjectLockConfiguration',
    action: 's3:GetBucketObjectLockConfiguration',
    run: getObjectLockConfiguration,
  },
  {
    on: 'bucket',
    method: 'PUT',
    query: 'object-lock',
    name: 'PutObjectLockConfiguration',
    action: 's3:PutBucketObjectLockConfiguration',
    run: putObjectLockConfiguration,
  },
  { on: 'bucket', method: 'GET', query: 'encryption', name: 'GetBucketEncryption', action: 's3:GetEncryptionConfiguration', run: settings.getBucketEncryption },
  { on: 'bucket', method: 'PUT', query: 'encryption', name: 'PutBucketEncryption', action: 's3:PutEncryptionConfiguration', run: settings.putBucketEncryption },
  {
    on: 'bucket',
    method: 'DELETE',
    query: 'encryption',
    name: 'DeleteBucketEncryption',
    action: 's3:PutEncryptionConfiguration',
    run: settings.deleteBucketEncryption,
  },
  { on: 'bucket', method: 'POST', query: 'delete', name: 'DeleteObjects', action: null, run: deleteObjects },
  { on: 'bucket', method: 'GET', name: 'ListObjects', action: 's3:ListBucket', run: listObjects },
  { on: 'bucket', method: 'HEAD', name: 'HeadBucket', action: 's3:ListBucket', run: headBucket },
  { on: 'new-bucket', method: 'PUT', name: 'CreateBucket', run: createBucket },
  { on: 'bucket', method: 'DELETE', name: 'DeleteBucket', action: 's3:DeleteBucket', run: deleteBucket },
];

// reads ask for their right themselves, because it depends on the version and on the object's tags
const ON_OBJECT: readonly Route[] = [
  { on: 'object', method: 'GET', query: 'tagging', name: 'GetObjectTagging', action: null, run: getObjectTagging },
  { on: 'object', method: 'GET', query: 'acl', name: 'GetObjectAcl', action: null, run: getObjectAcl },
  { on: 'object', method: 'PUT', query: 'acl', name: 'PutObjectAcl', action: null, run: putObjectAcl },
  { on: 'object', method: 'GET', query: 'attributes', name: 'GetObjectAttributes', action: null, run: getObjectAttributes },
  { on: 'object', method: 'GET', query: 'uploadId', name: 'ListParts', action: 's3:ListMultipartUploadParts', run: listParts },
  { on: 'object', method: 'GET', name: 'GetObject', action: null, run: getObject },
  { on: 'object', method: 'HEAD', name: 'HeadObject', action: null, run: headObject },
  { on: 'object', method: 'PUT', query: 'uploadId', header: 'x-amz-copy-source', name: 'UploadPartCopy', action: 's3:PutObject', run: uploadPartCopy },
  { on: 'object', method: 'PUT', query: 'uploadId', name: 'UploadPart', action: 's3:PutObject', run: uploadPart },
  { on: 'object', method: 'PUT', query: 'tagging', name: 'PutObjectTagging', action: null, run: putObjectTagging },
  { on: 'object', method: 'PUT', header: 'x-amz-copy-source', name: 'CopyObject', action: 's3:PutObject', run: copyObject },
  { on: 'object', method: 'PUT', name: 'PutObject', action: 's3:PutObject', run: putObject },
  { on: 'object', method: 'POST', query: 'uploads', name: 'CreateMultipartUpload', action: 's3:PutObject', run: createMultipartUpload },
  { on: 'object', method: 'POST', query: 'uploadId', name: 'CompleteMultipartUpload', action: 's3:PutObject', run: completeMultipartUpload },
  { on: 'object', method: 'POST', query: 'restore', name: 'RestoreObject', action: null, run: restoreObject },
  { on: 'object', method: 'DELETE', query: 'uploadId', name: 'AbortMultipartUpload', action: 's3:AbortMultipartUpload', run: abortMultipartUpload },
  { on: 'object', method: 'DELETE', query: 'tagging', name: 'DeleteObjectTagging', action: null, run: deleteObjectTagging },
  { on: 'object', method: 'DELETE', name: 'DeleteObject', action: null, run: deleteObject },
];

/** Subresources by which S3 tells operations apart; one that no route takes must not fall through to the plain operation. */
const SUBRESOURCES = new Set(
  'acl accelerate analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle location logging metadataTable metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock renameObject replication requestPayment restore retention select session tagging torrent uploadId uploads versioning versions website'.split(
    ' ',
  ),
);

function fits(route: Route, request: S3Request): boolean {
  return (
    route.method === request.method &&
    (route.query === undefined || queryValue(request, route.query) !== null) &&
    (route.header === undefined || request.headers[route.header] !== undefined)
  );
}

/** The operation that a request means; `NotImplemented` for one that S3 has and the store has not, `MethodNotAllowed` for what S3 has not either. */
export function routeFor(request: S3Request): Route {
  const routes = request.bucket === null ? ON_SERVICE : request.key === null ? ON_BUCKET : ON_OBJECT;
  const route = routes.find((candidate) => fits(candidate, request));
  const unknown = request.query.find(([name]) => SUBRESOURCES.has(name) && name !== route?.query);
  if (unknown !== undefined) throw new ServiceError('NotImplemented', { elements: { Header: unknown[0] } });
  if (route === undefined) throw new ServiceError('MethodNotAllowed', { elements: { Method: request.method } });
  return route;
}
