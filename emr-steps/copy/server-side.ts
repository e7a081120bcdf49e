/** Copies inside S3: CopyObject and UploadPartCopy, with the destination's credentials. */
import { NO_HEADERS } from '../fidelity/acl-writer.ts';
import { rangeSize } from '../multipart/part-map.ts';
import type { PartTask, WholeTask } from '../records/copy-task.ts';
import { checksumIn } from '../s3/checksum-names.ts';
import { copyObject } from '../s3/copy-object.ts';
import { headObject } from '../s3/head-object.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { uploadPart } from '../s3/upload-part.ts';
import { uploadPartCopy } from '../s3/upload-part-copy.ts';
import type { CopyRules } from './copy-rules.ts';
import { type CopyEnding, copied } from './ending.ts';
import { bytesChecksum, checksumHeaders } from './part-checksum.ts';
import { proofOfPart, proveWhole } from './prove.ts';
import type { Route } from './route.ts';
import { copySource, destinationKey, type Sides } from './sides.ts';

const EMPTY = new Uint8Array(0);

/** The server-side route. The class is always sent, because CopyObject falls back to STANDARD; an ACL only where the rules ask for one. */
export function serverSide(sides: Sides, rules: CopyRules): Route {
  return {
    mode: 'server-side',
    copy: (task, signal) => (task.kind === 'whole' ? copyWhole(task, sides, rules, signal) : copyPart(task, sides, signal)),
  };
}

async function copyWhole(task: WholeTask, sides: Sides, rules: CopyRules, signal: AbortSignal): Promise<CopyEnding> {
  const source = copySource(sides, task);
  const head = rules.looks ? await look(task, sides, signal) : null;
  const own = rules.copyHeaders(task, head);
  const input = { key: destinationKey(sides, task), source, storageClass: task.storageClass ?? 'STANDARD', size: task.size };
  const { written, fate } = await rules.acl.write(
    source.key,
    (headers) => copyObject(sides.destination, { ...input, headers: withHeaders(own, headers) }, signal),
    signal,
  );
  return proveWhole(task, written, 'server-side', { sides, rules, sight: { head, acl: fate } }, signal);
}

type Headers = Readonly<Record<string, string>>;

function withHeaders(own: Headers, more: Headers): Headers {
  return more === NO_HEADERS ? own : { ...own, ...more };
}

/** What the rules must know of the source. The copy that follows is pinned to the same ETag. */
function look(task: WholeTask, sides: Sides, signal: AbortSignal): Promise<ObjectHead> {
  const { key } = copySource(sides, task);
  return headObject(sides.source, { key, checksumMode: true, ...(task.etag === null ? {} : { ifMatch: task.etag }) }, signal);
}

/** An empty part cannot be copied by range, and needs no source: it is uploaded. */
async function copyPart(task: PartTask, sides: Sides, signal: AbortSignal): Promise<CopyEnding> {
  const target = { key: destinationKey(sides, task), uploadId: task.uploadId, partNumber: task.partNumber };
  const isEmpty = rangeSize(task.range, task.size) === 0;
  const own = isEmpty ? bytesChecksum(task.checksum, EMPTY) : null;
  const written = isEmpty
    ? await uploadPart(sides.destination, { ...target, body: EMPTY, headers: checksumHeaders(own) }, signal)
    : await uploadPartCopy(sides.destination, { ...target, source: copySource(sides, task), range: task.range }, signal);
  const { checksum } = task;
  const value = checksum?.type === 'COMPOSITE' ? (checksumIn(written.checksums, checksum.algorithm) ?? own?.value ?? null) : null;
  return copied(written.etag, proofOfPart(written), 'server-side', { checksum: checksum === null ? null : { ...checksum, value } });
}
