/** The vendor's client against an embedded store, and what it was refused with. */
import { S3Client, type S3ClientConfig, type S3ServiceException } from '@aws-sdk/client-s3';
import type { AccessKey, Account } from '../../../infra/local/s3-store/accounts.ts';
import type { Store } from '../../../infra/local/s3-store/store.ts';

export const ANN: AccessKey = { accessKeyId: 'ann', secretAccessKey: 'ann-secret', arn: 'arn:aws:iam::111111111111:user/ann' };
export const BOB: AccessKey = { accessKeyId: 'bob', secretAccessKey: 'bob-secret', arn: 'arn:aws:iam::222222222222:user/bob' };
export const ACCOUNTS: readonly Account[] = [
  { id: '111111111111', name: 'ones', keys: [ANN] },
  { id: '222222222222', name: 'twos', keys: [BOB] },
];

/** A client with these keys; checksums only where they are asked for, one attempt, path style. */
export function sdkClient(store: Pick<Store, 'url'>, key: AccessKey, config: S3ClientConfig = {}): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = key;
  return new S3Client({
    endpoint: store.url,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    ...config,
  });
}

/** `<code> <status>` of a refusal; `accepted` when there was none. */
export async function refusal(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'accepted';
  } catch (error) {
    const { name, $metadata } = error as S3ServiceException;
    if ($metadata === undefined) throw error;
    return `${name} ${$metadata.httpStatusCode}`;
  }
}
