/** The bucket of everything that runs leave (`runs/`, `locks/`, `watermarks/`, `athena/`, `logs/`), and the one that logs who asked for it. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type IBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** How long what runs leave is kept. */
export interface Retention {
  /** Days of the directories of runs; null: for ever, ledgers are proofs. Default: null. */
  readonly runDays?: number | null;
  /** Days of logs of clusters, functions and access. Default: {@link LOG_DAYS}. */
  readonly logDays?: number;
}

/** Days of logs where nothing else is asked. */
export const LOG_DAYS = 90;

/** Days after which parts of an upload that nobody completed are removed. */
const UPLOAD_DAYS = 7;

/** Days of what was overwritten or deleted: locks, plans, a directory that was deleted by mistake. */
const OLD_VERSION_DAYS = 30;

const COMMON: BucketProps = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
};

/** The work bucket. It outlives its stack. */
export function workBucket(scope: Construct, key: IKey, retention: Retention): Bucket {
  return new Bucket(scope, 'WorkBucket', {
    ...COMMON,
    versioned: true,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    lifecycleRules: rules(retention),
    // CDK's own class does not fit CDK's interface where optional members are exact.
    serverAccessLogsBucket: accessLogs(scope, retention) as IBucket,
    serverAccessLogsPrefix: 'work-bucket/',
  });
}

function rules({ runDays = null, logDays = LOG_DAYS }: Retention): LifecycleRule[] {
  return [
    { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(UPLOAD_DAYS) },
    { id: 'old-versions', noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS), expiredObjectDeleteMarker: true },
    { id: 'athena', prefix: 'athena/', expiration: Duration.days(UPLOAD_DAYS) },
    { id: 'logs', prefix: 'logs/', expiration: Duration.days(logDays) },
    ...(runDays === null ? [] : [{ id: 'runs', prefix: 'runs/', expiration: Duration.days(runDays) }]),
  ];
}

function accessLogs(scope: Construct, { logDays = LOG_DAYS }: Retention): Bucket {
  const bucket = new Bucket(scope, 'AccessLogs', {
    ...COMMON,
    // Server access logs go to no bucket under a key of KMS that is not its default, and need none: they hold no data.
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ id: 'logs', expiration: Duration.days(logDays), abortIncompleteMultipartUploadAfter: Duration.days(UPLOAD_DAYS) }],
  });
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'It holds the access logs of the other bucket; logging itself would never end.' });
  return bucket;
}
