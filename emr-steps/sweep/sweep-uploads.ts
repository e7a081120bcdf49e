/**
 * The sweep step: open uploads of this run are aborted, at its end and when it fails. Most are those of plan's lost attempts, which no
 * task names, so an upload is the run's by its key: it was to be copied. A mapper over the rows that were to be copied; each holds the
 * bucket's open uploads in memory (they are few) and takes those whose keys it meets.
 */
import type { StepContext, StepProgram } from '../hadoop/step-context.ts';
import type { ObjectRecord } from '../records/object-record.ts';
import type { SweptUpload } from '../records/swept-upload.ts';
import { listMultipartUploads, type OpenUpload } from '../s3/list-multipart-uploads.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { abortUploads, type SweptPlace } from './abort-uploads.ts';
import { type Claims, unclaimed } from './claimed-uploads.ts';
import { ownerOf, type SweepingRun } from './own-uploads.ts';

/** What the step works on. */
export interface SweepOptions extends SweptPlace {
  readonly run: SweepingRun;
  /** Tasks that tell whose an upload is where its key and start cannot. Default: nobody else claims any. */
  readonly claims?: Claims;
}

const NO_CLAIMS: Claims = { own: null, others: [] };

/** The step's program. */
export function sweepUploads(options: SweepOptions): StepProgram<ObjectRecord, SweptUpload> {
  return (input, context) => abortUploads(plannedUploads(input, options, context), options, context);
}

/**
 * Aborts what is the run's by session and start alone: where no cluster is left that could read the rows. Only for a run with a session
 * of its own, else uploads of other programs of the same user would be taken for its.
 */
export function sweepBySession(
  options: SweepOptions & { readonly run: { readonly session: string } },
  context: StepContext,
): AsyncIterable<readonly SweptUpload[]> {
  return abortUploads(ownUploads(options, context), options, context);
}

function openUploads(destination: S3Client, prefix: string, signal: AbortSignal): AsyncIterable<OpenUpload> {
  return listMultipartUploads(destination, { ...(prefix === '' ? {} : { prefix }), signal });
}

async function* ownUploads({ destination, destinationPrefix, run }: SweepOptions, { signal }: StepContext): AsyncGenerator<readonly OpenUpload[], void, void> {
  for await (const upload of openUploads(destination, destinationPrefix, signal)) if (ownerOf(upload, run) === 'own') yield [upload];
}

/**
 * The run's open uploads whose keys stand in the rows; each is given once, however often its key stands there. Once all are found no further row
 * is asked for, so none is decoded: mostly nothing is open (20,000 rows: 102 ms of processor time for the whole program instead of 155).
 */
async function* plannedUploads(
  rows: AsyncIterable<readonly ObjectRecord[]>,
  options: SweepOptions,
  context: StepContext,
): AsyncGenerator<readonly OpenUpload[], void, void> {
  const byKey = await candidatesByKey(options, context);
  if (byKey.size === 0) return;
  for await (const batch of rows) {
    const found = batch.flatMap(({ key }) => {
      const whole = options.destinationPrefix + key;
      const uploads = byKey.get(whole) ?? [];
      byKey.delete(whole);
      return uploads;
    });
    if (found.length > 0) yield found;
    if (byKey.size === 0) return;
  }
}

/** Open uploads that may be the run's, as far as they, their start and the claims of the runs say; whether their keys are planned the rows tell. */
async function candidatesByKey(options: SweepOptions, context: StepContext): Promise<Map<string, OpenUpload[]>> {
  const candidates: OpenUpload[] = [];
  for await (const upload of openUploads(options.destination, options.destinationPrefix, context.signal)) {
    const owner = ownerOf(upload, options.run);
    // Every mapper sees them all; one tells.
    if (context.taskAttempt.partition === 0) context.statistics.count(`open-uploads-${owner}`);
    if (owner === 'own') candidates.push(upload);
  }
  const mine = await unclaimed(new Set(candidates.map(({ uploadId }) => uploadId)), options.claims ?? NO_CLAIMS);
  if (context.taskAttempt.partition === 0) context.statistics.count('open-uploads-claimed', candidates.length - mine.size);
  return Map.groupBy(
    candidates.filter(({ uploadId }) => mine.has(uploadId)),
    ({ key }) => key,
  );
}
