/** A program of a step in a pipe, as in a shell: lines in, lines out to a file or to our standard output, reports on standard error. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { ReporterLines } from '../../infra/local/cluster/reporter-lines.ts';
import type { StepProgress } from '../../workflows/events/run-event.ts';
import type { Host } from '../host.ts';
import { openOutput } from './output-file.ts';

/** What is run. */
export interface Pipe {
  readonly command: readonly [string, ...string[]];
  /** All of standard input. */
  readonly input: string;
  /** File of standard output; undefined: ours. */
  readonly output: string | undefined;
  readonly host: Host;
  readonly onProgress: (progress: StepProgress) => void;
}

/** How it ended. */
export interface PipeEnd {
  /** Null: well. */
  readonly cause: string | null;
  /** Last lines of standard error that were no reports. */
  readonly log: string;
  readonly progress: StepProgress;
}

/** Characters of standard error that are kept. */
const LOG_CHARACTERS = 8192;

/** Counters that tell the progress, by the names that every program gives them. */
const PROGRESS = { 'records in': 'recordsIn', 'records out': 'recordsOut', bytes: 'bytes' } as const;

/** Runs the program to its end. @throws PreflightError where the file cannot be written */
export async function pipeProgram({ command: [program, ...words], input, output, host, onProgress }: Pipe): Promise<PipeEnd> {
  const file = output === undefined ? null : await openOutput(output);
  let progress: StepProgress = { recordsIn: 0, recordsOut: 0, bytes: 0, total: null };
  let log = '';
  const reports = new ReporterLines({
    prefix: 'reporter:',
    counter: (_, name, amount) => {
      if (!Object.hasOwn(PROGRESS, name)) return;
      const member = PROGRESS[name as keyof typeof PROGRESS];
      progress = { ...progress, [member]: progress[member] + amount };
      onProgress(progress);
    },
    status: () => {},
    log: (lines) => {
      log = (log + lines).slice(-LOG_CHARACTERS);
    },
  });
  try {
    const stdio = ['pipe', file?.fd ?? host.stdoutDescriptor, 'pipe'] as const;
    const child = spawn(program, words, { stdio: [...stdio], env: host.env }) as ChildProcessByStdio<Writable, null, Readable>;
    const kill = () => child.kill('SIGTERM');
    host.signal.addEventListener('abort', kill, { once: true });
    child.stderr.on('data', (chunk: Buffer) => reports.push(chunk));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    host.signal.removeEventListener('abort', kill);
    reports.end();
    return { cause: code === 0 ? null : signal === null ? `exit code ${code}` : `killed by ${signal}`, log, progress };
  } finally {
    await file?.close();
  }
}
