/** `fan-out.json`: what `prepare-fan-out` started from, and the locks that the fan-out holds for its children until its end. */
import { RUN_DIRECTORY_VERSION } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { findRunRecord, RunRecordError } from './run-record.ts';

/** The record, in the fan-out's own directory below `runs/`. */
export interface FanOutRecord {
  readonly formatVersion: typeof RUN_DIRECTORY_VERSION;
  readonly executionArn: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** As it came. */
  readonly request: unknown;
  /** Names of its children, in order. */
  readonly children: readonly string[];
  /** Names of the pairs' locks. */
  readonly locks: readonly string[];
}

/** Its file. */
const FAN_OUT_FILE = 'fan-out.json';

/** Writes it. */
export async function writeFanOutRecord(directory: RunDirectory, record: FanOutRecord): Promise<void> {
  await directory.write(FAN_OUT_FILE, `${JSON.stringify(record, null, 2)}\n`);
}

/** Reads it; null where there is none. @throws RunRecordError at one of another version */
export async function findFanOutRecord(directory: RunDirectory): Promise<FanOutRecord | null> {
  const bytes = await directory.read(FAN_OUT_FILE);
  if (bytes === null) return null;
  const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as FanOutRecord;
  if (record.formatVersion !== RUN_DIRECTORY_VERSION)
    throw new RunRecordError(
      `${directory.locate(FAN_OUT_FILE)} has format version ${String(record.formatVersion)}, this program reads ${RUN_DIRECTORY_VERSION}`,
    );
  return record;
}

/** Names of the locks that an execution may hold, a run's or a fan-out's; none where it was never prepared. */
export async function locksOf(directory: RunDirectory): Promise<readonly string[]> {
  const run = await findRunRecord(directory);
  if (run !== null) return run.lock === null ? [] : [run.lock];
  return (await findFanOutRecord(directory))?.locks ?? [];
}
