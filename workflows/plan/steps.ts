/** Each step of a run with its complete arguments, one function a step. */
import { PARTITIONS_FILE } from '../../emr-steps/run-directory/layout.ts';
import { plannedCopyMode } from '../request/access.ts';
import { connectionOptions, programCommand, runOptions, twoSides } from './program-command.ts';
import type { RunFacts } from './run-facts.ts';
import type { RunProgress, StepId } from './run-progress.ts';
import { outputOf, stepKey, toCopy } from './step-places.ts';
import { concurrencyOf, linesPerMap, mappersOf, memoryProperties, NODE_ENVIRONMENT, reducersOf } from './step-size.ts';
import { groupedByKey, MAP_ONLY, NLINE_INPUT_FORMAT, type StreamingJob, streamingArgs } from './streaming-args.ts';

/** Attempts of a task and the silence after which it is killed. Copy and complete wait for large parts, and a lost one costs most. */
const PATIENCE = {
  listing: { attempts: 4, timeoutMilliseconds: 300_000 },
  copying: { attempts: 6, timeoutMilliseconds: 600_000 },
} as const;

/** Name of a step's try, such as `copy-objects.r1.t1`. */
export function stepName(step: StepId, progress: RunProgress): string {
  return `${stepKey(step, progress.round)}.t${progress.tries[step]}`;
}

/** Lists one side: a partition a line in, a line an object out. The program knows best how many pages to ask for at once. */
export function listStep(side: 'source' | 'destination', facts: RunFacts, progress: RunProgress): readonly string[] {
  const step = side === 'source' ? 'listSource' : 'listDestination';
  return job(step, facts, progress, {
    properties: {
      ...MAP_ONLY,
      ...patience(PATIENCE.listing, 'map'),
      ...memoryProperties('map'),
      'mapreduce.input.lineinputformat.linespermap': linesPerMap(facts),
      'stream.map.input.ignoreKey': true,
    },
    programs: ['list-objects'],
    inputFormat: NLINE_INPUT_FORMAT,
    mapper: programCommand('list-objects', {
      ...connectionOptions(facts.request[side], facts.cluster.kind),
      ...runOptions(facts, progress, step),
      concurrency: facts.request.work.concurrency,
      'restore-status': side === 'source' && facts.request.goal === 'copy',
    }),
    inputs: [PARTITIONS_FILE],
  });
}

/** Plans what is to be copied: a line an object in, a line a whole object or part out. Every round after the first asks for every part. */
export function planStep(facts: RunFacts, progress: RunProgress): readonly string[] {
  const mappers = mappersOf(facts, progress.rowBytes, 'read');
  return job('planParts', facts, progress, {
    properties: {
      ...MAP_ONLY,
      ...patience(PATIENCE.listing, 'map'),
      ...memoryProperties('map'),
      'mapreduce.job.maps': mappersOf(facts, progress.rowBytes, 'read'),
    },
    programs: ['plan-parts'],
    mapper: programCommand('plan-parts', {
      ...twoSides(facts),
      ...runOptions(facts, progress, 'planParts'),
      concurrency: concurrencyOf(facts, mappers, progress.round),
      'part-map': progress.round === 1 ? 'computed' : 'swept',
      'storage-class': facts.request.copy.storageClass,
    }),
    inputs: [toCopy(facts.request, progress)],
  });
}

/** Copies. A map-only step of its own: finished maps stay finished, whatever becomes of complete. */
export function copyStep(facts: RunFacts, progress: RunProgress): readonly string[] {
  const { work } = facts.request;
  const mode = plannedCopyMode(facts.request);
  const mappers = mappersOf(facts, progress.rowBytes, 'request');
  return job('copyObjects', facts, progress, {
    properties: {
      ...MAP_ONLY,
      ...patience(PATIENCE.copying, 'map'),
      ...memoryProperties('map', mode === 'server-side' ? 0 : work.memoryMegabytes),
      'mapreduce.job.maps': mappers,
    },
    programs: ['copy-objects'],
    mapper: programCommand('copy-objects', {
      ...twoSides(facts),
      ...runOptions(facts, progress, 'copyObjects'),
      concurrency: concurrencyOf(facts, mappers, progress.round),
      mode,
      'memory-megabytes': work.memoryMegabytes,
    }),
    inputs: [outputOf('planParts', progress)],
  });
}

/** Completes uploads: all results of an object meet in one reducer, in part order; a ledger line an object out. */
export function completeStep(facts: RunFacts, progress: RunProgress): readonly string[] {
  const reducers = reducersOf(facts, progress.rowBytes);
  return job('completeUploads', facts, progress, {
    properties: {
      ...groupedByKey(reducers),
      ...patience(PATIENCE.copying, 'reduce'),
      ...memoryProperties('reduce'),
      'mapreduce.job.maps': mappersOf(facts, progress.rowBytes, 'read'),
    },
    programs: ['complete-uploads'],
    mapper: 'cat',
    reducer: programCommand('complete-uploads', {
      ...twoSides(facts),
      ...runOptions(facts, progress, 'completeUploads'),
      concurrency: concurrencyOf(facts, reducers, progress.round),
    }),
    inputs: [outputOf('copyObjects', progress)],
  });
}

/** Joins what was to be copied with the ledger: counts, or the rows that another round may settle. */
export function reconcileStep(emit: 'counts' | 'unsettled', facts: RunFacts, progress: RunProgress): readonly string[] {
  const step = emit === 'counts' ? 'reconcile' : 'reconcileUnsettled';
  const toCopyRows = toCopy(facts.request, progress);
  const ledger = outputOf('completeUploads', progress);
  const { 'run-id': runId, statistics } = runOptions(facts, progress, step);
  return job(step, facts, progress, {
    properties: {
      ...groupedByKey(reducersOf(facts, progress.rowBytes)),
      ...patience(PATIENCE.listing, 'map'),
      ...patience(PATIENCE.listing, 'reduce'),
      ...memoryProperties('map'),
      ...memoryProperties('reduce'),
      'mapreduce.job.maps': mappersOf(facts, progress.rowBytes, 'read'),
    },
    programs: ['reconcile'],
    mapper: programCommand('reconcile', {
      role: 'mapper',
      'to-copy': `${facts.runDirectory}/${toCopyRows}`,
      ledger: `${facts.runDirectory}/${ledger}`,
      'run-id': runId,
      statistics,
    }),
    reducer: programCommand('reconcile', { role: 'reducer', emit, 'run-id': runId, statistics }),
    inputs: [toCopyRows, ledger],
  });
}

/**
 * Compares the two listings. `hive-script` gives the script's variables as `-d NAME=value`; table names carry the run because a
 * metastore outlives a step.
 */
export function diffStep(facts: RunFacts, progress: RunProgress): readonly string[] {
  const place = (path: string) => `${facts.runDirectory}/${path}`;
  const variables = {
    SOURCE: place(outputOf('listSource', progress)),
    DESTINATION: place(outputOf('listDestination', progress)),
    OUTPUT: place(outputOf('diff', progress)),
    RUN: `${facts.runId}_${progress.tries.diff}`.replaceAll('-', '_'),
    EXTRAS: String(facts.request.diff.extras),
  };
  const definitions = Object.entries(variables).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
  return ['hive-script', '--run-hive-script', '--args', '-f', facts.cluster.diffScript, ...definitions];
}

/** What the steps say of their jobs; the rest is the same for all. */
interface StepJob extends Pick<StreamingJob, 'properties' | 'mapper'> {
  /** Bundles to localise. */
  readonly programs: readonly string[];
  readonly inputFormat?: string;
  readonly reducer?: string;
  /** Relative to the run's directory. */
  readonly inputs: readonly string[];
}

function job(step: StepId, facts: RunFacts, progress: RunProgress, { programs, inputs, inputFormat, reducer, ...own }: StepJob): readonly string[] {
  return streamingArgs({
    ...own,
    name: stepName(step, progress),
    properties: { 'mapreduce.job.tags': facts.runId, ...own.properties },
    files: programs.map((program) => `${facts.cluster.programs}/${program}.js`),
    nodeArchive: facts.cluster.nodeArchive,
    inputFormat: inputFormat ?? null,
    reducer: reducer ?? null,
    environment: NODE_ENVIRONMENT,
    inputs: inputs.map((input) => `${facts.runDirectory}/${input}`),
    output: `${facts.runDirectory}/${outputOf(step, progress)}`,
  });
}

function patience({ attempts, timeoutMilliseconds }: { attempts: number; timeoutMilliseconds: number }, kind: 'map' | 'reduce') {
  return { [`mapreduce.${kind}.maxattempts`]: attempts, 'mapreduce.task.timeout': timeoutMilliseconds };
}
