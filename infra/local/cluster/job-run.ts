/** One streaming job from its arguments to `_SUCCESS`. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepProgress } from '../../../workflows/events/run-event.ts';
import type { FaultsOnOrder } from './cluster-faults.ts';
import { ignoredProperties } from './ignored-arguments.ts';
import { inputFiles } from './input-files.ts';
import { bySize, type InputSplit, lineSplits, textSplits } from './input-splits.ts';
import { JobOutput } from './job-output.ts';
import { localPath } from './local-path.ts';
import { MapTask } from './map-task.ts';
import { ReduceTask } from './reduce-task.ts';
import type { Counters } from './reporter-lines.ts';
import { sandboxLinks } from './sandbox.ts';
import type { SpilledRun } from './spill-file.ts';
import { StepTally } from './step-tally.ts';
import { type IgnoredArgument, parseStreamingArguments, type StreamingArguments } from './streaming-arguments.ts';
import { type StreamingJob, streamingJob } from './streaming-job.ts';
import { type AttemptFailure, type JobFacts, runAttempts } from './task-attempts.ts';
import type { JobId } from './task-id.ts';
import { runTasks } from './task-pool.ts';

/** What a job needs of its cluster. */
export interface JobSurroundings {
  readonly id: JobId;
  /** A directory of this job's own, removed when it ends. */
  readonly workDirectory: string;
  /** Directory of the attempts' logs; null for none. */
  readonly logDirectory: string | null;
  readonly concurrentTasks: number;
  readonly sortMemoryBytes: number;
  readonly nodeEnvironment: Readonly<Record<string, string>>;
  /** Records that a directory holds, where a job of this cluster wrote it. */
  readonly knownRecords: Map<string, number>;
  readonly onIgnored: (ignored: IgnoredArgument) => void;
  readonly onAttemptFailed: (failure: AttemptFailure) => void;
  /** Null: nothing happens to attempts. */
  readonly faults: FaultsOnOrder | null;
  /** Attempts whose nodes were lost; they may outlive the job. */
  readonly orphans: Set<Promise<unknown>>;
}

/** A job under way. */
export class JobRun {
  readonly #surroundings: JobSurroundings;
  #tally = new StepTally();
  readonly #mapTally = this.#tally;

  constructor(surroundings: JobSurroundings) {
    this.#surroundings = surroundings;
  }

  get progress(): StepProgress {
    return this.#tally.progress;
  }

  /** Counters of all attempts that ended well. */
  get counters(): Counters {
    const all: Counters = new Map();
    this.#mapTally.addCountersTo(all);
    if (this.#tally !== this.#mapTally) this.#tally.addCountersTo(all);
    return all;
  }

  /**
   * Runs it.
   *
   * @param words - the words after `hadoop-streaming`
   * @throws JobRefusedError, TaskFailedError, or the signal's reason
   */
  async run(words: readonly string[], signal: AbortSignal): Promise<void> {
    const parsed = parseStreamingArguments(words);
    const job = streamingJob(parsed);
    for (const ignored of [...parsed.ignored, ...ignoredProperties(parsed.properties)]) this.#surroundings.onIgnored(ignored);
    try {
      await this.#prepared(parsed, job, signal);
    } finally {
      await this.#cleared();
    }
  }

  /** An orphan still reads from the job's directory: then the cluster removes it when it closes. */
  async #cleared(): Promise<void> {
    if (this.#surroundings.orphans.size === 0) await rm(this.#surroundings.workDirectory, { recursive: true, force: true });
  }

  async #prepared(parsed: StreamingArguments, job: StreamingJob, signal: AbortSignal): Promise<void> {
    const links = await sandboxLinks(parsed.files, parsed.archives, join(this.#surroundings.workDirectory, 'archives'));
    const output = await JobOutput.refuseExisting(parsed.options.output as string);
    const files = await inputFiles(parsed.inputs);
    const splits = await splitsOf(job, files);
    this.#tally.total = this.#known(parsed.inputs);
    const facts: JobFacts = { ...this.#surroundings, job, links, output, maps: splits.length, containers: { last: 1 } };
    await output.begin();
    try {
      await this.#phases(facts, splits, signal);
      await output.succeed();
    } catch (error) {
      await output.abort();
      throw error;
    }
    this.#surroundings.knownRecords.set(output.directory, this.progress.recordsOut);
  }

  async #phases(facts: JobFacts, splits: readonly InputSplit[], signal: AbortSignal): Promise<void> {
    const { job } = facts;
    const runs: (readonly SpilledRun[])[] = [];
    const mapTally = this.#mapTally;
    const maps = splits.map((split, partition) => async (stop: AbortSignal) => {
      runs[partition] = await runAttempts(new MapTask(facts, split, partition), facts, mapTally, stop);
    });
    if (job.reduces > 0) this.#tally = new StepTally();
    await runTasks(maps, limitOf(facts, 'map'), signal);
    if (job.reduces === 0) return;
    this.#tally.total = mapTally.progress.recordsOut;
    const reduces = Array.from({ length: job.reduces }, (_, partition) => async (stop: AbortSignal) => {
      const parts = runs.flat().flatMap((run) => run[partition] ?? []);
      await runAttempts(new ReduceTask(facts, parts, partition), facts, this.#tally, stop);
    });
    await runTasks(reduces, limitOf(facts, 'reduce'), signal);
  }

  #known(inputs: readonly string[]): number | null {
    const counts = inputs.map((input) => this.#surroundings.knownRecords.get(localPath(input)));
    return counts.every((count) => count !== undefined) ? counts.reduce((sum, count) => sum + count, 0) : null;
  }
}

async function splitsOf(job: StreamingJob, files: Awaited<ReturnType<typeof inputFiles>>): Promise<readonly InputSplit[]> {
  if (job.inputFormat.kind === 'n-line') return bySize(await lineSplits(files, job.inputFormat.linesPerMap));
  const { properties } = job;
  return bySize(
    textSplits(files, {
      maps: properties.count('mapreduce.job.maps'),
      leastSize: properties.count('mapreduce.input.fileinputformat.split.minsize'),
      blockSize: properties.count('dfs.blocksize'),
    }),
  );
}

function limitOf(facts: JobFacts, phase: 'map' | 'reduce'): number {
  const limit = facts.job.properties.count(`mapreduce.job.running.${phase}.limit`);
  return limit === 0 ? facts.concurrentTasks : Math.min(limit, facts.concurrentTasks);
}
