/** HTTP as a function that is given: this room opens no connection of its own. The transport of the room `s3` has this form. */

/** A request, as it goes over the wire. */
export interface HttpQuestion {
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** The head of an answer, and its body. */
export interface HttpReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { bytes(): Promise<Uint8Array> };
}

/** Sends a request; the signal ends it. */
export type SendHttp = (question: HttpQuestion, signal: AbortSignal) => Promise<HttpReply>;
