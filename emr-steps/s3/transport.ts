/** HTTP as one function, so that it can be replaced and tested: one request, one answer, its body as bytes. */

import type { AbortSource } from './abort-source.ts';
import type { AnswerMemory } from './answer-memory.ts';

/** What a request may carry: bytes, or a stream whose length stands in the header `content-length`. */
export type TransportBody = Uint8Array | AsyncIterable<Uint8Array>;

/** A request as it goes over the wire; nothing is added to it but `connection` and `content-length`. */
export interface SignedRequest {
  readonly method: string;
  /** Scheme, host and port, such as `http://127.0.0.1:9000`. */
  readonly origin: string;
  /** Path with query, sent byte for byte. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: TransportBody | null;
  /** Where a whole answer is put, which whoever reads it gives back; fresh memory unless given. */
  readonly memory?: AnswerMemory | undefined;
}

/** Bytes of an answer. Read it once: by iterating, by `bytes`, or not at all by `discard`. */
export interface AnswerBody extends AsyncIterable<Uint8Array> {
  /** The whole body. Fails as the iteration does. */
  bytes(): Promise<Uint8Array>;
  /** Gives the body up; a connection with unread bytes is closed. */
  discard(): Promise<void>;
}

/** The head of an answer, and its body as it comes in. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; values as latin1, one sign a byte. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

/** Sends a request. The signal ends the request and the body; its reason is what is thrown. */
export type Transport = (request: SignedRequest, signal: AbortSource) => Promise<HttpAnswer>;

export { type UndiciTransportOptions, undiciTransport } from './undici-transport.ts';
