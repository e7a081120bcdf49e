/** A task's attempts, one after the other, until one ends well or none is left. */
import { join } from 'node:path';
import { AttemptFailedError } from './attempt-failed.ts';
import { AttemptLog } from './attempt-log.ts';
import { type FaultsOnOrder, NodeLostError } from './cluster-faults.ts';
import type { InputSplit } from './input-splits.ts';
import type { JobOutput } from './job-output.ts';
import { ReporterLines } from './reporter-lines.ts';
import { makeSandbox, programIn, removeSandbox, type SandboxLink } from './sandbox.ts';
import type { AttemptTally, StepTally } from './step-tally.ts';
import type { StreamingJob } from './streaming-job.ts';
import { taskEnvironment } from './task-environment.ts';
import { attemptName, type JobId, type TaskId, type TaskKind } from './task-id.ts';
import { runTaskProcess } from './task-process.ts';

/** What all tasks of a job share. */
export interface JobFacts {
  readonly id: JobId;
  readonly job: StreamingJob;
  readonly workDirectory: string;
  readonly logDirectory: string | null;
  readonly concurrentTasks: number;
  readonly sortMemoryBytes: number;
  readonly nodeEnvironment: Readonly<Record<string, string>>;
  readonly links: readonly SandboxLink[];
  readonly output: JobOutput;
  /** Number of map tasks. */
  readonly maps: number;
  /** Containers begun so far. */
  readonly containers: { last: number };
  readonly onAttemptFailed: (failure: AttemptFailure) => void;
  /** Null: nothing happens to attempts. */
  readonly faults: FaultsOnOrder | null;
  /** Attempts whose nodes were lost, until their programs end. */
  readonly orphans: Set<Promise<unknown>>;
}

/** An attempt that failed and may be tried again. */
export interface AttemptFailure {
  readonly attempt: string;
  readonly cause: string;
  /** Last lines of its standard error. */
  readonly log: string;
}

/** All attempts of a task failed, and so the job. */
export class TaskFailedError extends Error {
  override readonly name = 'TaskFailedError';
  readonly code = 'TASK_FAILED';
  readonly retryable = true;
  /** Of the last attempt. */
  readonly log: string;

  constructor(failure: AttemptFailure, attempts: number) {
    super(`${failure.attempt} was the last of ${attempts} attempts: ${failure.cause}`);
    this.log = failure.log;
  }
}

/** What one attempt takes in and gives out. `T` is what a finished task leaves to the job. */
export interface TaskAttemptWork<T> {
  readonly input: AsyncIterable<Buffer>;
  write(chunk: Buffer): Promise<void> | void;
  /** Commits the attempt. */
  finish(): Promise<T>;
  /** Lets go of everything; nothing of the attempt is kept. */
  discard(): Promise<void>;
}

/** A task, which makes the work of each of its attempts. */
export interface Task<T> {
  readonly kind: TaskKind;
  readonly partition: number;
  /** What a mapper reads; null for a reducer. */
  readonly split: InputSplit | null;
  /** Null: the input itself is the output. */
  readonly command: readonly string[] | null;
  /** False: what the program writes and counts goes nowhere. */
  readonly heeded: boolean;
  begin(attempt: string, tally: AttemptTally): TaskAttemptWork<T>;
}

/** Runs attempts up to `mapreduce.{map,reduce}.maxattempts`. @throws TaskFailedError, or the signal's reason */
export async function runAttempts<T>(task: Task<T>, facts: JobFacts, tally: StepTally, signal: AbortSignal): Promise<T> {
  const attempts = Math.max(facts.job.properties.count(`mapreduce.${task.kind === 'm' ? 'map' : 'reduce'}.maxattempts`), 1);
  for (let number = 0, failures = 0; ; number += 1) {
    const attempt = new Attempt(task, facts, number);
    const counts = tally.begin();
    try {
      const result = await attempt.run(counts, signal);
      counts.finished = true;
      return result;
    } catch (error) {
      tally.forget(counts);
      signal.throwIfAborted();
      const failure = { attempt: attempt.name, cause: causeOf(error), log: attempt.log.tail };
      facts.onAttemptFailed(failure);
      if (!(error instanceof NodeLostError)) failures += 1;
      if (failures >= attempts) throw new TaskFailedError(failure, attempts);
    }
  }
}

function causeOf(error: unknown): string {
  if (error instanceof AttemptFailedError || error instanceof NodeLostError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

class Attempt<T> {
  readonly name: string;
  readonly log: AttemptLog;
  readonly #task: Task<T>;
  readonly #id: TaskId;
  readonly #facts: JobFacts;
  readonly #number: number;
  readonly #directory: string;
  readonly #lost = Promise.withResolvers<never>();
  #state: 'running' | 'orphaned' | 'committing' = 'running';

  constructor(task: Task<T>, facts: JobFacts, number: number) {
    this.#task = task;
    this.#id = { job: facts.id, kind: task.kind, partition: task.partition };
    this.#facts = facts;
    this.#number = number;
    this.name = attemptName(this.#id, number);
    this.log = new AttemptLog(facts.logDirectory === null ? null : join(facts.logDirectory, `${this.name}.log`));
    this.#directory = join(facts.workDirectory, this.name);
  }

  /** Ends with the attempt, or when its node is lost. */
  run(tally: AttemptTally, signal: AbortSignal): Promise<T> {
    const whole = this.#whole(tally, signal);
    if (this.#facts.faults === null) return whole;
    whole.catch(() => undefined).finally(() => this.#facts.orphans.delete(whole));
    return Promise.race([whole, this.#lost.promise]).finally(() => {
      if (this.#state === 'orphaned') this.#facts.orphans.add(whole);
    });
  }

  async #whole(tally: AttemptTally, signal: AbortSignal): Promise<T> {
    const work = this.#task.begin(this.name, tally);
    try {
      if (this.#task.command === null) for await (const chunk of work.input) await work.write(chunk);
      else await this.#process(this.#task.command, work, tally, signal);
      signal.throwIfAborted();
      if (this.#state === 'orphaned') throw new NodeLostError();
      this.#state = 'committing';
      return await work.finish();
    } catch (error) {
      await work.discard();
      throw error;
    } finally {
      await this.log.written();
      await removeSandbox(this.#directory);
    }
  }

  async #process(command: readonly string[], work: TaskAttemptWork<T>, tally: AttemptTally, signal: AbortSignal): Promise<void> {
    const { job } = this.#facts;
    await makeSandbox(this.#directory, this.#facts.links);
    const lines = new ReporterLines({
      prefix: job.properties.text('stream.stderr.reporter.prefix', 'reporter:'),
      counter: (group, name, amount) => {
        if (this.#isHeeded) tally.count(group, name, amount);
      },
      status: () => undefined,
      log: (text) => this.log.add(text),
    });
    let spare: (() => void) | undefined;
    await runTaskProcess({
      command: [await programIn(this.#directory, command[0] as string), ...command.slice(1)],
      directory: this.#directory,
      env: this.#environment(),
      timeoutMilliseconds: job.properties.count('mapreduce.task.timeout'),
      exitCodeCounts: job.properties.flag('stream.non.zero.exit.is.failure', true),
      signal,
      input: work.input,
      output: (chunk) => (this.#isHeeded ? work.write(chunk) : undefined),
      errorOutput: (chunk) => lines.push(chunk),
      onStarted: (kill) => {
        spare = this.#facts.faults?.endanger({ kill, orphan: () => this.#orphan() });
      },
    }).finally(() => {
      spare?.();
      lines.end();
    });
  }

  get #isHeeded(): boolean {
    return this.#task.heeded && this.#state !== 'orphaned';
  }

  #orphan(): void {
    if (this.#state !== 'running') return;
    this.#state = 'orphaned';
    this.#lost.reject(new NodeLostError());
  }

  #environment(): Record<string, string> {
    this.#facts.containers.last += 1;
    return taskEnvironment({
      job: this.#facts.job,
      task: this.#id,
      attempt: this.#number,
      container: this.#facts.containers.last,
      maps: this.#facts.maps,
      split: this.#task.split,
      directory: this.#directory,
      outputDirectory: this.#facts.output.attemptDirectory(this.name),
      node: this.#facts.nodeEnvironment,
    });
  }
}
