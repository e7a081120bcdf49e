/**
 * Completes one upload, or aborts it. The ETag is computed from the parts and held against the source's before CompleteMultipartUpload:
 * what is wrong never becomes an object. Safe to do twice and at once: an attempt whose node was lost may still be completing the same
 * upload (NoSuchUpload, and the object is there), or has sent a part again (InvalidPart, and the service knows the part's new ETag).
 */
import type { StepContext } from '../hadoop/step-context.ts';
import { settleError } from '../plan/reason-of-error.ts';
import { S3Error } from '../s3/s3-error.ts';
import { etagOf, lacksChecksums, mismatch, partsOfRows, wrongParts, wrongSize } from './judge-parts.ts';
import { type CompletedUpload, endOfLostParts, type FailedUpload, failed, type UploadEnd } from './upload-end.ts';
import { UploadEvidence } from './upload-evidence.ts';
import type { Upload } from './upload-rows.ts';
import type { CompletedPart, UploadName, UploadService } from './upload-service.ts';

/** What completes the upload, and the ETag that it must give; null where ETags are no MD5s and prove nothing. */
interface Completion {
  readonly parts: readonly CompletedPart[];
  readonly expected: string | null;
}

/** Who does it, and for which run. */
export interface CompletionContext {
  readonly service: UploadService;
  readonly step: StepContext;
  /** What the destination got since then is this run's; null: unknown. */
  readonly runStartedAt: Date | null;
}

/** Completes the upload, or aborts it and says why. An upload that has vanished is looked for at the destination. */
export async function completeUpload(key: string, upload: Upload, context: CompletionContext): Promise<UploadEnd> {
  const lost = endOfLostParts(upload);
  if (context.step.dryRun) return lost ?? dryRunEnd(upload);
  const work = new UploadWork(key, upload, context);
  const found = await work.lookFirst();
  const end = found ?? lost ?? (await work.end());
  if (found !== null || end.outcome !== 'copied') await work.abort();
  return end;
}

/** Aborts an upload that is not needed. That it cannot be aborted is counted and nothing more: the sweep comes after. */
export async function abortUpload(key: string, upload: Upload, context: CompletionContext): Promise<void> {
  if (!context.step.dryRun) await new UploadWork(key, upload, context).abort();
}

/** What would become of it; part ETags are known only where the results of a real copy are read. */
function dryRunEnd(upload: Upload): UploadEnd {
  const computed = etagOf(partsOfRows(upload));
  if (computed !== null && computed !== upload.sourceEtag && !upload.opaqueEtags) return mismatch(upload, computed);
  return { outcome: 'copied', etag: upload.sourceEtag, proof: upload.opaqueEtags ? 'size' : 'etag', checksums: null };
}

function hasCode(error: unknown, code: string): error is S3Error {
  return error instanceof S3Error && error.code === code;
}

class UploadWork {
  readonly #upload: Upload;
  readonly #name: UploadName;
  readonly #service: UploadService;
  readonly #step: StepContext;
  readonly #evidence: UploadEvidence;
  readonly #looksFirst: boolean;

  constructor(key: string, upload: Upload, { service, step, runStartedAt }: CompletionContext) {
    this.#upload = upload;
    this.#name = { key, uploadId: upload.uploadId, checksum: upload.checksum };
    this.#service = service;
    this.#step = step;
    this.#evidence = new UploadEvidence(key, upload, service, runStartedAt, step.signal);
    this.#looksFirst = step.lookBeforeWriting && runStartedAt !== null;
  }

  /** The object, where this run has it already: an attempt, try or round before this one may have completed it. */
  async lookFirst(): Promise<CompletedUpload | null> {
    const found = this.#looksFirst ? await this.#evidence.find(true) : null;
    if (found !== null) this.#step.statistics.count('already-there');
    return found;
  }

  async end(): Promise<UploadEnd> {
    const askService = this.#upload.contradictory || this.#upload.opaqueEtags;
    try {
      return await this.#judgeAndComplete(askService);
    } catch (error) {
      if (!askService && hasCode(error, 'InvalidPart')) return this.#endOnce();
      return this.#endOfError(error);
    }
  }

  async abort(): Promise<void> {
    const { signal, statistics } = this.#step;
    try {
      await this.#service.abort(this.#name, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!hasCode(error, 'NoSuchUpload')) statistics.count('abort-failed');
    }
  }

  /** A second time with the parts as the service holds them. */
  async #endOnce(): Promise<UploadEnd> {
    try {
      return await this.#judgeAndComplete(true);
    } catch (error) {
      return this.#endOfError(error);
    }
  }

  async #judgeAndComplete(askService: boolean): Promise<UploadEnd> {
    const judged = await this.#judge(askService);
    return 'reason' in judged ? judged : this.#complete(judged);
  }

  async #judge(askService: boolean): Promise<Completion | FailedUpload> {
    const upload = this.#upload;
    const parts = askService ? await this.#service.listParts(this.#name, this.#step.signal) : partsOfRows(upload);
    const wrong = askService ? wrongParts(upload, parts) : null;
    if (wrong !== null) return wrong;
    if (!askService && lacksChecksums(upload, parts)) return this.#judge(true);
    const computed = etagOf(parts);
    if (computed !== null && computed === upload.sourceEtag) return { parts, expected: computed };
    if (computed !== null && !(await this.#evidence.hasOpaqueEtags())) return mismatch(upload, computed);
    if (!askService) return this.#judge(true);
    return wrongSize(upload, parts) ?? { parts, expected: null };
  }

  async #complete({ parts, expected }: Completion): Promise<UploadEnd> {
    const { etag, checksums } = await this.#service.complete(this.#name, parts, this.#step.signal);
    this.#step.statistics.count('uploads-completed');
    if (expected === null) return this.#evidence.opaqueEnd(etag, checksums);
    if (etag === expected) return { outcome: 'copied', etag, proof: 'etag', checksums };
    return failed('etag-mismatch', `the completed object has ETag ${etag}, its parts and the source give ${expected}`, etag);
  }

  async #endOfError(error: unknown): Promise<UploadEnd> {
    const vanished = hasCode(error, 'NoSuchUpload');
    const { outcome, reason, detail } = settleError(error, this.#step.signal);
    // What was sent may have been done though its answer was lost.
    const found = vanished || (error instanceof S3Error && error.retryable) ? await this.#evidence.find(false) : null;
    if (found !== null) return found;
    return { outcome, reason: hasCode(error, 'InvalidPart') ? 'part-missing' : reason, detail, etag: null };
  }
}
