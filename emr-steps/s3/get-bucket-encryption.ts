/** GetBucketEncryption: how the bucket encrypts what is written without a word about it. */
import { answerXml } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { textOf } from './xml.ts';

/** The default encryption of a bucket. */
export interface BucketEncryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`, as the service says it. */
  readonly algorithm: string;
  readonly kmsKeyId: string | null;
}

/** The default encryption; null where the bucket has none. Buckets on AWS have had one since 2023. */
export async function getBucketEncryption(client: S3Client, signal?: AbortSignal): Promise<BucketEncryption | null> {
  try {
    const answer = await client.send(
      { operation: 'GetBucketEncryption', method: 'GET', key: null, query: 'encryption=', root: 'ServerSideEncryptionConfiguration' },
      signal,
    );
    const xml = answerXml(answer);
    const algorithm = textOf(xml, 'SSEAlgorithm');
    return algorithm === null ? null : { algorithm, kmsKeyId: textOf(xml, 'KMSMasterKeyID') };
  } catch (error) {
    if (error instanceof S3Error && error.code === 'ServerSideEncryptionConfigurationNotFoundError') return null;
    throw error;
  }
}
