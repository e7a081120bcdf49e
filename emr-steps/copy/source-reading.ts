/** Reads the bytes of a task, and all that a write of a whole object needs beside them. */
import { isDigest } from '../multipart/etag.ts';
import { getObject, type ObjectBody } from '../s3/get-object.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { S3Error } from '../s3/s3-error.ts';
import { getObjectTagging, type Tag } from '../s3/tagging.ts';
import type { CopyRules } from './copy-rules.ts';
import { heldPayload, type Open, type Payload, type Piece, passingPayload, spilledPayload, twiceReadPayload } from './payload.ts';
import { hasMd5Etag } from './prove.ts';
import type { OpenTask } from './route.ts';
import type { Sides } from './sides.ts';
import { SpillFailedError } from './spill-file.ts';
import type { SpillRoom, SpillSpace } from './spill-space.ts';

/** Times that a body which broke off, or came damaged, is read. */
const READS = 4;
/** The wait before another read is drawn from 0 to this, doubled each time. */
const WAIT_MILLISECONDS = 200;

/** What was read, or why it is not what was listed. */
export type Reading =
  | { readonly kind: 'changed'; readonly why: string }
  | { readonly kind: 'read'; readonly head: ObjectHead; readonly tags: readonly Tag[]; readonly payload: Payload };

/** Where the bytes of a task lie until they are written; its room is the caller's to close. */
export interface Holding {
  /** In memory. */
  readonly isHeld: boolean;
  /** On a disk; null: not yet, or nowhere. */
  room: SpillRoom | null;
}

/** How tasks are read. */
export interface ReadingOptions {
  readonly sides: Sides;
  readonly rules: CopyRules;
  /** Null: what the memory does not hold is read twice. */
  readonly spill: SpillSpace | null;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Counts `spilled`, `spill-failed` and `read-twice`. */
  readonly count: (name: string) => void;
}

/** Whether the bytes must be read to their end before they can be sent: nobody knows their MD5 yet. */
export function needsDigest(task: OpenTask): boolean {
  return task.kind === 'part' || !isDigest(task.etag);
}

/** Reads for one program. */
export class SourceReader {
  readonly #options: ReadingOptions;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** The client sends requests again by itself; a body that breaks off or comes damaged is the reader's to ask for again. */
  async read(task: OpenTask, piece: Piece, holding: Holding, signal: AbortSignal): Promise<Reading> {
    for (let reads = 1; ; reads += 1) {
      try {
        return await this.#readOnce(task, piece, holding, signal);
      } catch (error) {
        if (reads >= READS || !isBrokenBody(error)) throw error;
        await this.#options.sleep(Math.random() * WAIT_MILLISECONDS * 2 ** (reads - 1), signal);
      }
    }
  }

  async #readOnce(task: OpenTask, piece: Piece, holding: Holding, signal: AbortSignal): Promise<Reading> {
    const { source } = this.#options.sides;
    const pin = task.etag === null ? {} : { ifMatch: task.etag };
    const what = task.kind === 'whole' ? { checksumMode: true } : task.range === null ? {} : { range: task.range };
    const open: Open = () => getObject(source, { key: piece.key, size: piece.size, ...pin, ...what }, signal);
    const opened = await open();
    const { head } = opened;
    try {
      const why = changeOf(task, piece, head);
      const tags = why === null ? await this.#tagsOf(task, piece, head, signal) : [];
      if (why === null) return { kind: 'read', head, tags, payload: await this.#payloadOf(task, opened, open, piece, holding) };
      await opened.discard();
      return { kind: 'changed', why };
    } catch (error) {
      await opened.discard();
      throw error;
    }
  }

  async #tagsOf(task: OpenTask, { key }: Piece, { tagCount }: ObjectHead, signal: AbortSignal): Promise<readonly Tag[]> {
    const { sides, rules } = this.#options;
    if (task.kind === 'part' || tagCount === 0 || rules.fidelity.tags === 'drop') return [];
    return getObjectTagging(sides.source, { key }, signal);
  }

  async #payloadOf(task: OpenTask, opened: ObjectBody, open: Open, piece: Piece, holding: Holding): Promise<Payload> {
    const expected = expectedMd5(task, opened.head);
    if (holding.isHeld) return heldPayload(opened, piece, expected);
    if (expected !== null) return passingPayload(opened, open, piece, { md5: expected, checksum: null });
    holding.room ??= (await this.#options.spill?.takeNow(piece.size)) ?? null;
    if (holding.room !== null) return this.#spilled(opened, open, piece, holding, holding.room);
    this.#options.count('read-twice');
    return twiceReadPayload(opened, open, piece);
  }

  /** A disk that fails costs a second reading, never the object. */
  async #spilled(opened: ObjectBody, open: Open, piece: Piece, holding: Holding, room: SpillRoom): Promise<Payload> {
    try {
      const payload = await spilledPayload(opened, piece, room);
      this.#options.count('spilled');
      return payload;
    } catch (error) {
      if (!(error instanceof SpillFailedError)) throw error;
      await room.close();
      holding.room = null;
      this.#options.count('spill-failed');
      return twiceReadPayload(await open(), open, piece);
    }
  }
}

/** The MD5 that the bytes must have; null where nobody knows it. */
function expectedMd5(task: OpenTask, { encryption }: ObjectHead): string | null {
  return task.kind === 'whole' && isDigest(task.etag) && hasMd5Etag(encryption) ? task.etag : null;
}

function isBrokenBody(error: unknown): boolean {
  if (!(error instanceof S3Error) || error.operation !== 'GetObject') return false;
  return error.code === 'DigestMismatch' || (error.retryable && error.status >= 200 && error.status < 300);
}

function changeOf(task: OpenTask, piece: Piece, head: ObjectHead): string | null {
  if (head.objectSize !== null && head.objectSize !== task.size) return `${task.size} bytes were listed, the object has ${head.objectSize}`;
  return head.size === piece.size ? null : `${piece.size} bytes were asked for, the service offers ${head.size}`;
}
