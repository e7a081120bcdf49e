/** plan-parts: decides how each listed object is copied, and starts the uploads of those that are copied in parts. */
import { type AclWriter, aclWriter } from '../fidelity/acl-writer.ts';
import { type Fidelity, PLAIN_FIDELITY } from '../fidelity/fidelity.ts';
import { Budget } from '../hadoop/budget.ts';
import { mapConcurrently } from '../hadoop/concurrent.ts';
import { reportProgress } from '../hadoop/progress.ts';
import type { StepContext, StepProgram } from '../hadoop/step-context.ts';
import { partCountOf } from '../multipart/etag.ts';
import { MAX_WHOLE_BYTES } from '../multipart/limits.ts';
import type { CopyTask } from '../records/copy-task.ts';
import type { ObjectRecord } from '../records/object-record.ts';
import { headObject } from '../s3/head-object.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { archivedBecause, isListedAsArchived } from './archived.ts';
import { findPartMap } from './find-part-map.ts';
import { settleError } from './reason-of-error.ts';
import { startUpload } from './start-upload.ts';
import { type PlannedObject, partTasks, plannedObject, settledTask, wholeTask } from './tasks.ts';

/** How objects are planned. */
export interface PlanOptions {
  readonly source: S3Client;
  readonly destination: S3Client;
  /** Stands before the keys of the records on its side; empty for none. */
  readonly sourcePrefix: string;
  readonly destinationPrefix: string;
  /** `computed`: from part 1 where the parts are uniform. `swept`: every part is asked for, after a computed map proved wrong. */
  readonly partMap: 'computed' | 'swept';
  /** The class of every copy; null: as the source has it. */
  readonly storageClass: string | null;
  /** Default: what costs nothing. */
  readonly fidelity?: Fidelity;
  /** Objects, and requests, under way at once. */
  readonly concurrency: number;
}

/** The step's program. Objects come out in no order; the parts of one object in part order. */
export function planParts(options: PlanOptions): StepProgram<ObjectRecord, CopyTask> {
  return async function* plan(input, context) {
    const progress = reportProgress(context, 'planned', 'objects');
    const planner = new Planner(options, context);
    const planned = mapConcurrently(
      input,
      (record: ObjectRecord, signal) => {
        progress.add(1, 0);
        return planner.plan(record, signal);
      },
      { concurrency: options.concurrency, signal: context.signal },
    );
    try {
      yield* planned;
    } finally {
      progress.stop();
    }
  };
}

type Tasks = Iterable<CopyTask>;

class Planner {
  readonly #options: PlanOptions;
  readonly #context: StepContext;
  readonly #requests: Budget;
  readonly #fidelity: Fidelity;
  readonly #acl: AclWriter;

  constructor(options: PlanOptions, context: StepContext) {
    this.#options = options;
    this.#context = context;
    this.#requests = new Budget(options.concurrency);
    this.#fidelity = options.fidelity ?? PLAIN_FIDELITY;
    this.#acl = aclWriter(this.#fidelity.acl, options.source, options.destination);
  }

  /** An object whose ETag names no parts needs no request, unless the listing has no ETag to tell by. */
  plan(record: ObjectRecord, signal: AbortSignal): Tasks | Promise<Tasks> {
    const object = plannedObject(record, this.#options.storageClass);
    if (isListedAsArchived(record)) return [settledTask(object, 'skipped', 'archived', `storage class ${record.storageClass}`)];
    if (record.etag !== null && partCountOf(record.etag) === null) return [inOneRequest(object)];
    return this.#byHead(record, object, signal).catch((error: unknown) => {
      const { outcome, reason, detail } = settleError(error, signal);
      return [settledTask(object, outcome, reason, detail)];
    });
  }

  async #byHead(record: ObjectRecord, listed: PlannedObject, signal: AbortSignal): Promise<Tasks> {
    const head = await this.#head(record, signal);
    const object = { ...listed, etag: listed.etag ?? head.etag, storageClass: this.#options.storageClass ?? head.storageClass };
    const archived = archivedBecause(head);
    if (archived !== null) return [settledTask(object, 'skipped', 'archived', archived)];
    const isOther = head.objectSize === null ? head.size > object.size : head.objectSize !== object.size;
    if (isOther) return [changed(object, head.objectSize ?? head.size)];
    const parts = object.etag === null ? null : partCountOf(object.etag);
    if (object.etag === null || parts === null) return [head.size === object.size ? inOneRequest(object) : changed(object, head.size)];
    return this.#inParts(record, { ...object, etag: object.etag, parts }, head, signal);
  }

  /** Part 1 of an empty object is out of range on some servers; its whole head says as much. */
  async #head(record: ObjectRecord, signal: AbortSignal): Promise<ObjectHead> {
    const giveBack = await this.#requests.take(1, signal);
    try {
      const key = this.#options.sourcePrefix + record.key;
      const pin = record.etag === null ? {} : { ifMatch: record.etag };
      return await headObject(this.#options.source, record.size === 0 ? { key, ...pin } : { key, partNumber: 1, ...pin }, signal);
    } finally {
      giveBack();
    }
  }

  async #inParts(
    record: ObjectRecord,
    object: PlannedObject & { readonly etag: string; readonly parts: number; readonly storageClass: string },
    head: ObjectHead,
    signal: AbortSignal,
  ): Promise<Tasks> {
    const { source, destination, sourcePrefix, destinationPrefix, partMap } = this.#options;
    const sourceKey = sourcePrefix + record.key;
    const hasChecksum = record.checksumAlgorithm !== null;
    const search = { source, prefer: partMap, requests: this.#requests, signal };
    const found = await findPartMap({ key: sourceKey, etag: object.etag, size: object.size, parts: object.parts, head, hasChecksum }, search);
    if (found.kind === 'unknown') return [settledTask(object, 'failed', 'part-map-unknown', found.why)];
    this.#context.statistics.count(`part-map-${found.source}`);
    const keys = { sourceKey, destinationKey: destinationPrefix + record.key };
    const rules = { fidelity: this.#fidelity, acl: this.#acl, storageClass: object.storageClass, classRule: this.#options.storageClass };
    const start = { source, destination, ...keys, ...rules, head, listedChecksum: object.checksum, dryRun: this.#context.dryRun };
    const giveBack = await this.#requests.take(1, signal);
    try {
      return partTasks(object, found.map, found.source, await startUpload(start, signal));
    } finally {
      giveBack();
    }
  }
}

function inOneRequest(object: PlannedObject): CopyTask {
  if (object.size <= MAX_WHOLE_BYTES) return wholeTask(object);
  return settledTask(object, 'failed', 'too-large', `${object.size} bytes in one part; one request copies at most ${MAX_WHOLE_BYTES}`);
}

function changed(object: PlannedObject, size: number): CopyTask {
  return settledTask(object, 'failed', 'source-changed', `${object.size} bytes were listed, the object has ${size}`);
}
