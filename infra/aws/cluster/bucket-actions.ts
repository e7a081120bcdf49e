/**
 * What runs do to buckets, whatever their request: a role of the stack serves them all. What one request needs is told by `workflows/access`,
 * for the owner of another account.
 */

/** To a bucket that is read. */
export const SOURCE_BUCKET_ACTIONS = ['ListBucket', 'GetEncryptionConfiguration'] as const;

/** To its objects; a listing of an Inventory and its manifest are objects too. */
export const SOURCE_OBJECT_ACTIONS = ['GetObject', 'GetObjectAttributes', 'GetObjectTagging', 'GetObjectAcl'] as const;

/** To a bucket that is written. */
export const DESTINATION_BUCKET_ACTIONS = [
  'ListBucket',
  'ListBucketMultipartUploads',
  'GetBucketAcl',
  'GetBucketObjectLockConfiguration',
  'GetBucketOwnershipControls',
  'GetEncryptionConfiguration',
  'GetLifecycleConfiguration',
] as const;

/** To its objects: what is there already is looked at before it is written. Nothing is ever deleted. */
export const DESTINATION_OBJECT_ACTIONS = [
  'GetObject',
  'PutObject',
  'PutObjectTagging',
  'PutObjectAcl',
  'AbortMultipartUpload',
  'ListMultipartUploadParts',
] as const;
