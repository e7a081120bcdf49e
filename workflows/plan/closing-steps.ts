/** The steps that close a run, whatever its rounds were: proof after the fact, and the sweep of what lost attempts left open. */
import { connectionOptions, programCommand, runOptions, twoSides } from './program-command.ts';
import type { RunFacts } from './run-facts.ts';
import type { RunProgress } from './run-progress.ts';
import { PATIENCE, patience, type StepJob } from './step-job.ts';
import { firstToCopy, ledgersOf, outputOf } from './step-places.ts';
import { concurrencyOf, mappersOf, memoryProperties, reducersOf } from './step-size.ts';
import { groupedByKey, MAP_ONLY } from './streaming-args.ts';

/** Lines of three sides for each one that was to be copied. */
const SIDES = 3;

/** Folders that a verification joins, absolute paths or URLs. */
interface VerifiedPlaces {
  readonly source: string;
  readonly destination: string;
  readonly ledgers: readonly string[];
}

/** Those of the run itself, or of the run that a verification is asked for. */
function verifiedPlaces({ request, runDirectory, verified }: RunFacts, progress: RunProgress): VerifiedPlaces {
  const destination = `${runDirectory}/${outputOf('listVerification', progress)}`;
  if (verified != null) return { ...verified, destination };
  const ledgers = request.goal === 'copy' && progress.firstRowBytes !== 0 ? ledgersOf(progress).map((ledger) => `${runDirectory}/${ledger}`) : [];
  return { source: `${runDirectory}/${outputOf('listSource', progress)}`, destination, ledgers };
}

/** Joins source, destination and ledgers: a line a verdict, or a row for each object that differs. */
export function verifyJob(emit: 'verdicts' | 'differences', facts: RunFacts, progress: RunProgress): StepJob {
  const step = emit === 'verdicts' ? 'verifyCounts' : 'verify';
  const { source, destination, ledgers } = verifiedPlaces(facts, progress);
  const run = runOptions(facts, progress, step);
  const { 'run-id': runId, statistics } = run;
  const rowBytes = progress.firstRowBytes === null ? null : progress.firstRowBytes * SIDES;
  const reducers = reducersOf(facts, rowBytes);
  const ledger = ledgers.length === 0 ? undefined : ledgers.join(',');
  const { compare, extras } = facts.request.diff;
  return {
    properties: {
      ...groupedByKey(reducers),
      ...patience(PATIENCE.listing, 'map'),
      ...patience(PATIENCE.listing, 'reduce'),
      ...memoryProperties('map'),
      ...memoryProperties('reduce'),
      'mapreduce.job.maps': mappersOf(facts, rowBytes, 'read'),
    },
    programs: ['reconcile'],
    mapper: programCommand('reconcile', { role: 'mapper', source, destination, ledger, 'run-id': runId, statistics }),
    reducer: programCommand('reconcile', {
      role: 'reducer',
      emit,
      compare,
      extras,
      ...(compare === 'checksum' ? { ...twoSides(facts), concurrency: concurrencyOf(facts, reducers, 1), ...run } : { 'run-id': runId, statistics }),
    }),
    inputs: [source, destination, ...ledgers],
  };
}

/** Aborts what is open and the run's: a mapper over every key that was to be copied. */
export function sweepJob(facts: RunFacts, progress: RunProgress): StepJob {
  const mappers = mappersOf(facts, progress.firstRowBytes, 'read');
  const { open, underWay } = progress.neighbours;
  return {
    properties: { ...MAP_ONLY, ...patience(PATIENCE.listing, 'map'), ...memoryProperties('map'), 'mapreduce.job.maps': mappers },
    programs: ['sweep-uploads'],
    mapper: programCommand('sweep-uploads', {
      ...connectionOptions(facts.request.destination, facts.cluster.kind),
      ...runOptions(facts, progress, 'sweepUploads'),
      concurrency: concurrencyOf(facts, mappers, 1),
      'run-directory': underWay ? facts.runDirectory : undefined,
      'other-runs': open.length === 0 ? undefined : open.join(','),
    }),
    inputs: [`${facts.runDirectory}/${firstToCopy(facts.request, progress)}`],
  };
}
