/**
 * The complete step: a reducer over the rows of copy, sorted by key and part. Completes the uploads whose parts all arrived and give the
 * source's ETag, aborts the others, and writes a ledger row for every object, whole and settled ones too.
 */
import type { Sides } from '../copy/sides.ts';
import { mapConcurrently } from '../hadoop/concurrent.ts';
import { reportProgress } from '../hadoop/progress.ts';
import type { StepProgram } from '../hadoop/step-context.ts';
import type { CopyResult } from '../records/copy-result.ts';
import type { LedgerRow } from '../records/ledger-row.ts';
import { collectObjects } from './collect-objects.ts';
import { abortUpload, type CompletionContext, completeUpload } from './complete-upload.ts';
import { bestRow, ledgerOfRow, ledgerOfUpload } from './ledger.ts';
import { type PaidObject, paidObjects } from './parts-budget.ts';
import { isBetter } from './upload-end.ts';
import { hasAllRows, type ObjectRows, type Upload } from './upload-rows.ts';
import { type UploadService, uploadService } from './upload-service.ts';

/** What the step works on. */
export interface CompleteOptions extends Sides {
  /** Uploads that are completed at once. */
  readonly concurrency: number;
  /** What the destination got since then is this run's; null, the default: nothing is looked for before an upload is completed. */
  readonly runStartedAt?: Date | null;
}

/** The step's program. */
export function completeUploads(options: CompleteOptions): StepProgram<CopyResult, LedgerRow> {
  return completeWith(uploadService(options), options);
}

/** As {@link completeUploads}, on any service. */
export function completeWith(
  service: UploadService,
  { destinationPrefix, concurrency, runStartedAt = null }: Omit<CompleteOptions, keyof Sides> & Pick<Sides, 'destinationPrefix'>,
): StepProgram<CopyResult, LedgerRow> {
  return async function* complete(input, context) {
    const completion = { service, step: context, runStartedAt };
    const progress = reportProgress(context, 'settled', 'objects');
    const settle = ({ object, giveBack }: PaidObject): readonly LedgerRow[] | Promise<readonly LedgerRow[]> => {
      if (giveBack !== null) return settleUploads(object, destinationPrefix, completion).finally(giveBack);
      const row = bestRow(object.direct);
      return row === null ? [] : [ledgerOfRow(row, destinationPrefix, context.round)];
    };
    try {
      for await (const rows of mapConcurrently(paidObjects(collectObjects(input), context.signal), settle, { concurrency, signal: context.signal })) {
        progress.add(rows.length, 0);
        yield rows;
      }
    } finally {
      progress.stop();
    }
  };
}

/** Those that can be completed first. */
function byPromise(uploads: readonly Upload[]): readonly Upload[] {
  const promises = (upload: Upload): number => (upload.lost.size === 0 && hasAllRows(upload) ? 0 : 1);
  return uploads.toSorted((a, b) => promises(a) - promises(b));
}

/** One object, one row: the first upload that can be completed is, and all others are aborted. */
async function settleUploads(object: ObjectRows, prefix: string, context: CompletionContext): Promise<readonly LedgerRow[]> {
  const direct = bestRow(object.direct);
  let best = direct === null ? null : ledgerOfRow(direct, prefix, context.step.round);
  for (const upload of byPromise(object.uploads)) {
    if (best?.outcome === 'copied') {
      await abortUpload(object.key, upload, context);
      continue;
    }
    const end = await completeUpload(object.key, upload, context);
    const row = ledgerOfUpload(object.key, upload, end, prefix, context.step);
    if (best === null || isBetter(row, best)) best = row;
  }
  return best === null ? [] : [best];
}
