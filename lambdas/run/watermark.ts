/**
 * How far a pair of buckets is known to be copied: an incremental run looks at what was modified since then. It moves only after a verified
 * end of a run that left out nothing; and where two move it at once the older one may win, which copies more than it had to and loses nothing.
 */
import { createHash } from 'node:crypto';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { writes } from '../../workflows/request/goal.ts';
import { pairPlaces } from '../../workflows/request/pair-places.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';

/** A watermark. */
export interface Watermark {
  /** ISO 8601: what was modified before was seen by a verified run. */
  readonly until: string;
  /** The run that moved it here. */
  readonly runId: string;
}

/** What of a request tells watermarks apart. */
type Marked = Pick<RunRequest, 'source' | 'destination' | 'filters'>;

/** Name of a pair's watermark: the same for the same places and the same filters but for the time. */
export function watermarkName(request: Marked): string {
  const { modifiedAfter: _since, ...others } = request.filters;
  return createHash('sha256')
    .update(JSON.stringify([pairPlaces(request), others]))
    .digest('hex')
    .slice(0, 32);
}

/** Reads it; null: there is none yet. @param base - the stack's bucket */
export async function readWatermark(base: RunDirectory, request: Marked): Promise<Watermark | null> {
  const bytes = await base.read(fileOf(request));
  return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Watermark);
}

/** A request as it is written, for what was modified since the watermark and some time before it; without a watermark, for all. */
export function requestSince(
  written: Readonly<Record<string, unknown>>,
  watermark: Watermark | null,
  overlapMinutes: number,
): Readonly<Record<string, unknown>> {
  if (watermark === null) return written;
  const modifiedAfter = new Date(new Date(watermark.until).getTime() - overlapMinutes * 60_000).toISOString();
  return { ...written, filters: { ...(written.filters as object | undefined), modifiedAfter } };
}

/** Moves it to where a run began, if its end is good enough. @returns whether it moved */
export async function moveWatermark(base: RunDirectory, request: RunRequest, output: RunOutput, startedAt: string): Promise<boolean> {
  if (!isWhole(request, output)) return false;
  const watermark = await readWatermark(base, request);
  const since = request.filters.modifiedAfter;
  // A gap between the old watermark and what this run looked at would never be looked at again.
  if (since !== undefined && (watermark === null || new Date(since) > new Date(watermark.until))) return false;
  if (watermark !== null && new Date(watermark.until) >= new Date(startedAt)) return false;
  await base.write(fileOf(request), `${JSON.stringify({ until: startedAt, runId: output.runId } satisfies Watermark)}\n`);
  return true;
}

/** A copy that succeeded, was verified, and looked at everything until now. A part file may mean a part of the bucket, which nobody has looked at here. */
function isWhole(request: RunRequest, { status, verified }: RunOutput): boolean {
  const leftOut = request.filters.modifiedBefore !== undefined || request.partitions.from === 'file';
  return writes(request) && !leftOut && status === 'succeeded' && verified;
}

function fileOf(request: Marked): string {
  return `watermarks/${watermarkName(request)}.json`;
}
