/** What an operation answers, before it is written to a connection: a value, so that it can be looked at, delayed or damaged on the way. */
import type { Content } from './content.ts';
import type { ServiceError } from './service-error.ts';
import { elements, XML_DECLARATION } from './xml-write.ts';

/** A piece of a content. */
export interface ContentRange {
  readonly content: Content;
  /** The first byte. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/** A body of several pieces, some of them in memory that is used again. */
export interface PiecedBody {
  readonly pieces: readonly Uint8Array[];
  /** Called once, when the pieces were sent or cannot be sent any more. */
  release(): void;
}

/** One answer. A text body holds bytes, one character each; its length becomes the content-length unless the headers name one (as for HEAD). */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ContentRange | PiecedBody | null;
  /** Written as a broken connection or server would: without an answer, cut in half, one bit changed. */
  readonly damage?: 'reset' | 'truncated' | 'corrupted';
}

/** A 200 (or another status) with an XML document. */
export function xmlAnswer(xml: string, headers: Readonly<Record<string, string>> = {}, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body: xml };
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: null };
}

/** A refusal as S3 writes it. `NotModified` has no body, and neither has the answer to HEAD, which the writer sees to. */
export function errorAnswer(error: ServiceError, requestId: string, hostId: string): Answer {
  if (error.status === 304) return emptyAnswer(304, error.headers);
  const body = elements({ Code: error.code, Message: error.message, ...error.elements, RequestId: requestId, HostId: hostId });
  return xmlAnswer(`${XML_DECLARATION}<Error>${body}</Error>`, error.headers, error.status);
}
