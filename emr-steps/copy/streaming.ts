/** Copies through the node: GetObject with the source's credentials, PutObject or UploadPart with the destination's. */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { Budget } from '../hadoop/budget.ts';
import { isDigest } from '../multipart/etag.ts';
import { rangeSize } from '../multipart/part-map.ts';
import type { PartTask, WholeTask } from '../records/copy-task.ts';
import { getObject, type ObjectBody } from '../s3/get-object.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { putObject } from '../s3/put-object.ts';
import { S3Error } from '../s3/s3-error.ts';
import { getObjectTagging, type Tag } from '../s3/tagging.ts';
import { uploadPart } from '../s3/upload-part.ts';
import { type CopyEnding, copied, failed } from './ending.ts';
import { heldPayload, type Open, type Payload, type Piece, passingPayload, twiceReadPayload } from './payload.ts';
import { hasMd5Etag, proofOfPart, proveWhole } from './prove.ts';
import type { OpenTask, Route } from './route.ts';
import { copySource, destinationKey, type Sides } from './sides.ts';

/** Whole objects up to this many bytes are held in memory: a write that fails is sent again without another read. */
const HELD_BYTES = 8 * 1024 * 1024;
/** What a passing stream is counted with: the buffers of two connections. */
const PASSING_BYTES = 1024 * 1024;
/** Times that a body which broke off, or came damaged, is read. */
const READS = 4;
/** The wait before another read is drawn from 0 to this, doubled each time. */
const WAIT_MILLISECONDS = 200;

/** How tasks are streamed. */
export interface StreamingOptions {
  /** Bytes that all tasks together may hold. */
  readonly memoryBytes: number;
  /** Waits; for tests. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What was read, or why it is not what was listed. */
type Reading =
  | { readonly kind: 'changed'; readonly why: string }
  | { readonly kind: 'read'; readonly head: ObjectHead; readonly tags: readonly Tag[]; readonly payload: Payload };

/** The streaming route; one budget of memory for all its tasks. */
export function streaming(sides: Sides, options: StreamingOptions): Route {
  return new Streaming(sides, options);
}

class Streaming implements Route {
  readonly mode = 'streaming';
  readonly #sides: Sides;
  readonly #memory: Budget;
  readonly #heldBytes: { readonly whole: number; readonly part: number };
  readonly #sleep: NonNullable<StreamingOptions['sleep']>;

  constructor(sides: Sides, options: StreamingOptions) {
    this.#sides = sides;
    this.#memory = new Budget(options.memoryBytes);
    // A part's MD5 is known only from its bytes: what fits in a quarter of the memory is read once.
    this.#heldBytes = { whole: HELD_BYTES, part: Math.max(HELD_BYTES, Math.floor(options.memoryBytes / 4)) };
    this.#sleep = options.sleep ?? ((milliseconds, signal) => sleepFor(milliseconds, undefined, { signal }));
  }

  async copy(task: OpenTask, signal: AbortSignal): Promise<CopyEnding> {
    const piece = this.#pieceOf(task);
    if (task.kind === 'part' && piece.size === 0) return this.#writePart(task, new Uint8Array(0), null, signal);
    const isHeld = piece.size <= this.#heldBytes[task.kind];
    const giveBack = await this.#memory.take(isHeld ? piece.size : PASSING_BYTES, signal);
    try {
      const reading = await this.#readAgain(() => this.#read(task, piece, isHeld, signal), signal);
      if (reading.kind === 'changed') return failed('source-changed', reading.why, 'streaming');
      try {
        return task.kind === 'whole'
          ? await this.#writeWhole(task, reading, signal)
          : await this.#writePart(task, reading.payload.body, reading.payload.md5, signal);
      } finally {
        await reading.payload.close();
      }
    } finally {
      giveBack();
    }
  }

  #pieceOf(task: OpenTask): Piece {
    const { bucket, key } = copySource(this.#sides, task);
    return { bucket, key, size: task.kind === 'whole' ? task.size : rangeSize(task.range, task.size) };
  }

  /** The client sends requests again by itself; a body that breaks off or comes damaged is the reader's to ask for again. */
  async #readAgain(read: () => Promise<Reading>, signal: AbortSignal): Promise<Reading> {
    for (let reads = 1; ; reads += 1) {
      try {
        return await read();
      } catch (error) {
        if (reads >= READS || !isBrokenBody(error)) throw error;
        await this.#sleep(Math.random() * WAIT_MILLISECONDS * 2 ** (reads - 1), signal);
      }
    }
  }

  async #read(task: OpenTask, piece: Piece, isHeld: boolean, signal: AbortSignal): Promise<Reading> {
    const pin = task.etag === null ? {} : { ifMatch: task.etag };
    const range = task.kind === 'part' && task.range !== null ? { range: task.range } : {};
    const open: Open = () => getObject(this.#sides.source, { key: piece.key, size: piece.size, ...pin, ...range }, signal);
    const opened = await open();
    const { head } = opened;
    try {
      const why = changeOf(task, piece, head);
      const tags = why === null && task.kind === 'whole' && head.tagCount > 0 ? await getObjectTagging(this.#sides.source, { key: piece.key }, signal) : [];
      if (why === null) return { kind: 'read', head, tags, payload: await payloadOf(task, opened, open, piece, isHeld) };
      await opened.discard();
      return { kind: 'changed', why };
    } catch (error) {
      await opened.discard();
      throw error;
    }
  }

  async #writeWhole(task: WholeTask, { head, tags, payload }: Reading & { kind: 'read' }, signal: AbortSignal): Promise<CopyEnding> {
    const input = { key: destinationKey(this.#sides, task), kept: head.kept, tags, storageClass: task.storageClass ?? 'STANDARD', body: payload.body };
    const written = await putObject(this.#sides.destination, input, signal);
    // The source's ETag is no MD5: that the destination has the MD5 of what was read is the most that can be known.
    if (!hasMd5Etag(head.encryption) && written.etag === payload.md5) return copied(written.etag, 'size', 'streaming');
    return proveWhole(task, written, 'streaming', this.#sides, signal);
  }

  /** The service has checked the Content-MD5; that it answers with the same digest is checked here. */
  async #writePart(task: PartTask, body: Payload['body'], md5: string | null, signal: AbortSignal): Promise<CopyEnding> {
    const { uploadId, partNumber } = task;
    const written = await uploadPart(this.#sides.destination, { key: destinationKey(this.#sides, task), uploadId, partNumber, body }, signal);
    if (md5 !== null && written.etag !== md5 && hasMd5Etag(written.encryption)) {
      return failed('digest-mismatch', `part ${partNumber} has ETag ${written.etag}, its bytes have MD5 ${md5}`, 'streaming', written.etag);
    }
    return copied(written.etag, proofOfPart(written), 'streaming');
  }
}

function isBrokenBody(error: unknown): boolean {
  if (!(error instanceof S3Error) || error.operation !== 'GetObject') return false;
  return error.code === 'DigestMismatch' || (error.retryable && error.status >= 200 && error.status < 300);
}

function changeOf(task: OpenTask, piece: Piece, head: ObjectHead): string | null {
  if (head.objectSize !== null && head.objectSize !== task.size) return `${task.size} bytes were listed, the object has ${head.objectSize}`;
  return head.size === piece.size ? null : `${piece.size} bytes were asked for, the service offers ${head.size}`;
}

function payloadOf(task: OpenTask, opened: ObjectBody, open: Open, piece: Piece, isHeld: boolean): Payload | Promise<Payload> {
  const expected = task.kind === 'whole' && isDigest(task.etag) && hasMd5Etag(opened.head.encryption) ? task.etag : null;
  if (isHeld) return heldPayload(opened, piece, expected);
  return expected === null ? twiceReadPayload(opened, open, piece) : passingPayload(opened, open, piece, expected);
}
