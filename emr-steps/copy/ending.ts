/** How a task ended, and the row that says so. */
import type { Drift } from '../books/drift.ts';
import type { CopyMode, Proof } from '../books/outcomes.ts';
import type { ReasonCode } from '../books/reasons.ts';
import { settleError } from '../plan/reason-of-error.ts';
import type { PartChecksum } from '../records/checksum-column.ts';
import type { CopyResult, SettledResult } from '../records/copy-result.ts';
import type { PartTask, SettledTask } from '../records/copy-task.ts';
import type { OpenTask } from './route.ts';

/** What there is to say of a task that was not settled before. */
export type CopyEnding =
  | {
      readonly outcome: 'copied';
      readonly etag: string | null;
      /** Of a part: `size` where its ETag is no MD5, else null. */
      readonly proof: Proof | null;
      /** Null where nothing was sent. */
      readonly mode: CopyMode | null;
      readonly reason: null;
      readonly detail: string | null;
      /** Of a whole object; null where nothing was sent. */
      readonly drift: Drift | null;
      /** Of a part, where its upload has one. */
      readonly checksum: PartChecksum | null;
    }
  | {
      readonly outcome: 'skipped' | 'failed';
      /** Of the copy that was refused; null where nothing arrived. */
      readonly etag: string | null;
      readonly proof: null;
      readonly mode: CopyMode | null;
      readonly reason: ReasonCode;
      readonly detail: string;
      readonly drift: null;
      readonly checksum: null;
    };

/** When and by whom a row was written. */
export interface Stamp {
  /** Number of the task attempt. */
  readonly attempt: number;
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly time: string;
}

/** What else there is to say of a copy. */
interface MoreOfCopy {
  readonly detail?: string;
  readonly drift?: Drift;
  readonly checksum?: PartChecksum | null;
}

/** It is there. */
export function copied(etag: string | null, proof: Proof | null, mode: CopyMode | null, more: MoreOfCopy = {}): CopyEnding {
  return { outcome: 'copied', etag, proof, mode, reason: null, detail: more.detail ?? null, drift: more.drift ?? null, checksum: more.checksum ?? null };
}

/** It is not there, or not as it should be. */
export function failed(reason: ReasonCode, detail: string, mode: CopyMode, etag: string | null = null): CopyEnding {
  return { outcome: 'failed', etag, proof: null, mode, reason, detail, drift: null, checksum: null };
}

/** What an error says of its object; throws it where it is no object's (see `settleError`). */
export function stoppedBy(error: unknown, mode: CopyMode | null, signal: AbortSignal): CopyEnding {
  const { outcome, reason, detail } = settleError(error, signal);
  return { outcome, etag: null, proof: null, mode, reason, detail, drift: null, checksum: null };
}

/** The row of an object that plan settled. */
export function settledResult(task: SettledTask, { attempt, time }: Stamp): SettledResult {
  const { key, etag: sourceEtag, size, outcome, reason, detail } = task;
  return { kind: 'settled', key, sourceEtag, size, outcome, etag: null, proof: null, reason, detail, mode: null, attempt, time, drift: null };
}

/** The row of a task that came to an ending. */
export function resultOf(task: OpenTask, ending: CopyEnding, { attempt, time }: Stamp): CopyResult {
  const { key, etag: sourceEtag, size } = task;
  const { outcome, etag, proof, reason, detail, mode, drift } = ending;
  if (task.kind === 'whole') return { kind: 'whole', key, sourceEtag, size, outcome, etag, proof, reason, detail, mode, attempt, time, drift };
  const { uploadId, partNumber, partCount, range, partMap } = task;
  const part = { uploadId, partNumber, partCount, range, partMap, checksum: ending.checksum ?? withoutValue(task) };
  const known = outcome === 'copied' ? task.drift : null;
  return { kind: 'part', key, sourceEtag, size, outcome, etag, proof, reason, detail, mode, attempt, time, drift: known, ...part };
}

function withoutValue({ checksum }: PartTask): PartChecksum | null {
  return checksum === null ? null : { ...checksum, value: null };
}
