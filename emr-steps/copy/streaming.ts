/** Copies through the node: GetObject with the source's credentials, PutObject or UploadPart with the destination's. */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { Budget } from '../hadoop/budget.ts';
import { rangeSize } from '../multipart/part-map.ts';
import type { PartTask, WholeTask } from '../records/copy-task.ts';
import { checksumIn } from '../s3/checksum-names.ts';
import { putObject } from '../s3/put-object.ts';
import { uploadPart } from '../s3/upload-part.ts';
import type { CopyRules } from './copy-rules.ts';
import { type CopyEnding, copied, failed } from './ending.ts';
import { bytesChecksum, checksumHeaders } from './part-checksum.ts';
import type { Payload, Piece } from './payload.ts';
import { hasMd5Etag, proofOfPart, proveWhole } from './prove.ts';
import type { OpenTask, Route } from './route.ts';
import { copySource, destinationKey, type Sides } from './sides.ts';
import { type Holding, needsDigest, type Reading, SourceReader } from './source-reading.ts';
import { STAGED_BYTES } from './spill-file.ts';
import type { SpillRoom, SpillSpace } from './spill-space.ts';

/** Whole objects up to this many bytes are held in memory: a write that fails is sent again without another read. */
const HELD_BYTES = 8 * 1024 * 1024;
/** What a passing stream is counted with: the buffers of two connections, and what waits for the disk. */
const PASSING_BYTES = 1024 * 1024 + STAGED_BYTES;
/** Campanile's `maxtmpsize`. */
const SPILL_ABOVE_BYTES = 128 * 1024 * 1024;

/** How tasks are streamed. */
export interface StreamingOptions {
  /** Bytes that all tasks together may hold. */
  readonly memoryBytes: number;
  /** Where bytes go that the memory does not hold; null, the default: nowhere, they are read twice. */
  readonly spill?: SpillSpace | null;
  /** Most bytes of a part that are held, whatever the memory; 128 MiB unless given. */
  readonly spillAboveBytes?: number;
  /** Waits; for tests. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Counts what became of large bodies. */
  readonly count?: (name: string) => void;
}

/** The streaming route; one budget of memory for all its tasks. */
export function streaming(sides: Sides, rules: CopyRules, options: StreamingOptions): Route {
  return new Streaming(sides, rules, options);
}

class Streaming implements Route {
  readonly mode = 'streaming';
  readonly #sides: Sides;
  readonly #rules: CopyRules;
  readonly #memory: Budget;
  readonly #spill: SpillSpace | null;
  readonly #heldBytes: { readonly whole: number; readonly part: number };
  readonly #reader: SourceReader;

  constructor(sides: Sides, rules: CopyRules, options: StreamingOptions) {
    this.#sides = sides;
    this.#rules = rules;
    this.#memory = new Budget(options.memoryBytes);
    this.#spill = options.spill ?? null;
    // A part's MD5 is known only from its bytes: what fits in a quarter of the memory is held.
    const share = Math.max(HELD_BYTES, Math.floor(options.memoryBytes / 4));
    this.#heldBytes = { whole: HELD_BYTES, part: Math.min(share, options.spillAboveBytes ?? SPILL_ABOVE_BYTES) };
    const sleep: NonNullable<StreamingOptions['sleep']> = (milliseconds, signal) => sleepFor(milliseconds, undefined, { signal });
    this.#reader = new SourceReader({ sides, rules, spill: this.#spill, sleep: options.sleep ?? sleep, count: options.count ?? (() => undefined) });
  }

  async copy(task: OpenTask, signal: AbortSignal): Promise<CopyEnding> {
    const piece = this.#pieceOf(task);
    if (task.kind === 'part' && piece.size === 0) return this.#writePart(task, emptyPart(task), signal);
    const isHeld = piece.size <= this.#heldBytes[task.kind];
    const giveBack = await this.#memory.take(isHeld ? piece.size : PASSING_BYTES, signal);
    const holding: Holding = { isHeld, room: null };
    try {
      // Before the first request: a connection would not wait for a disk.
      holding.room = isHeld || !needsDigest(task) ? null : await this.#roomFor(piece, signal);
      return await this.#copyHolding(task, piece, holding, signal);
    } finally {
      giveBack();
      await holding.room?.close();
    }
  }

  async #copyHolding(task: OpenTask, piece: Piece, holding: Holding, signal: AbortSignal): Promise<CopyEnding> {
    const reading = await this.#reader.read(task, piece, holding, signal);
    if (reading.kind === 'changed') return failed('source-changed', reading.why, 'streaming');
    try {
      return task.kind === 'whole' ? await this.#writeWhole(task, reading, signal) : await this.#writePart(task, reading.payload, signal);
    } finally {
      await reading.payload.close();
    }
  }

  #pieceOf(task: OpenTask): Piece {
    const { bucket, key } = copySource(this.#sides, task);
    if (task.kind === 'whole') return { bucket, key, size: task.size, checksum: null };
    return { bucket, key, size: rangeSize(task.range, task.size), checksum: task.checksum };
  }

  async #roomFor(piece: Piece, signal: AbortSignal): Promise<SpillRoom | null> {
    return this.#spill === null ? null : this.#spill.take(piece.size, signal);
  }

  async #writeWhole(task: WholeTask, { head, tags, payload }: Reading & { kind: 'read' }, signal: AbortSignal): Promise<CopyEnding> {
    const { destination } = this.#sides;
    const input = { key: destinationKey(this.#sides, task), kept: head.kept, tags, storageClass: task.storageClass ?? 'STANDARD', body: payload.body };
    const own = this.#rules.putHeaders(head);
    const { written, fate } = await this.#rules.acl.write(
      copySource(this.#sides, task).key,
      (headers) => putObject(destination, { ...input, headers: { ...own, ...headers } }, signal),
      signal,
    );
    // Nobody but the bytes themselves says what their MD5 is.
    if (!hasMd5Etag(head.encryption) && hasMd5Etag(written.encryption) && written.etag !== payload.md5)
      return failed('digest-mismatch', `the copy has ETag ${written.etag}, its bytes have MD5 ${payload.md5}`, 'streaming', written.etag);
    return proveWhole(task, written, 'streaming', { sides: this.#sides, rules: this.#rules, sight: { head, acl: fate } }, signal);
  }

  /** The service has checked the Content-MD5; that it answers with the same digest is checked here. */
  async #writePart(task: PartTask, { body, md5, checksum }: Pick<Payload, 'body' | 'md5' | 'checksum'>, signal: AbortSignal): Promise<CopyEnding> {
    const { uploadId, partNumber } = task;
    const target = { key: destinationKey(this.#sides, task), uploadId, partNumber };
    const written = await uploadPart(this.#sides.destination, { ...target, body, headers: checksumHeaders(checksum) }, signal);
    if (written.etag !== md5 && hasMd5Etag(written.encryption)) {
      return failed('digest-mismatch', `part ${partNumber} has ETag ${written.etag}, its bytes have MD5 ${md5}`, 'streaming', written.etag);
    }
    const value = checksum === null ? null : (checksumIn(written.checksums, checksum.algorithm) ?? checksum.value);
    return copied(written.etag, proofOfPart(written), 'streaming', { checksum: task.checksum === null ? null : { ...task.checksum, value } });
  }
}

const EMPTY = new Uint8Array(0);
const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';

function emptyPart(task: PartTask): Pick<Payload, 'body' | 'md5' | 'checksum'> {
  return { body: EMPTY, md5: MD5_OF_NOTHING, checksum: bytesChecksum(task.checksum, EMPTY) };
}
