/** The three kinds of tasks, made from a listed object. */
import type { ReasonCode } from '../books/reasons.ts';
import { type PartMap, partRanges } from '../multipart/part-map.ts';
import type { ChecksumForm, ChecksumType } from '../records/checksum-column.ts';
import type { PartMapSource, PartTask, SettledTask, WholeTask } from '../records/copy-task.ts';
import type { ObjectRecord } from '../records/object-record.ts';
import type { StartedUpload } from './start-upload.ts';

const ALGORITHM = /^[A-Z0-9]{1,32}$/;
const TYPES: readonly ChecksumType[] = ['FULL_OBJECT', 'COMPOSITE'];

/** What every task says of its object. */
export type PlannedObject = Pick<WholeTask, 'key' | 'etag' | 'size' | 'mtime' | 'storageClass' | 'checksum'>;

/** The object with the class that its copy shall have: `override`, or as it is listed. */
export function plannedObject(record: ObjectRecord, override: string | null): PlannedObject {
  const { key, etag, size, mtime, storageClass } = record;
  return { key, etag, size, mtime, storageClass: override ?? storageClass, checksum: listedChecksum(record) };
}

/** The checksum that a listing names; the first, where it names several. */
export function listedChecksum({ checksumAlgorithm, checksumType }: ObjectRecord): ChecksumForm | null {
  const [algorithm = ''] = (checksumAlgorithm ?? '').split(',');
  return ALGORITHM.test(algorithm) ? { algorithm, type: TYPES.find((type) => type === checksumType) ?? null } : null;
}

/** One request shall copy the object. Its checksum can only be of the whole, so that its type says nothing. */
export function wholeTask({ key, etag, size, mtime, storageClass, checksum }: PlannedObject): WholeTask {
  return { kind: 'whole', key, etag, size, mtime, storageClass, checksum: checksum === null ? null : { algorithm: checksum.algorithm, type: null } };
}

/** Nothing more shall be done with the object. */
export function settledTask(object: PlannedObject, outcome: SettledTask['outcome'], reason: ReasonCode, detail: string | null): SettledTask {
  const { key, etag, size, mtime, storageClass } = object;
  return { kind: 'settled', key, etag, size, mtime, storageClass, outcome, reason, detail };
}

/** A task a part of a started upload; made one by one, since there may be 10,000. */
export function* partTasks(object: PlannedObject, map: PartMap, partMap: PartMapSource, upload: StartedUpload): Generator<PartTask, void, void> {
  const shared = { ...wholeTask(object), kind: 'part', partCount: map.sizes.length, partMap, ...upload } as const;
  for (const { partNumber, range } of partRanges(map)) yield { ...shared, partNumber, range };
}
