/** An UploadService in memory: uploads with their parts, objects, and errors on order. */
import { setImmediate as turn } from 'node:timers/promises';
import type { CompletedPart, HeldPart, UploadName, UploadService } from '../../../emr-steps/complete/upload-service.ts';
import type { StepContext } from '../../../emr-steps/hadoop/step-context.ts';
import { multipartEtag } from '../../../emr-steps/multipart/multipart-etag.ts';
import type { Checksums } from '../../../emr-steps/s3/checksum-names.ts';
import { type Encryption, type ObjectHead, objectHead } from '../../../emr-steps/s3/object-headers.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';

/** An error as the client throws it after its last attempt. */
export function s3Error(operation: string, code: string, status: number): S3Error {
  return new S3Error({ operation, bucket: 'b', key: 'k', code, status, reason: `${code} on order` });
}

/** An object's head with the facts that matter here. */
export function head(facts: { etag: string; size: number; lastModified?: Date; encryption?: Encryption['algorithm']; checksums?: Checksums }): ObjectHead {
  return objectHead({
    etag: `"${facts.etag}"`,
    'content-length': String(facts.size),
    ...(facts.lastModified === undefined ? {} : { 'last-modified': facts.lastModified.toUTCString() }),
    ...(facts.encryption === undefined ? {} : { 'x-amz-server-side-encryption': facts.encryption }),
    ...Object.fromEntries(Object.entries(facts.checksums ?? {}).map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value])),
  });
}

type Operation = keyof UploadService;

export class FakeService implements UploadService {
  /** Parts by upload id. */
  readonly uploads = new Map<string, readonly HeldPart[]>();
  readonly destination = new Map<string, ObjectHead>();
  readonly source = new Map<string, ObjectHead>();
  /** What was asked, in order, as `operation uploadId-or-key`. */
  readonly calls: string[] = [];
  /** Errors by operation, thrown in turn before anything is done; `after`: it is done first. */
  readonly faults: { readonly operation: Operation; readonly error: Error; readonly after?: boolean }[] = [];
  /** The ETag that completion answers with, in place of the right one. */
  completedEtag: string | null = null;
  /** The checksums that it answers with. */
  completedChecksums: Checksums = {};
  underWay = 0;
  mostUnderWay = 0;

  async #call<T>(operation: Operation, what: string, signal: AbortSignal, work: () => T): Promise<T> {
    this.calls.push(`${operation} ${what}`);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      await turn();
      signal.throwIfAborted();
      const at = this.faults.findIndex((fault) => fault.operation === operation);
      const [fault] = at < 0 ? [] : this.faults.splice(at, 1);
      if (fault?.after) work();
      if (fault !== undefined) throw fault.error;
      return work();
    } finally {
      this.underWay -= 1;
    }
  }

  complete({ key, uploadId, checksum }: UploadName, parts: readonly CompletedPart[], signal: AbortSignal): Promise<{ etag: string; checksums: Checksums }> {
    return this.#call('complete', uploadId, signal, () => {
      const held = this.uploads.get(uploadId);
      if (held === undefined) throw s3Error('CompleteMultipartUpload', 'NoSuchUpload', 404);
      const right = parts.every((part) => held.find((one) => one.partNumber === part.partNumber)?.etag === part.etag);
      if (!right) throw s3Error('CompleteMultipartUpload', 'InvalidPart', 400);
      if (checksum?.type === 'COMPOSITE' && parts.some((part) => part.checksum === null)) throw s3Error('CompleteMultipartUpload', 'InvalidRequest', 400);
      const etag = this.completedEtag ?? multipartEtag(parts.map((part) => part.etag)) ?? `opaque-${parts.length}`;
      const lastModified = new Date('2026-11-20T12:00:30Z');
      this.destination.set(key, head({ etag, size: held.reduce((sum, part) => sum + part.size, 0), lastModified, checksums: this.completedChecksums }));
      this.uploads.delete(uploadId);
      return { etag, checksums: this.completedChecksums };
    });
  }

  abort({ uploadId }: UploadName, signal: AbortSignal): Promise<void> {
    return this.#call('abort', uploadId, signal, () => {
      if (!this.uploads.delete(uploadId)) throw s3Error('AbortMultipartUpload', 'NoSuchUpload', 404);
    });
  }

  listParts({ uploadId }: UploadName, signal: AbortSignal): Promise<readonly HeldPart[]> {
    return this.#call('listParts', uploadId, signal, () => {
      const held = this.uploads.get(uploadId);
      if (held === undefined) throw s3Error('ListParts', 'NoSuchUpload', 404);
      return held;
    });
  }

  headDestination(key: string, signal: AbortSignal): Promise<ObjectHead> {
    return this.#call('headDestination', key, signal, () => this.#object(this.destination, key));
  }

  headSource(key: string, etag: string | null, signal: AbortSignal): Promise<ObjectHead> {
    return this.#call('headSource', key, signal, () => {
      const object = this.#object(this.source, key);
      if (etag !== null && object.etag !== etag) throw s3Error('HeadObject', 'PreconditionFailed', 412);
      return object;
    });
  }

  #object(side: Map<string, ObjectHead>, key: string): ObjectHead {
    const object = side.get(key);
    if (object === undefined) throw s3Error('HeadObject', 'NotFound', 404);
    return object;
  }
}

/** A context that remembers counts and status lines. */
export function fakeContext(change: Partial<StepContext> = {}): StepContext & { readonly counts: Map<string, number>; readonly said: string[] } {
  const counts = new Map<string, number>();
  const said: string[] = [];
  const add = (name: string, amount = 1): void => void counts.set(name, (counts.get(name) ?? 0) + amount);
  return {
    signal: new AbortController().signal,
    taskAttempt: { id: 'attempt_1_0001_r_000000_2', number: 2, partition: 0 },
    round: 1,
    lookBeforeWriting: false,
    reporter: { counter: (_group, name, amount) => said.push(`${name} ${amount}`), status: (text) => said.push(text) },
    statistics: {
      request: () => undefined,
      error: () => undefined,
      bytes: () => undefined,
      count: add,
      recordsIn: () => undefined,
      recordsOut: () => undefined,
    },
    now: () => new Date('2026-11-20T12:01:00.500Z'),
    dryRun: false,
    ...change,
    counts,
    said,
  };
}
