/** GetBucketOwnershipControls: who owns what is written, and whether ACLs count. */
import { answerXml } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { textOf } from './xml.ts';

/** `BucketOwnerEnforced` (ACLs are disabled), `BucketOwnerPreferred` or `ObjectWriter`; null: no rule, which means the same as the last. */
export async function getOwnershipControls(client: S3Client, signal?: AbortSignal): Promise<string | null> {
  const request = { operation: 'GetBucketOwnershipControls', method: 'GET', key: null, query: 'ownershipControls=', root: 'OwnershipControls' } as const;
  try {
    return textOf(answerXml(await client.send(request, signal)), 'ObjectOwnership');
  } catch (error) {
    if (error instanceof S3Error && error.code === 'OwnershipControlsNotFoundError') return null;
    throw error;
  }
}
