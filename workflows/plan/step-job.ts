/** From what a step says of its job to the complete arguments; the rest is the same for all. */
import { dataRoleEnvironment } from './data-role.ts';
import { placedFile } from './placed-file.ts';
import type { RunFacts } from './run-facts.ts';
import type { RunProgress, StepId } from './run-progress.ts';
import { outputOf, stepKey } from './step-places.ts';
import { NODE_ENVIRONMENT } from './step-size.ts';
import { type StreamingJob, streamingArgs } from './streaming-args.ts';
import { workPlace } from './work-place.ts';

/** A step's own part of its job. */
export interface StepJob extends Pick<StreamingJob, 'properties' | 'mapper'> {
  /** Bundles to localise. */
  readonly programs: readonly string[];
  readonly inputFormat?: string;
  readonly reducer?: string;
  /** Absolute paths or URLs. */
  readonly inputs: readonly string[];
}

/** Attempts of a task and the silence after which it is killed. Copy and complete wait for large parts, and a lost one costs most. */
export const PATIENCE = {
  listing: { attempts: 4, timeoutMilliseconds: 300_000 },
  copying: { attempts: 6, timeoutMilliseconds: 600_000 },
} as const;

/** The properties of a patience. */
export function patience({ attempts, timeoutMilliseconds }: { attempts: number; timeoutMilliseconds: number }, kind: 'map' | 'reduce') {
  return { [`mapreduce.${kind}.maxattempts`]: attempts, 'mapreduce.task.timeout': timeoutMilliseconds };
}

/** Name of a step's try, such as `copy-objects.r1.t1`. */
export function stepName(step: StepId, progress: RunProgress): string {
  return `${stepKey(step, progress.round)}.t${progress.tries[step]}`;
}

/** The arguments of a step's streaming job. */
export function jobArgs(step: StepId, facts: RunFacts, progress: RunProgress, job: StepJob): readonly string[] {
  const { programs, inputs, inputFormat, reducer, ...own } = job;
  return streamingArgs({
    ...own,
    name: stepName(step, progress),
    properties: { 'mapreduce.job.tags': facts.runId, ...own.properties },
    files: programs.map((program) => placedFile(facts.cluster, 'programs', `${program}.js`)),
    nodeArchive: facts.cluster.nodeArchive,
    inputFormat: inputFormat ?? null,
    reducer: reducer ?? null,
    environment: { ...NODE_ENVIRONMENT, ...dataRoleEnvironment(facts.cluster.dataRole) },
    inputs,
    output: workPlace(facts, outputOf(step, progress)),
  });
}
