/** Locks as objects: made where none is (`If-None-Match: *`), replaced and removed only as they were read (`If-Match`), so that two never both win. */
import { getObject } from '../../emr-steps/s3/get-object.ts';
import { putObject } from '../../emr-steps/s3/put-object.ts';
import type { S3Client } from '../../emr-steps/s3/s3-client.ts';
import { S3Error } from '../../emr-steps/s3/s3-error.ts';
import type { LockHolder, PairLocks } from './pair-locks.ts';

interface ReadLock {
  readonly holder: LockHolder;
  readonly etag: string;
}

/** Times that a lock is looked at which changes meanwhile. */
const LOOKS = 5;

/** Answers of a conditional write that lost: somebody was faster. 404: the object to be replaced is gone. */
const LOST = new Set([404, 409, 412]);

/** The locks below a prefix. @param prefix - without a slash at its end; empty: the bucket's root */
export function s3PairLocks(client: S3Client, prefix: string): PairLocks {
  const keyOf = (name: string) => [prefix, `${name}.json`].filter((part) => part !== '').join('/');
  return {
    take: async (name, holder, isRunning) => {
      const key = keyOf(name);
      for (let look = 1; ; look += 1) {
        const found = await readLock(client, key);
        // Forty children of one parent at once would only get in each other's way by writing it again.
        if (found?.holder.executionArn === holder.executionArn) return null;
        if (found !== null && (await isRunning(found.holder))) return found.holder;
        if (await wins(write(client, key, holder, found?.etag ?? null))) return null;
        if (look === LOOKS) throw new Error(`the lock ${key} changed ${LOOKS} times while it was looked at`);
      }
    },
    release: async (name, executionArn) => {
      const key = keyOf(name);
      const found = await readLock(client, key);
      if (found?.holder.executionArn !== executionArn) return;
      await wins(client.send({ operation: 'DeleteObject', method: 'DELETE', key, headers: { 'if-match': `"${found.etag}"` } }));
    },
  };
}

async function readLock(client: S3Client, key: string): Promise<ReadLock | null> {
  try {
    const { head, body } = await getObject(client, { key });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
    return { holder: JSON.parse(Buffer.concat(chunks).toString('utf8')) as LockHolder, etag: head.etag ?? '' };
  } catch (error) {
    if (error instanceof S3Error && error.status === 404) return null;
    throw error;
  }
}

/** @param etag - of the lock that is replaced; null: there is none */
async function write(client: S3Client, key: string, holder: LockHolder, etag: string | null): Promise<unknown> {
  const body = Buffer.from(JSON.stringify(holder));
  return await putObject(client, etag === null ? { key, body, ifNoneMatch: '*' } : { key, body, headers: { 'if-match': `"${etag}"` } });
}

async function wins(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof S3Error && LOST.has(error.status)) return false;
    throw error;
  }
}
