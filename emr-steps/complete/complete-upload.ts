/**
 * Completes one upload, or aborts it. The ETag is computed from the parts and held against the source's before CompleteMultipartUpload:
 * what is wrong never becomes an object. Safe to do twice and at once: an attempt whose node was lost may still be completing the same
 * upload (NoSuchUpload, and the object is there), or has sent a part again (InvalidPart, and the service knows the part's new ETag).
 */
import { hasMd5Etag } from '../copy/prove.ts';
import type { StepContext } from '../hadoop/step-context.ts';
import { settleError } from '../plan/reason-of-error.ts';
import { decodeTime } from '../records/time.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { S3Error } from '../s3/s3-error.ts';
import { etagOf, mismatch, partsOfRows, wrongParts, wrongSize } from './judge-parts.ts';
import { type CompletedUpload, endOfLostParts, type FailedUpload, failed, type UploadEnd } from './upload-end.ts';
import type { Upload } from './upload-rows.ts';
import type { CompletedPart, UploadService } from './upload-service.ts';

/** What completes the upload, and the ETag that it must give; null where ETags are no MD5s and prove nothing. */
interface Completion {
  readonly parts: readonly CompletedPart[];
  readonly expected: string | null;
}

/** Completes the upload, or aborts it and says why. An upload that has vanished is looked for at the destination. */
export async function completeUpload(key: string, upload: Upload, service: UploadService, context: StepContext): Promise<UploadEnd> {
  const lost = endOfLostParts(upload);
  if (context.dryRun) return lost ?? dryRunEnd(upload);
  const work = new UploadWork(key, upload, service, context);
  const end = lost ?? (await work.end());
  if (end.outcome !== 'copied') await work.abort();
  return end;
}

/** Aborts an upload that is not needed. That it cannot be aborted is counted and nothing more: the sweep comes after. */
export async function abortUpload(key: string, upload: Upload, service: UploadService, context: StepContext): Promise<void> {
  if (!context.dryRun) await new UploadWork(key, upload, service, context).abort();
}

/** What would become of it; part ETags are known only where the results of a real copy are read. */
function dryRunEnd(upload: Upload): UploadEnd {
  const computed = etagOf(partsOfRows(upload));
  if (computed !== null && computed !== upload.sourceEtag && !upload.opaqueEtags) return mismatch(upload, computed);
  return { outcome: 'copied', etag: upload.sourceEtag, proof: upload.opaqueEtags ? 'size' : 'etag' };
}

function hasCode(error: unknown, code: string): error is S3Error {
  return error instanceof S3Error && error.code === code;
}

class UploadWork {
  readonly #key: string;
  readonly #upload: Upload;
  readonly #service: UploadService;
  readonly #context: StepContext;
  #sourceHead: Promise<ObjectHead> | null = null;

  constructor(key: string, upload: Upload, service: UploadService, context: StepContext) {
    this.#key = key;
    this.#upload = upload;
    this.#service = service;
    this.#context = context;
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
    const { signal, statistics } = this.#context;
    try {
      await this.#service.abort(this.#key, this.#upload.uploadId, signal);
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
    const parts = askService ? await this.#service.listParts(this.#key, upload.uploadId, this.#context.signal) : partsOfRows(upload);
    const wrong = askService ? wrongParts(upload, parts) : null;
    if (wrong !== null) return wrong;
    const computed = etagOf(parts);
    if (computed !== null && computed === upload.sourceEtag) return { parts, expected: computed };
    if (computed !== null && !(await this.#hasOpaqueEtags())) return mismatch(upload, computed);
    if (!askService) return this.#judge(true);
    return wrongSize(upload, parts) ?? { parts, expected: null };
  }

  async #complete({ parts, expected }: Completion): Promise<UploadEnd> {
    const { etag } = await this.#service.complete(this.#key, this.#upload.uploadId, parts, this.#context.signal);
    this.#context.statistics.count('uploads-completed');
    if (expected === null) return { outcome: 'copied', etag, proof: 'size' };
    if (etag === expected) return { outcome: 'copied', etag, proof: 'etag' };
    return failed('etag-mismatch', `the completed object has ETag ${etag}, its parts and the source give ${expected}`, etag);
  }

  /** Whether ETags of the source or of the destination are no MD5s. Asks for the source's encryption where the rows do not say it. */
  async #hasOpaqueEtags(): Promise<boolean> {
    if (this.#upload.opaqueEtags) return true;
    this.#sourceHead ??= this.#service.headSource(this.#key, this.#upload.sourceEtag, this.#context.signal);
    return !hasMd5Etag((await this.#sourceHead).encryption);
  }

  async #endOfError(error: unknown): Promise<UploadEnd> {
    const vanished = hasCode(error, 'NoSuchUpload');
    const { outcome, reason, detail } = settleError(error, this.#context.signal);
    // What was sent may have been done though its answer was lost.
    const found = vanished || (error instanceof S3Error && error.retryable) ? await this.#find() : null;
    if (found !== null) return found;
    return { outcome, reason: hasCode(error, 'InvalidPart') ? 'part-missing' : reason, detail, etag: null };
  }

  /** The object, where an older attempt of this task, or an answer that was lost, completed the upload. */
  async #find(): Promise<CompletedUpload | null> {
    try {
      const head = await this.#service.headDestination(this.#key, this.#context.signal);
      if (head.etag !== null && head.etag === this.#upload.sourceEtag) return { outcome: 'copied', etag: head.etag, proof: 'etag' };
      return this.#isOwnWork(head) && (await this.#hasOpaqueEtags()) ? { outcome: 'copied', etag: head.etag, proof: 'size' } : null;
    } catch {
      this.#context.signal.throwIfAborted();
      return null;
    }
  }

  /** Whether an object without a telling ETag is this upload completed: its size, its number of parts, and younger than its first part. */
  #isOwnWork(head: ObjectHead): boolean {
    const { size, partCount, since } = this.#upload;
    const isYounger = head.lastModified !== null && head.lastModified >= decodeTime(since);
    return isYounger && head.size === size && (head.etag ?? '').endsWith(`-${partCount}`);
  }
}
