/** The open multipart uploads of one bucket, in memory. */
import { randomBytes } from 'node:crypto';
import type { NewUpload, Upload, UploadedPart, UploadTable } from './bucket.ts';
import type { KeyBytes } from './key-bytes.ts';
import { SortedIndex } from './sorted-index.ts';

interface OpenUpload {
  readonly upload: Upload;
  readonly parts: Map<number, UploadedPart>;
}

let lastNumber = 0;

/** A long id like S3's, with `.` and `_` in it, greater than every one before it in this process. */
function newUploadId(now: number): string {
  lastNumber = Math.max(lastNumber + 1, now * 1000);
  return `${lastNumber.toString(36).padStart(11, '0')}.${randomBytes(36).toString('base64url')}_`;
}

/** Uploads by id, and in byte order of their keys. */
export class UploadIndex implements UploadTable {
  readonly #byId = new Map<string, OpenUpload>();
  readonly #byKey = new SortedIndex<readonly OpenUpload[]>();

  begin(upload: NewUpload): Upload {
    const begun = { ...upload, uploadId: newUploadId(upload.initiated) };
    this.restore(begun);
    return begun;
  }

  /** Takes up an upload that has its id already. */
  restore(upload: Upload): void {
    const open = { upload, parts: new Map<number, UploadedPart>() };
    this.#byId.set(upload.uploadId, open);
    this.#byKey.set(upload.key, [...(this.#byKey.get(upload.key) ?? []), open]);
  }

  find(key: KeyBytes, uploadId: string): Upload | null {
    const open = this.#byId.get(uploadId);
    return open !== undefined && open.upload.key === key ? open.upload : null;
  }

  /** @returns the part that was replaced, or null. */
  putPart(upload: Upload, part: UploadedPart): UploadedPart | null {
    const parts = this.#byId.get(upload.uploadId)?.parts;
    const replaced = parts?.get(part.partNumber) ?? null;
    parts?.set(part.partNumber, part);
    return replaced;
  }

  part(upload: Upload, partNumber: number, etag: string): UploadedPart | null {
    const part = this.#byId.get(upload.uploadId)?.parts.get(partNumber);
    return part !== undefined && part.etag === etag ? part : null;
  }

  parts(upload: Upload): readonly UploadedPart[] {
    const parts = this.#byId.get(upload.uploadId)?.parts.values() ?? [];
    return [...parts].sort((a, b) => a.partNumber - b.partNumber);
  }

  end(upload: Upload): void {
    const open = this.#byId.get(upload.uploadId);
    if (open === undefined) return;
    this.#byId.delete(upload.uploadId);
    const others = (this.#byKey.get(upload.key) ?? []).filter((other) => other !== open);
    if (others.length === 0) this.#byKey.delete(upload.key);
    else this.#byKey.set(upload.key, others);
  }

  *scan(from: KeyBytes): Generator<Upload, void, undefined> {
    for (const uploads of this.#byKey.from(from)) for (const open of uploads) yield open.upload;
  }
}
