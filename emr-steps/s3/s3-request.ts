/** What an operation asks the client to send, and what it gets back. */
import type { AnswerMemory } from './answer-memory.ts';
import type { AnswerBody } from './transport.ts';

/** A body of known size that is produced while it is sent. A function is called once an attempt, so its request can be retried. */
export interface StreamBody {
  readonly stream: AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);
  /** Bytes that the stream gives. */
  readonly size: number;
  /** MD5 of the bytes in Base64, where it is known. Without it no Content-MD5 is sent, which a bucket with Object Lock refuses. */
  readonly md5Base64?: string | undefined;
}

/** What a request carries. */
export type RequestBody = Uint8Array | StreamBody;

/** One request of S3's REST interface, before endpoint, signature and retries. */
export interface S3Request {
  /** Name of the operation, such as `CopyObject`; it stands in errors and events. */
  readonly operation: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The whole key; null for a request to the bucket. */
  readonly key: string | null;
  /** In canonical form as `queryString` makes it; none unless given. */
  readonly query?: string;
  /** Lower-case names; values latin1. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody | null;
  /**
   * Name of the answer's root element. An answer 2xx with another root or without its end is a failure: S3 may answer 200 with `<Error>`
   * (CopyObject, UploadPartCopy, CompleteMultipartUpload), after blanks that keep the connection alive. `*`: any but `Error`.
   */
  readonly root?: string;
  /** Bytes that S3 or the connection must move before the answer is complete; the time limit grows with them. */
  readonly payloadBytes?: number;
  /** The key or prefix whose rate is lowered when S3 asks for it; the key unless given. */
  readonly pacedBy?: string;
  /** Where a whole answer is put; fresh memory unless given. */
  readonly memory?: AnswerMemory;
}

/** A whole answer. */
export interface S3Answer {
  readonly status: number;
  /** Lower-case names; values latin1. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** How often the request was sent; above 1 an earlier attempt may have done the work. */
  readonly attempts: number;
}

/** An answer whose body is still coming. The time limit runs until the body is read or given up. */
export interface S3OpenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
  readonly attempts: number;
}

/** One attempt, for statistics. */
export interface RequestEvent {
  readonly operation: string;
  readonly bucket: string;
  /** 1 first. */
  readonly attempt: number;
  /** 0 without an answer. */
  readonly status: number;
  /** The error's code; null when the attempt succeeded. */
  readonly code: string | null;
  /** From sending to the whole answer (to its head, for a body that is streamed). */
  readonly milliseconds: number;
}
