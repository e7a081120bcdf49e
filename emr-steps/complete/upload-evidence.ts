/** What the two sides themselves say of an upload's object, where the parts' ETags do not say it all. */
import { fateIn } from '../books/drift.ts';
import { compareChecksums, hasMd5Etag } from '../copy/prove.ts';
import { isStepFailure } from '../plan/reason-of-error.ts';
import { decodeTime, isSince } from '../records/time.ts';
import type { Checksums } from '../s3/checksum-names.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { type CompletedUpload, failed, type UploadEnd } from './upload-end.ts';
import type { Upload } from './upload-rows.ts';
import type { UploadService } from './upload-service.ts';

/** Looks at the two objects of one upload; the source is asked for once. */
export class UploadEvidence {
  readonly #key: string;
  readonly #upload: Upload;
  readonly #service: UploadService;
  readonly #runStartedAt: Date | null;
  readonly #signal: AbortSignal;
  #sourceHead: Promise<ObjectHead> | null = null;

  constructor(key: string, upload: Upload, service: UploadService, runStartedAt: Date | null, signal: AbortSignal) {
    this.#key = key;
    this.#upload = upload;
    this.#service = service;
    this.#runStartedAt = runStartedAt;
    this.#signal = signal;
  }

  /**
   * Whether ETags of the source or of the destination are no MD5s. Rows of parts that were found in the upload do not say it: then the drift
   * may, since of two encryptions that differ one is not S3's own. Asks for the source's encryption where neither does.
   */
  async hasOpaqueEtags(): Promise<boolean> {
    const { drift, opaqueEtags } = this.#upload;
    const encryption = drift === null ? 'unseen' : fateIn(drift, 'encryption');
    return opaqueEtags || encryption === 'changed' || encryption === 'lost' || !hasMd5Etag((await this.#source()).encryption);
  }

  /** The end of an object that was completed and whose ETag proves nothing: its checksum may. */
  async opaqueEnd(etag: string | null, checksums: Checksums): Promise<UploadEnd> {
    const compared = await this.#compare(checksums);
    if (compared === 'different') return this.#differing(etag);
    return { outcome: 'copied', etag, proof: compared === 'equal' ? 'checksum' : 'size', checksums };
  }

  /** A composite checksum is of the parts, and those of a computed map may have been others: the next round asks for each. */
  #differing(etag: string | null): UploadEnd {
    const { partMap } = this.#upload;
    const reason = partMap === 'computed' ? 'part-map-mismatch' : 'etag-mismatch';
    return failed(reason, `the completed object (map ${partMap}) has another checksum than the source`, etag);
  }

  /**
   * The object at the destination, where it is this upload completed: by an older attempt, or by a request whose answer was lost.
   *
   * @param onlyOfRun - whether an object with the right ETag from before the run is none
   */
  async find(onlyOfRun: boolean): Promise<CompletedUpload | null> {
    try {
      const head = await this.#service.headDestination(this.#key, this.#signal);
      const { etag, checksums } = head;
      const isYoung = this.#isYoung(head);
      if (etag !== null && etag === this.#upload.sourceEtag) return isYoung || !onlyOfRun ? { outcome: 'copied', etag, proof: 'etag', checksums } : null;
      if (!isYoung || !this.#hasItsForm(head) || !(await this.hasOpaqueEtags())) return null;
      const end = await this.opaqueEnd(etag, checksums);
      return end.outcome === 'copied' ? end : null;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (isStepFailure(error)) throw error;
      return null;
    }
  }

  /** S3 dates an object by the beginning of its upload, so that its first part may be younger: the run's beginning is what counts. */
  #isYoung({ lastModified }: ObjectHead): boolean {
    return lastModified !== null && isSince(lastModified, this.#runStartedAt ?? decodeTime(this.#upload.since));
  }

  #hasItsForm({ size, etag }: ObjectHead): boolean {
    return size === this.#upload.size && (etag ?? '').endsWith(`-${this.#upload.partCount}`);
  }

  /** A source that cannot be read any more leaves the service's word. */
  async #compare(checksums: Checksums): Promise<ReturnType<typeof compareChecksums>> {
    if (Object.keys(checksums).length === 0) return 'none';
    try {
      return compareChecksums((await this.#source()).checksums, checksums);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (isStepFailure(error)) throw error;
      return 'none';
    }
  }

  #source(): Promise<ObjectHead> {
    this.#sourceHead ??= this.#service.headSource(this.#key, this.#upload.sourceEtag, this.#signal);
    return this.#sourceHead;
  }
}
