/** What the store was asked, counted by operation and by bucket, with the last requests one by one. */

/** One answered request. */
export interface AccessLogEntry {
  /** When it was answered, milliseconds since the epoch. */
  readonly at: number;
  /** S3's name of the operation; `Unknown` where the request named none. */
  readonly operation: string;
  /** Null for requests to the service. */
  readonly bucket: string | null;
  /** As text. */
  readonly key: string | null;
  /** Who called; null without a signature, or when it was refused. */
  readonly caller: string | null;
  readonly status: number;
  /** S3's code of a refusal. */
  readonly errorCode: string | null;
  /** Body bytes of the answer. */
  readonly bytesSent: number;
  readonly milliseconds: number;
}

/** Requests by operation. */
export type OperationCounts = Readonly<Record<string, number>>;

/** All counts since the start, or since they were last set back. */
export interface AccessCounts {
  readonly requests: number;
  readonly byOperation: OperationCounts;
  readonly byBucket: Readonly<Record<string, OperationCounts>>;
  /** Refusals by S3's code. */
  readonly byError: OperationCounts;
}

/** Requests that are kept one by one unless the options say otherwise. */
const KEPT_ENTRIES = 10_000;

function added(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Counts every request and keeps the last ones. */
export class AccessLog {
  readonly #most: number;
  readonly #listener: ((entry: AccessLogEntry) => void) | null;
  #entries: AccessLogEntry[] = [];
  #requests = 0;
  #byOperation: Record<string, number> = {};
  #byBucket: Record<string, Record<string, number>> = {};
  #byError: Record<string, number> = {};

  /**
   * @param most - how many entries are kept.
   * @param listener - called with every entry.
   */
  constructor(most: number = KEPT_ENTRIES, listener: ((entry: AccessLogEntry) => void) | null = null) {
    this.#most = most;
    this.#listener = listener;
  }

  add(entry: AccessLogEntry): void {
    this.#requests++;
    added(this.#byOperation, entry.operation);
    if (entry.bucket !== null) {
      this.#byBucket[entry.bucket] ??= {};
      added(this.#byBucket[entry.bucket] as Record<string, number>, entry.operation);
    }
    if (entry.errorCode !== null) added(this.#byError, entry.errorCode);
    if (this.#most > 0) this.#entries.push(entry);
    if (this.#entries.length > 2 * this.#most) this.#entries = this.#entries.slice(-this.#most);
    this.#listener?.(entry);
  }

  /** A copy of the counts. */
  counts(): AccessCounts {
    return structuredClone({ requests: this.#requests, byOperation: this.#byOperation, byBucket: this.#byBucket, byError: this.#byError });
  }

  /** The kept requests, the oldest first. */
  entries(): readonly AccessLogEntry[] {
    return this.#most === 0 ? [] : this.#entries.slice(-this.#most);
  }

  /** Sets all counts to nothing and forgets the entries. */
  reset(): void {
    this.#entries = [];
    this.#requests = 0;
    this.#byOperation = {};
    this.#byBucket = {};
    this.#byError = {};
  }
}
