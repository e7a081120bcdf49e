/**
 * The cluster of one machine: runs the steps' command lines as Hadoop would, with processes in sandbox directories. It says aloud which
 * arguments it ignores, and refuses what would change the rows and what it does not know.
 */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventSink, RunEvent, RunEventBody, StepProgress } from '../../../workflows/events/run-event.ts';
import type { Cluster, ClusterStep, StepOutcome } from '../../../workflows/plan/cluster-step.ts';
import { type ClusterFaults, FaultsOnOrder } from './cluster-faults.ts';
import { JobRefusedError } from './job-refused.ts';
import { JobRun } from './job-run.ts';
import { nodeEnvironment } from './node-environment.ts';
import { TaskFailedError } from './task-attempts.ts';

/** Runs a `hive-script` step: its words after `hive-script`. It sends no `step.started` and no `step.finished` of its own. */
export type HiveScriptRunner = (words: readonly string[], signal: AbortSignal, step: ClusterStep) => Promise<StepOutcome>;

/** What a local cluster is made of; everything has a default. */
export interface LocalClusterOptions {
  /** Hears of each step from `step.started` to `step.finished` or `step.failed`. Default: nobody. */
  readonly events?: EventSink;
  /** Directory for sandboxes and the shuffle, on a disk with room for the rows of a step. Default: a new one in the system's temporary directory. */
  readonly workDirectory?: string;
  /** Directory that gets what attempts wrote to standard error, as `<step>/<attempt>.log`. Default null: only the last lines are kept. */
  readonly logDirectory?: string | null;
  /** Tasks that run at once. Default: the cores of the machine. */
  readonly concurrentTasks?: number;
  /** Bytes of a map task's rows that are sorted at once. Default 32 MiB. */
  readonly sortMemoryBytes?: number;
  /** Environment of every task below Hadoop's own variables. Default {@link nodeEnvironment} of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: `hive-script` steps are refused. */
  readonly hiveScript?: HiveScriptRunner;
  /** Hears a streaming step's counters, by group and name, when it has ended well. Default: nobody. */
  readonly onCounters?: (step: string, counters: ReadonlyMap<string, ReadonlyMap<string, number>>) => void;
  /** What happens to attempts. Default: nothing. */
  readonly faults?: ClusterFaults;
  /** Milliseconds between `step.progress` events. Default 500. */
  readonly progressMilliseconds?: number;
}

/** A cluster on this machine; several steps may run at once. */
export function localCluster(options: LocalClusterOptions = {}): Cluster {
  return new LocalCluster(options);
}

const NO_PROGRESS: StepProgress = { recordsIn: 0, recordsOut: 0, bytes: 0, total: null };

class LocalCluster implements Cluster {
  readonly #options: LocalClusterOptions;
  readonly #began = Date.now();
  readonly #knownRecords = new Map<string, number>();
  readonly #faults: FaultsOnOrder | null;
  readonly #orphans = new Set<Promise<unknown>>();
  #jobs = 0;
  #workDirectory: Promise<string> | null = null;

  constructor(options: LocalClusterOptions) {
    this.#options = options;
    this.#faults = options.faults === undefined ? null : new FaultsOnOrder(options.faults);
  }

  async run(step: ClusterStep, signal: AbortSignal): Promise<StepOutcome> {
    const began = performance.now();
    this.#tell({ type: 'step.started', step: step.name, args: step.args });
    const { outcome, progress } = await this.#dispatch(step, signal);
    const seconds = (performance.now() - began) / 1000;
    if (outcome.status === 'completed') this.#tell({ type: 'step.finished', step: step.name, progress, seconds });
    if (outcome.status === 'failed') this.#tell({ type: 'step.failed', step: step.name, cause: outcome.cause, log: outcome.log });
    return outcome;
  }

  /** Waits for orphans, and removes what jobs needed. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#orphans);
    if (this.#workDirectory !== null) await rm(await this.#workDirectory, { recursive: true, force: true });
  }

  #tell(event: RunEventBody): void {
    this.#options.events?.({ at: new Date().toISOString(), ...event } as RunEvent);
  }

  async #dispatch(step: ClusterStep, signal: AbortSignal): Promise<{ readonly outcome: StepOutcome; readonly progress: StepProgress }> {
    const [program, ...words] = step.args;
    if (program === 'hadoop-streaming') return await this.#streaming(step, words, signal);
    const { hiveScript } = this.#options;
    if (program === 'hive-script' && hiveScript !== undefined)
      return { outcome: await outcomeOf(signal, () => hiveScript(words, signal, step)), progress: NO_PROGRESS };
    const cause = `the local cluster cannot run ${JSON.stringify(program ?? '')}; it runs hadoop-streaming${hiveScript === undefined ? '' : ' and hive-script'}`;
    return { outcome: { status: 'failed', cause, log: '' }, progress: NO_PROGRESS };
  }

  async #streaming(
    step: ClusterStep,
    words: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly outcome: StepOutcome; readonly progress: StepProgress }> {
    const job = await this.#job(step.name);
    let shown = JSON.stringify(NO_PROGRESS);
    const timer = setInterval(() => {
      const progress = job.progress;
      if (JSON.stringify(progress) === shown) return;
      shown = JSON.stringify(progress);
      this.#tell({ type: 'step.progress', step: step.name, progress });
    }, this.#options.progressMilliseconds ?? 500);
    try {
      const outcome = await outcomeOf(signal, async () => {
        await job.run(words, signal);
        this.#options.onCounters?.(step.name, job.counters);
        return { status: 'completed' };
      });
      return { outcome, progress: job.progress };
    } finally {
      clearInterval(timer);
    }
  }

  async #job(step: string): Promise<JobRun> {
    this.#jobs += 1;
    const id = { cluster: this.#began, number: this.#jobs };
    this.#workDirectory ??= this.#makeWorkDirectory();
    const { logDirectory = null } = this.#options;
    return new JobRun({
      id,
      workDirectory: join(await this.#workDirectory, `job-${id.number}`),
      logDirectory: logDirectory === null ? null : join(logDirectory, step),
      concurrentTasks: this.#options.concurrentTasks ?? availableParallelism(),
      sortMemoryBytes: this.#options.sortMemoryBytes ?? 32 * 1024 * 1024,
      nodeEnvironment: this.#options.environment ?? nodeEnvironment(process.env),
      knownRecords: this.#knownRecords,
      faults: this.#faults,
      orphans: this.#orphans,
      onIgnored: ({ argument, reason }) => this.#tell({ type: 'step.ignored-argument', step, argument, reason }),
      onAttemptFailed: ({ attempt, cause, log }) => this.#tell({ type: 'step.attempt-failed', step, taskAttempt: attempt, cause, log }),
    });
  }

  async #makeWorkDirectory(): Promise<string> {
    const base = this.#options.workDirectory ?? tmpdir();
    await mkdir(base, { recursive: true });
    return await realpath(await mkdtemp(join(base, 'cluster-')));
  }
}

/** How the work ended, in the words of an outcome: nothing is thrown, so that a step always has an end. */
async function outcomeOf(signal: AbortSignal, work: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return { status: 'cancelled' };
    if (error instanceof TaskFailedError || error instanceof JobRefusedError)
      return { status: 'failed', cause: error.message, log: error instanceof TaskFailedError ? error.log : '' };
    return {
      status: 'failed',
      cause: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      log: error instanceof Error ? (error.stack ?? '') : '',
    };
  }
}
