/** Aborts open uploads, many at once; one that cannot be aborted is a row with its reason. */
import { mapConcurrently } from '../hadoop/concurrent.ts';
import type { StepContext } from '../hadoop/step-context.ts';
import { settleError } from '../plan/reason-of-error.ts';
import type { SweptUpload } from '../records/swept-upload.ts';
import { encodeTime } from '../records/time.ts';
import { abortMultipartUpload } from '../s3/abort-multipart-upload.ts';
import type { OpenUpload } from '../s3/list-multipart-uploads.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { S3Error } from '../s3/s3-error.ts';

/** Where the uploads are. */
export interface SweptPlace {
  readonly destination: S3Client;
  /** What every key of the run begins with. */
  readonly destinationPrefix: string;
  /** Requests under way at once. */
  readonly concurrency: number;
}

type End = Pick<SweptUpload, 'outcome' | 'reason' | 'detail'>;

/** Aborts the uploads; in a dry run says so and does not. */
export function abortUploads(uploads: AsyncIterable<readonly OpenUpload[]>, place: SweptPlace, context: StepContext): AsyncIterable<readonly SweptUpload[]> {
  const abort = async (upload: OpenUpload): Promise<readonly SweptUpload[]> => {
    const { key, uploadId, initiated, initiator } = upload;
    const end = context.dryRun ? ABORTED : await endOf(upload, place.destination, context.signal);
    context.statistics.count(`uploads-${end.outcome}`);
    return [{ key: key.slice(place.destinationPrefix.length), uploadId, initiated: encodeTime(initiated), initiator, ...end }];
  };
  return mapConcurrently(uploads, abort, { concurrency: place.concurrency, signal: context.signal });
}

const ABORTED: End = { outcome: 'aborted', reason: null, detail: null };

async function endOf({ key, uploadId }: OpenUpload, destination: S3Client, signal: AbortSignal): Promise<End> {
  try {
    await abortMultipartUpload(destination, { key, uploadId }, signal);
    return ABORTED;
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchUpload') return { outcome: 'vanished', reason: null, detail: null };
    const { reason, detail } = settleError(error, signal);
    return { outcome: 'failed', reason, detail };
  }
}
