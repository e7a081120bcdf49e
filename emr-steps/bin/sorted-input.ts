/**
 * Rows in byte order, by the system's `sort`, which spills to temporary files: what Hadoop's shuffle does for a reducer, for a pipe in a
 * shell. A row's column ends at a TAB, which sorts before every other byte that a column may hold, so the rows of a key stand together.
 */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Environment } from '../hadoop/environment.ts';

/** `sort` is missing, or failed. */
export class SortFailedError extends Error {
  override readonly name = 'SortFailedError';
  readonly code = 'SORT_FAILED';
  readonly retryable = true;
}

/** The rows of `stdin`, sorted. The stream fails with a {@link SortFailedError} where `sort` does. */
export function sortedInput(stdin: Readable, env: Environment, signal: AbortSignal): Readable {
  const sort = spawn('sort', { env: { ...env, LC_ALL: 'C' } as NodeJS.ProcessEnv, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  const fail = (why: string): void => void sort.stdout.destroy(new SortFailedError(`sort ${why}${said === '' ? '' : `: ${said.trim()}`}`));
  const onAbort = (): void => void sort.kill();
  signal.addEventListener('abort', onAbort, { once: true });
  sort.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-500);
  });
  sort.on('error', (error: NodeJS.ErrnoException) => fail(`cannot be started (${error.code}); it must be on the PATH`));
  sort.on('exit', (code, killed) => {
    signal.removeEventListener('abort', onAbort);
    if (code !== 0) fail(killed === null ? `ended with code ${code}` : `was ended by ${killed}`);
  });
  pipeline(stdin, sort.stdin).catch((error: Error) => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') sort.stdout.destroy(error);
  });
  return sort.stdout;
}
