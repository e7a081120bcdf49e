/** Each step of a run with its complete arguments, one function a step. */
import { PARTITIONS_FILE } from '../../emr-steps/run-directory/layout.ts';
import { hiveScriptFile } from '../diff/hive-diff.ts';
import { plannedCopyMode } from '../request/access.ts';
import { diffComparison } from '../request/comparison.ts';
import { placedFile } from './placed-file.ts';
import { connectionOptions, programCommand, runOptions, twoSides } from './program-command.ts';
import { fidelityOptions, filterOptions } from './rule-options.ts';
import type { RunFacts } from './run-facts.ts';
import type { RunProgress, StepId } from './run-progress.ts';
import { jobArgs, PATIENCE, patience, type StepJob } from './step-job.ts';
import { outputOf, toCopy } from './step-places.ts';
import { concurrencyOf, linesPerMap, mappersOf, memoryProperties, reducersOf } from './step-size.ts';
import { groupedByKey, MAP_ONLY, NLINE_INPUT_FORMAT } from './streaming-args.ts';
import { workPlace } from './work-place.ts';

/** Lists one side: a partition a line in, a line an object out. The program knows best how many pages to ask for at once. */
export function listStep(step: 'listSource' | 'listDestination' | 'listVerification', facts: RunFacts, progress: RunProgress): readonly string[] {
  const side = step === 'listSource' ? 'source' : 'destination';
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
      ...filterOptions(facts.request.filters, side),
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
      'mapreduce.job.maps': mappers,
    },
    programs: ['plan-parts'],
    mapper: programCommand('plan-parts', {
      ...twoSides(facts),
      ...runOptions(facts, progress, 'planParts'),
      concurrency: concurrencyOf(facts, mappers, progress.round),
      'part-map': progress.round === 1 ? 'computed' : 'swept',
      ...fidelityOptions(facts.request.copy),
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
      ...fidelityOptions(facts.request.copy),
      mode,
      'memory-megabytes': work.memoryMegabytes,
      'spill-above-bytes': work.spillAboveBytes,
      'spill-directories': work.spillDirectories.length === 0 ? undefined : work.spillDirectories.join(','),
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
    COMPARE: diffComparison(facts.request),
  };
  const definitions = Object.entries(variables).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
  const script = hiveScriptFile({ extras: facts.request.diff.extras, compare: diffComparison(facts.request) });
  // By its tag the run's application is found on YARN when the run is stopped; jobs of Hadoop Streaming have theirs from jobArgs.
  const tag = facts.cluster.kind === 'hadoop' ? ['--hiveconf', `tez.application.tags=${facts.runId}`] : [];
  return ['hive-script', '--run-hive-script', '--args', '-f', placedFile(facts.cluster, 'diffScripts', script).url, ...tag, ...definitions];
}

/** A job whose inputs are names in the run's directory. */
function job(step: StepId, facts: RunFacts, progress: RunProgress, own: StepJob): readonly string[] {
  return jobArgs(step, facts, progress, { ...own, inputs: own.inputs.map((input) => workPlace(facts, input)) });
}
