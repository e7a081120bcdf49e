/**
 * The cluster of anybody's Hadoop: what EMR's command-runner would be given runs by the clients of an installation, on whatever its client
 * configuration reaches. `hadoop-streaming …` is `hadoop jar hadoop-streaming.jar …`, `hive-script …` is `hive …`.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventSink, RunEvent, RunEventBody } from '../../workflows/events/run-event.ts';
import type { Cluster, ClusterStep, StepOutcome } from '../../workflows/plan/cluster-step.ts';
import type { ClientConfiguration } from './client-configuration.ts';
import { runClient } from './client-process.ts';
import type { HadoopCommands } from './commands.ts';
import { runHiveStep } from './hive-step.ts';
import { NO_PROGRESS } from './job-progress.ts';
import { Jobs } from './jobs.ts';
import { ResourceManager } from './resource-manager.ts';
import { runStreamingStep, type StepEnd } from './streaming-step.ts';
import { webServices } from './web-services.ts';

/** What the cluster is made of. */
export interface HadoopClusterOptions {
  readonly configuration: ClientConfiguration;
  readonly commands: HadoopCommands;
  /** Environment of the clients; `HADOOP_CONF_DIR` is added. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hears of each step from `step.started` to `step.finished` or `step.failed`. Default: nobody. */
  readonly events?: EventSink;
  /** Folder for the clients' working directories. Default: the system's temporary one. */
  readonly workDirectory?: string;
  /** Milliseconds between two looks at a job. Default 2,000. */
  readonly pollMilliseconds?: number;
}

/** A cluster on a Hadoop; several steps may run at once. */
export function hadoopCluster(options: HadoopClusterOptions): Cluster {
  return new HadoopCluster(options);
}

class HadoopCluster implements Cluster {
  readonly #options: HadoopClusterOptions;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #resourceManager: ResourceManager;
  readonly #jobs: Jobs;

  constructor(options: HadoopClusterOptions) {
    this.#options = options;
    this.#env = { ...options.env, HADOOP_CONF_DIR: options.configuration.folder };
    const { user, resourceManager, history } = webServices(options.configuration, options.env);
    this.#resourceManager = new ResourceManager(resourceManager);
    this.#jobs = new Jobs(resourceManager, history, user);
  }

  async run(step: ClusterStep, signal: AbortSignal): Promise<StepOutcome> {
    const began = performance.now();
    this.#tell({ type: 'step.started', step: step.name, args: step.args });
    const { outcome, progress } = await this.#inFolder((directory) => this.#dispatch(step, directory, signal));
    const seconds = (performance.now() - began) / 1000;
    if (outcome.status === 'completed') this.#tell({ type: 'step.finished', step: step.name, progress, seconds });
    if (outcome.status === 'failed') this.#tell({ type: 'step.failed', step: step.name, cause: outcome.cause, log: outcome.log });
    return outcome;
  }

  /** The cluster is somebody else's and goes on. */
  async close(): Promise<void> {}

  #tell(event: RunEventBody): void {
    this.#options.events?.({ at: new Date().toISOString(), ...event } as RunEvent);
  }

  async #inFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
    const base = this.#options.workDirectory ?? tmpdir();
    await mkdir(base, { recursive: true });
    const directory = await mkdtemp(join(base, 'client-'));
    return await work(directory).finally(() => rm(directory, { recursive: true, force: true }));
  }

  async #dispatch(step: ClusterStep, directory: string, signal: AbortSignal): Promise<StepEnd> {
    const { commands } = this.#options;
    const common = { resourceManager: this.#resourceManager, directory, env: this.#env, forceEnd: (id: string) => this.#forceEnd(id, directory) };
    if (signal.aborted) return { outcome: { status: 'cancelled' }, progress: NO_PROGRESS };
    if (step.args[0] === 'hive-script') return { outcome: await runHiveStep(step, { ...common, hive: commands.hive }, signal), progress: NO_PROGRESS };
    if (step.args[0] !== 'hadoop-streaming') {
      const cause = `a Hadoop cluster cannot run ${JSON.stringify(step.args[0] ?? '')}; it runs hadoop-streaming and hive-script`;
      return { outcome: { status: 'failed', cause, log: '' }, progress: NO_PROGRESS };
    }
    return await runStreamingStep(
      step,
      {
        ...common,
        jobs: this.#jobs,
        command: [commands.hadoop, 'jar', commands.streamingJar],
        pollMilliseconds: this.#options.pollMilliseconds ?? 2_000,
        onProgress: (progress) => this.#tell({ type: 'step.progress', step: step.name, progress }),
        onAttemptFailed: (taskAttempt, cause, log) => this.#tell({ type: 'step.attempt-failed', step: step.name, taskAttempt, cause, log }),
      },
      signal,
    );
  }

  /** Where the web service may not end an application (Kerberos), the user's own client may. @returns whether it did */
  async #forceEnd(application: string, directory: string): Promise<boolean> {
    const { yarn } = this.#options.commands;
    if (yarn === null) return false;
    const command = [yarn, 'application', '-kill', application];
    return (await runClient({ command, directory, env: this.#env, signal: AbortSignal.timeout(60_000) })).code === 0;
  }
}
