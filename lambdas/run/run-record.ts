/** `run.json`: what `prepare-run` found out, for the handlers that follow. A plan is made from it and from the progress, by whoever needs one. */
import { RUN_DIRECTORY_VERSION, RUN_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';

/** The record. */
export interface RunRecord {
  readonly formatVersion: typeof RUN_DIRECTORY_VERSION;
  /** The execution that has the run: the last one that resumed it. */
  readonly executionArn: string;
  /** When the run began, ISO 8601; a run that was resumed began with its first execution. */
  readonly startedAt: string;
  readonly facts: RunFacts;
  /** A given cluster's id; null: the run makes one of its own, by the name of the run. */
  readonly givenCluster: string | null;
  /** Name of the pair's lock; null where the run writes nothing and holds none. */
  readonly lock: string | null;
  /** The execution that holds it: of a child of a fan-out its parent. */
  readonly lockHolder: string;
}

/** Thrown where a handler is called before `prepare-run` has answered, or after another version did. */
export class RunRecordError extends Error {
  override readonly name = 'RunRecordError';
  readonly code = 'RUN_RECORD_UNREADABLE';
  readonly retryable = false;
}

/** Writes it. */
export async function writeRunRecord(directory: RunDirectory, record: RunRecord): Promise<void> {
  await directory.write(RUN_FILE, `${JSON.stringify(record, null, 2)}\n`);
}

/** Reads it; null where there is none. @throws RunRecordError */
export async function findRunRecord(directory: RunDirectory): Promise<RunRecord | null> {
  const bytes = await directory.read(RUN_FILE);
  if (bytes === null) return null;
  const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as RunRecord;
  if (record.formatVersion !== RUN_DIRECTORY_VERSION)
    throw new RunRecordError(`${directory.locate(RUN_FILE)} has format version ${String(record.formatVersion)}, this program reads ${RUN_DIRECTORY_VERSION}`);
  return record;
}

/** Reads it. @throws RunRecordError where there is none */
export async function readRunRecord(directory: RunDirectory): Promise<RunRecord> {
  const record = await findRunRecord(directory);
  if (record === null) throw new RunRecordError(`${directory.locate(RUN_FILE)} is missing; the run was never prepared`);
  return record;
}
