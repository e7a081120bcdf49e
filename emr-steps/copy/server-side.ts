/** Copies inside S3: CopyObject and UploadPartCopy, with the destination's credentials. */
import { rangeSize } from '../multipart/part-map.ts';
import type { PartTask, WholeTask } from '../records/copy-task.ts';
import { copyObject } from '../s3/copy-object.ts';
import { uploadPart } from '../s3/upload-part.ts';
import { uploadPartCopy } from '../s3/upload-part-copy.ts';
import { type CopyEnding, copied } from './ending.ts';
import { proofOfPart, proveWhole } from './prove.ts';
import type { Route } from './route.ts';
import { copySource, destinationKey, type Sides } from './sides.ts';

const EMPTY = new Uint8Array(0);

/** The server-side route. The class is always sent, because CopyObject falls back to STANDARD; an ACL never. */
export function serverSide(sides: Sides): Route {
  return {
    mode: 'server-side',
    copy: (task, signal) => (task.kind === 'whole' ? copyWhole(task, sides, signal) : copyPart(task, sides, signal)),
  };
}

async function copyWhole(task: WholeTask, sides: Sides, signal: AbortSignal): Promise<CopyEnding> {
  const written = await copyObject(
    sides.destination,
    { key: destinationKey(sides, task), source: copySource(sides, task), storageClass: task.storageClass ?? 'STANDARD', size: task.size },
    signal,
  );
  return proveWhole(task, written, 'server-side', sides, signal);
}

/** An empty part cannot be copied by range, and needs no source: it is uploaded. */
async function copyPart(task: PartTask, sides: Sides, signal: AbortSignal): Promise<CopyEnding> {
  const target = { key: destinationKey(sides, task), uploadId: task.uploadId, partNumber: task.partNumber };
  const written =
    rangeSize(task.range, task.size) === 0
      ? await uploadPart(sides.destination, { ...target, body: EMPTY }, signal)
      : await uploadPartCopy(sides.destination, { ...target, source: copySource(sides, task), range: task.range }, signal);
  return copied(written.etag, proofOfPart(written), 'server-side');
}
