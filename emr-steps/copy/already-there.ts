/** Looks before it writes: what an earlier attempt, try or round of this run has done already is reported, not done again. */
import { partCountOf } from '../multipart/etag.ts';
import { rangeSize } from '../multipart/part-map.ts';
import type { PartTask, WholeTask } from '../records/copy-task.ts';
import { isSince } from '../records/time.ts';
import { checksumIn } from '../s3/checksum-names.ts';
import { headObject } from '../s3/head-object.ts';
import { type ListedPart, listParts } from '../s3/list-parts.ts';
import { S3Error } from '../s3/s3-error.ts';
import type { CopyRules } from './copy-rules.ts';
import { type CopyEnding, copied } from './ending.ts';
import type { OpenTask } from './route.ts';
import { destinationKey, type Sides } from './sides.ts';

/** Uploads whose parts are remembered: the tasks of one upload stand together in a mapper's input. */
const UPLOADS_REMEMBERED = 64;

/** What was found of a task: its ending, or null where it is still to be done. */
export interface AlreadyThere {
  find(task: OpenTask, signal: AbortSignal): Promise<CopyEnding | null>;
}

type PartsByNumber = ReadonlyMap<number, ListedPart>;

/**
 * A whole object is there where the destination's has the listed ETag and was written since the run began; without that time nobody can
 * tell this run's copy from an older one, whose metadata may differ, and nothing is looked for. A part is there where the upload (which is
 * this run's alone) has one of its number and size: one ListParts an upload.
 *
 * @throws S3Error NoSuchUpload where the upload is gone; other answers only mean that nothing was found
 */
export function alreadyThere(sides: Sides, rules: CopyRules, runStartedAt: Date | null): AlreadyThere {
  const uploads = new Map<string, Promise<PartsByNumber>>();

  const partsOf = (task: PartTask, signal: AbortSignal): Promise<PartsByNumber> => {
    const known = uploads.get(task.uploadId);
    if (known !== undefined) return known;
    if (uploads.size >= UPLOADS_REMEMBERED) uploads.delete(uploads.keys().next().value as string);
    const asked = listParts(sides.destination, { key: destinationKey(sides, task), uploadId: task.uploadId }, signal).then(
      (parts) => new Map(parts.map((part) => [part.partNumber, part])),
    );
    uploads.set(task.uploadId, asked);
    return asked;
  };

  return {
    async find(task, signal) {
      try {
        return task.kind === 'part' ? partOf(task, await partsOf(task, signal)) : await wholeOf(task, sides, rules, runStartedAt, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof S3Error) || error.code === 'NoSuchUpload') throw error;
        return null;
      }
    },
  };
}

function partOf(task: PartTask, parts: PartsByNumber): CopyEnding | null {
  const part = parts.get(task.partNumber);
  if (part === undefined || part.size !== rangeSize(task.range, task.size)) return null;
  const { checksum } = task;
  const value = checksum?.type === 'COMPOSITE' ? checksumIn(part.checksums, checksum.algorithm) : null;
  return copied(part.etag, null, null, { checksum: checksum === null ? null : { ...checksum, value } });
}

async function wholeOf(task: WholeTask, sides: Sides, rules: CopyRules, runStartedAt: Date | null, signal: AbortSignal): Promise<CopyEnding | null> {
  if (runStartedAt === null || task.etag === null || partCountOf(task.etag) !== null) return null;
  const head = await headObject(sides.destination, { key: destinationKey(sides, task) }, signal);
  const isOurs = head.lastModified !== null && isSince(head.lastModified, runStartedAt);
  return isOurs && head.etag === task.etag && head.size === task.size ? copied(head.etag, 'etag', null, { drift: rules.driftOfFound(task) }) : null;
}
