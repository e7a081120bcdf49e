/**
 * Rows in byte order, by the system's `sort`, which spills to temporary files: what Hadoop's shuffle does for a reducer, for a pipe in a
 * shell. A row's column ends at a TAB, which sorts before every other byte that a column may hold, so the rows of a key stand together.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Environment } from '../hadoop/environment.ts';

/** `sort` is missing, or failed. */
export class SortFailedError extends Error {
  override readonly name = 'SortFailedError';
  readonly code = 'SORT_FAILED';
  readonly retryable = true;
}

/** The rows of `stdin`, sorted. The stream ends only when `sort` has ended well, and fails with a {@link SortFailedError} where it does not. */
export function sortedInput(stdin: Readable, env: Environment, signal: AbortSignal): Readable {
  return Readable.from(sorted(stdin, env, signal), { objectMode: false });
}

async function* sorted(stdin: Readable, env: Environment, signal: AbortSignal): AsyncGenerator<Buffer, void, void> {
  const sort = spawn('sort', { env: { ...env, LC_ALL: 'C' } as NodeJS.ProcessEnv, stdio: ['pipe', 'pipe', 'pipe'] });
  const onAbort = (): void => void sort.kill();
  signal.addEventListener('abort', onAbort, { once: true });
  const ended = endOf(sort);
  const fed = pipeline(stdin, sort.stdin).catch((error: unknown) => error);
  try {
    for await (const chunk of sort.stdout) yield chunk as Buffer;
    const [failure, inputFailure] = await Promise.all([ended, fed]);
    if (failure !== null) throw failure;
    if (inputFailure !== undefined) throw inputFailure;
  } finally {
    signal.removeEventListener('abort', onAbort);
    sort.kill();
  }
}

/** Why the process did not do its work; null where it did. */
async function endOf(sort: ChildProcessWithoutNullStreams): Promise<SortFailedError | null> {
  let said = '';
  sort.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-500);
  });
  return await new Promise((resolve) => {
    sort.on('error', (error: NodeJS.ErrnoException) => resolve(new SortFailedError(`sort cannot be started (${error.code}); it must be on the PATH`)));
    sort.on('close', (code, killed) => {
      const end = killed === null ? `ended with code ${code}` : `was ended by ${killed}`;
      resolve(code === 0 ? null : new SortFailedError(`sort ${end}${said === '' ? '' : `: ${said.trim()}`}`));
    });
  });
}
