/** Asks a service over HTTP with limits in time and number; what passes by itself is asked again, further apart each time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpQuestion, SendHttp } from './http-send.ts';

/** How long, and how often. */
export interface Patience {
  readonly attempts: number;
  /** Milliseconds for one attempt, head and body. */
  readonly timeoutMilliseconds: number;
  /** Milliseconds before the second attempt at most; twice as many before each further one. The pause is drawn between none and that. */
  readonly pauseMilliseconds: number;
}

/** On a cluster's node, where many programs ask the metadata service at once and giving up costs a task: half a minute and more. */
export const PATIENT: Patience = { attempts: 6, timeoutMilliseconds: 5_000, pauseMilliseconds: 500 };
/** Where there may be no metadata service at all and a person waits: two seconds. */
export const IMPATIENT: Patience = { attempts: 2, timeoutMilliseconds: 1_000, pauseMilliseconds: 100 };

/** An answer with its whole body. */
export interface WholeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** No attempt was answered. The message names the address and the system's code, nothing that was sent. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly code = 'NO_ANSWER';
  readonly retryable = true;

  constructor(origin: string, attempts: number, error: unknown) {
    super(`no answer from ${origin} in ${attempts} attempts (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error.name === 'TimeoutError') return 'timed out';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** Whether the service may answer otherwise in a moment. */
function isOverloaded({ status }: WholeReply): boolean {
  return status === 429 || status >= 500;
}

/**
 * The first answer that does not pass by itself, or the last one.
 *
 * @param isPassing - whether to ask again; default: 429 and 5xx
 * @throws {NoAnswerError} when the last attempt had none
 */
export async function ask(send: SendHttp, question: HttpQuestion, patience: Patience, isPassing = isOverloaded): Promise<WholeReply> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt >= patience.attempts;
    try {
      const reply = await once(send, question, patience.timeoutMilliseconds);
      if (isLast || !isPassing(reply)) return reply;
    } catch (error) {
      if (isLast) throw new NoAnswerError(question.origin, attempt, error);
    }
    await sleep(Math.random() * patience.pauseMilliseconds * 2 ** (attempt - 1));
  }
}

async function once(send: SendHttp, question: HttpQuestion, timeoutMilliseconds: number): Promise<WholeReply> {
  const { status, headers, body } = await send(question, AbortSignal.timeout(timeoutMilliseconds));
  return { status, headers, text: Buffer.from(await body.bytes()).toString('utf8') };
}
