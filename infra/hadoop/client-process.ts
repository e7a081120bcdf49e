/** One client of Hadoop or Hive as a child process: what it says is kept, and it ends when it is told to. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a client is given. */
export interface ClientOptions {
  readonly command: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Hears each line of both outputs. Default: nobody. */
  readonly onLine?: (line: string) => void;
}

/** How it ended. */
export interface ClientEnd {
  /** 128 and the signal's number where one ended it; 127 where it could not be started. */
  readonly code: number;
  /** Its last lines. */
  readonly log: string;
}

/** Characters of the output that are kept. */
const LOG_CHARACTERS = 16_000;

/** What a client gets between SIGTERM and SIGKILL: Hive closes its session. */
const GRACE_MILLISECONDS = 5_000;

/** Runs it to its end; an abort ends it. */
export async function runClient({ command, directory, env, signal, onLine }: ClientOptions): Promise<ClientEnd> {
  const [program = '', ...words] = command;
  const child = spawn(program, words, { cwd: directory, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const keep = (text: string): void => {
    log = (log + text).slice(-LOG_CHARACTERS);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', keep);
    // Each by itself: two outputs may be in the middle of a line at once.
    if (onLine !== undefined) createInterface({ input: stream }).on('line', onLine);
  }
  const ended = new Promise<number>((resolve) => {
    child.once('error', ({ message }) => {
      keep(`${message}\n`);
      resolve(127);
    });
    child.once('close', (code, signalName) => resolve(code ?? 128 + (signalName === null ? 0 : constants.signals[signalName])));
  });
  const stop = (): void => void terminate(child.pid, ended);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return { code: await ended, log };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Ends the whole group: `hadoop` and `hive` are scripts that start Java. */
async function terminate(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  kill(pid, 'SIGTERM');
  await Promise.race([ended, sleep(GRACE_MILLISECONDS, undefined, { ref: false })]);
  kill(pid, 'SIGKILL');
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
