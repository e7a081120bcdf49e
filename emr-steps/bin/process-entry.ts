/** Binds a program to its process: signals, streams, exit code. */
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../hadoop/environment.ts';
import { errorLines, StoppedError } from './explain-error.ts';
import type { ProgramMain } from './program.ts';

/** What is used of a process. */
export interface ProcessLike {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** The parent's number; another one when the parent has gone. */
  readonly ppid: number;
  on(event: string, listener: (value: unknown) => void): unknown;
  exit(code: number): unknown;
}

/** Hadoop sends SIGQUIT, which would end Node at once, then SIGTERM, then kills. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

/** Milliseconds that a program has to end in, once it is told to. */
const GRACE = 1_000;

/** Starts the program and ends the process with its exit code, whatever is still open. */
export function startProcess(main: ProgramMain, host: ProcessLike): void {
  const stop = new AbortController();
  const parent = host.ppid;
  for (const [name, number] of Object.entries(SIGNALS)) {
    host.on(name, () => {
      const stopped = new StoppedError(name, number);
      stop.abort(stopped);
      setTimeout(() => host.exit(stopped.exitCode), GRACE).unref();
    });
  }
  host.on('uncaughtException', (error) => {
    for (const line of errorLines('uncaught', error)) host.stderr.write(`${line}\n`);
    host.exit(1);
  });
  void main(host.argv.slice(2), host.env, host.stdin, host.stdout, host.stderr, { signal: stop.signal, isFed: () => host.ppid === parent }).then((code) =>
    host.exit(code),
  );
}
