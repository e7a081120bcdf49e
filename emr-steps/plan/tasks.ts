/** The three kinds of tasks, made from a listed object. */
import type { ReasonCode } from '../books/reasons.ts';
import { type PartMap, partRanges } from '../multipart/part-map.ts';
import type { PartMapSource, PartTask, SettledTask, WholeTask } from '../records/copy-task.ts';
import type { ObjectRecord } from '../records/object-record.ts';

/** What every task says of its object. */
export type PlannedObject = Pick<WholeTask, 'key' | 'etag' | 'size' | 'mtime' | 'storageClass'>;

/** The object with the class that its copy shall have: `override`, or as it is listed. */
export function plannedObject(record: ObjectRecord, override: string | null): PlannedObject {
  return { key: record.key, etag: record.etag, size: record.size, mtime: record.mtime, storageClass: override ?? record.storageClass };
}

/** One request shall copy the object. */
export function wholeTask(object: PlannedObject): WholeTask {
  return { kind: 'whole', key: object.key, etag: object.etag, size: object.size, mtime: object.mtime, storageClass: object.storageClass };
}

/** Nothing more shall be done with the object. */
export function settledTask(object: PlannedObject, outcome: SettledTask['outcome'], reason: ReasonCode, detail: string | null): SettledTask {
  return { ...wholeTask(object), kind: 'settled', outcome, reason, detail };
}

/** A task a part of a started upload; made one by one, since there may be 10,000. */
export function* partTasks(object: PlannedObject, map: PartMap, partMap: PartMapSource, uploadId: string): Generator<PartTask, void, void> {
  const shared = { ...wholeTask(object), kind: 'part', uploadId, partCount: map.sizes.length, partMap } as const;
  for (const { partNumber, range } of partRanges(map)) yield { ...shared, partNumber, range };
}
