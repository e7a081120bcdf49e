/** A program of a step in a pipe, as in a shell but in this process: lines in, lines out to a file or to our standard output, its reports heard. */
import { writeFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import type { ProgramMain } from '../../emr-steps/bin/program.ts';
import { ReporterLines } from '../../infra/local/cluster/reporter-lines.ts';
import type { StepProgress } from '../../workflows/events/run-event.ts';
import type { Host } from '../host.ts';
import { openOutput } from './output-file.ts';

/** What is run. */
export interface Pipe {
  readonly program: ProgramMain;
  /** As a cluster would give them. */
  readonly args: readonly string[];
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
export async function pipeProgram({ program, args, input, output, host, onProgress }: Pipe): Promise<PipeEnd> {
  const file = output === undefined ? null : await openOutput(output);
  try {
    const reports = new ProgramReports(onProgress);
    const stdout = file === null ? host.stdout : fileWriter(file.fd);
    const code = await program(args, host.env, Readable.from([Buffer.from(input)]), stdout, reports.stderr, { signal: host.signal });
    return { cause: code === 0 ? null : `exit code ${code}`, ...reports.end() };
  } finally {
    await file?.close();
  }
}

/** Written at once, as Node writes standard output to a file: nothing is under way when the file is closed. */
function fileWriter(descriptor: number): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      try {
        writeFileSync(descriptor, chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** What a program says on standard error: its counters, and a log. */
class ProgramReports {
  #progress: StepProgress = { recordsIn: 0, recordsOut: 0, bytes: 0, total: null };
  #log = '';
  readonly #lines: ReporterLines;
  /** The program's standard error. */
  readonly stderr: Writable;

  constructor(onProgress: (progress: StepProgress) => void) {
    this.#lines = new ReporterLines({
      prefix: 'reporter:',
      counter: (_, name, amount) => {
        if (!Object.hasOwn(PROGRESS, name)) return;
        const member = PROGRESS[name as keyof typeof PROGRESS];
        this.#progress = { ...this.#progress, [member]: this.#progress[member] + amount };
        onProgress(this.#progress);
      },
      status: () => {},
      log: (lines) => {
        this.#log = (this.#log + lines).slice(-LOG_CHARACTERS);
      },
    });
    this.stderr = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#lines.push(chunk);
        done();
      },
    });
  }

  /** All that was said, when no more comes. */
  end(): Omit<PipeEnd, 'cause'> {
    this.#lines.end();
    return { log: this.#log, progress: this.#progress };
  }
}
