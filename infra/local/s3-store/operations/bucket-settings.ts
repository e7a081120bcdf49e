/** What can be set on a bucket: policy, versioning, who pays, default encryption. */
import { parsePolicy } from '../access/policy.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { receiveText } from '../body/receive-body.ts';
import type { Encryption } from '../bucket.ts';
import type { BucketCall } from '../call.ts';
import { keyBytes, keyText } from '../key-bytes.ts';
import { ServiceError } from '../service-error.ts';
import { childrenOf, parseXml, textOf, type XmlNode } from '../xml-read.ts';
import { document, elements } from '../xml-write.ts';

/** GetBucketPolicy: the text as it was put. */
export function getBucketPolicy({ bucket }: BucketCall): Answer {
  const { policy, name } = bucket.settings;
  if (policy === null) throw new ServiceError('NoSuchBucketPolicy', { elements: { BucketName: name } });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: keyBytes(policy.text) };
}

/** PutBucketPolicy. */
export async function putBucketPolicy({ store, request, auth, bucket }: BucketCall): Promise<Answer> {
  const policy = parsePolicy(bucket.settings.name, keyText(await receiveText(request, auth)));
  store.buckets.change(bucket, { policy });
  return emptyAnswer(204);
}

/** DeleteBucketPolicy. */
export function deleteBucketPolicy({ store, bucket }: BucketCall): Answer {
  store.buckets.change(bucket, { policy: null });
  return emptyAnswer(204);
}

/** GetBucketVersioning: nothing at all where it was never switched on. */
export function getBucketVersioning({ bucket }: BucketCall): Answer {
  return xmlAnswer(document('VersioningConfiguration', elements({ Status: bucket.settings.versioning })));
}

/** PutBucketVersioning. */
export async function putBucketVersioning({ store, request, auth, bucket }: BucketCall): Promise<Answer> {
  const status = textOf(parseXml(await receiveText(request, auth)), 'Status')?.trim();
  if (status !== 'Enabled' && status !== 'Suspended') throw new ServiceError('IllegalVersioningConfigurationException');
  if (status === 'Suspended' && bucket.settings.objectLock !== null)
    throw new ServiceError('InvalidBucketState', {
      message: 'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    });
  store.buckets.change(bucket, { versioning: status });
  return emptyAnswer(200);
}

/** GetBucketRequestPayment. */
export function getBucketRequestPayment({ bucket }: BucketCall): Answer {
  return xmlAnswer(document('RequestPaymentConfiguration', elements({ Payer: bucket.settings.requesterPays ? 'Requester' : 'BucketOwner' })));
}

/** PutBucketRequestPayment. */
export async function putBucketRequestPayment({ store, request, auth, bucket }: BucketCall): Promise<Answer> {
  const payer = textOf(parseXml(await receiveText(request, auth)), 'Payer')?.trim();
  if (payer !== 'Requester' && payer !== 'BucketOwner') throw new ServiceError('MalformedXML');
  store.buckets.change(bucket, { requesterPays: payer === 'Requester' });
  return emptyAnswer(200);
}

/** GetBucketEncryption: there is always a rule, SSE-S3 if no other. */
export function getBucketEncryption({ bucket }: BucketCall): Answer {
  const { algorithm, kmsKeyId, bucketKey = false } = bucket.settings.encryption;
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId }, BucketKeyEnabled: bucketKey };
  return xmlAnswer(document('ServerSideEncryptionConfiguration', elements({ Rule: rule })));
}

function defaultEncryption(root: XmlNode): Encryption {
  const [rule] = childrenOf(root, 'Rule');
  const [chosen] = rule === undefined ? [] : childrenOf(rule, 'ApplyServerSideEncryptionByDefault');
  const algorithm = chosen === undefined ? null : textOf(chosen, 'SSEAlgorithm');
  if (chosen === undefined || (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse')) throw new ServiceError('MalformedXML');
  const kmsKeyId = textOf(chosen, 'KMSMasterKeyID');
  if (kmsKeyId !== null && algorithm === 'AES256')
    throw new ServiceError('InvalidArgument', { message: 'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms' });
  const isBucketKey = algorithm === 'aws:kms' && textOf(rule as XmlNode, 'BucketKeyEnabled')?.trim() === 'true';
  return isBucketKey ? { algorithm, kmsKeyId, bucketKey: true } : { algorithm, kmsKeyId };
}

/** PutBucketEncryption. */
export async function putBucketEncryption({ store, request, auth, bucket }: BucketCall): Promise<Answer> {
  const encryption = defaultEncryption(parseXml(await receiveText(request, auth)));
  store.buckets.change(bucket, { encryption });
  return emptyAnswer(200);
}

/** DeleteBucketEncryption: back to SSE-S3. */
export function deleteBucketEncryption({ store, bucket }: BucketCall): Answer {
  store.buckets.change(bucket, { encryption: { algorithm: 'AES256', kmsKeyId: null } });
  return emptyAnswer(204);
}
