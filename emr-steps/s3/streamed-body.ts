/** The body of an open answer: counted, its errors named, its time limit ended with it. */
import type { TimeLimit } from './time-limit.ts';
import type { AnswerBody, HttpAnswer } from './transport.ts';

/** Thrown when a body ends early without the transport's noticing; `failureOf` names it. */
class ShortBodyError extends Error {
  readonly code = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
}

/** Wraps the body of an answer. */
export class StreamedBody implements AnswerBody {
  private readonly body: AnswerBody;
  private readonly limit: TimeLimit;
  private readonly translate: (error: unknown) => unknown;
  private readonly expected: number | null;

  constructor(answer: HttpAnswer, limit: TimeLimit, translate: (error: unknown) => unknown) {
    this.body = answer.body;
    this.limit = limit;
    this.translate = translate;
    const length = answer.headers['content-length'];
    this.expected = length === undefined ? null : Number(length);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    let count = 0;
    try {
      for await (const chunk of this.body) {
        count += chunk.length;
        yield chunk;
      }
      this.checkLength(count);
    } catch (error) {
      throw this.translate(error);
    } finally {
      this.limit.end();
    }
  }

  async bytes(): Promise<Uint8Array> {
    try {
      const bytes = await this.body.bytes();
      this.checkLength(bytes.length);
      return bytes;
    } catch (error) {
      throw this.translate(error);
    } finally {
      this.limit.end();
    }
  }

  async discard(): Promise<void> {
    this.limit.end();
    await this.body.discard();
  }

  private checkLength(count: number): void {
    if (this.expected !== null && count !== this.expected) throw new ShortBodyError(`${count} of ${this.expected} bytes came`);
  }
}
