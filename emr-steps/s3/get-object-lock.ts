/** GetObjectLockConfiguration: whether objects of the bucket can be locked, and whether they are by default. */
import { answerXml } from './answer-text.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { textOf } from './xml.ts';

/** Object Lock of a bucket; its versioning is on then. */
export interface ObjectLock {
  /** What every new object gets; null: nothing. */
  readonly retention: { readonly mode: string; readonly days: number | null; readonly years: number | null } | null;
}

/** Null where the bucket has no Object Lock. */
export async function getObjectLock(client: S3Client, signal?: AbortSignal): Promise<ObjectLock | null> {
  const request = { operation: 'GetObjectLockConfiguration', method: 'GET', key: null, query: 'object-lock=', root: 'ObjectLockConfiguration' } as const;
  try {
    return objectLockOf(answerXml(await client.send(request, signal)));
  } catch (error) {
    if (error instanceof S3Error && error.code === 'ObjectLockConfigurationNotFoundError') return null;
    throw error;
  }
}

function objectLockOf(xml: string): ObjectLock | null {
  if (textOf(xml, 'ObjectLockEnabled')?.trim() !== 'Enabled') return null;
  const mode = textOf(xml, 'Mode');
  const [days, years] = ['Days', 'Years'].map((name) => textOf(xml, name));
  return { retention: mode === null ? null : { mode, days: days == null ? null : Number(days), years: years == null ? null : Number(years) } };
}
