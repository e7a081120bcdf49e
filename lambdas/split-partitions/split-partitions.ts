/** The ranges that the list mappers get, where no part file gives them: of about the same size, found by sampling or in an older listing, or one for everything. */
import { cutRange, WHOLE_RANGE } from '../../emr-steps/keyspace/key-range.ts';
import type { Partition } from '../../emr-steps/records/partition.ts';
import { PARTITIONS_FILE } from '../../emr-steps/run-directory/layout.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { planRun } from '../../workflows/plan/run-plan.ts';
import type { SplitPartitionsInput, SplitPartitionsOutput } from '../../workflows/plan/run-state.ts';
import { partitionLines, WHOLE_PREFIX } from '../../workflows/request/partition-file.ts';
import { FIRST_REGION, ownClient, PATIENCE } from '../run/own-client.ts';
import { readPlaces } from '../run/read-places.ts';
import type { RunHome } from '../run/run-home.ts';
import { keepPlan } from '../run/run-plans.ts';
import { RunRecordError, readRunRecord, writeRunRecord } from '../run/run-record.ts';
import { type Asker, sideClient } from '../run/side-client.ts';
import { listKeys } from './list-keys.ts';
import { pointsOf } from './older-points.ts';
import { sampleKeys } from './sample-keys.ts';

/** What the handler needs of its surroundings. */
export interface SplitPartitionsDeps {
  readonly home: RunHome;
  /** Who asks buckets. Not there: nobody does, and everything is one partition. */
  readonly asker?: Asker;
}

/** Requests of sampling under way at once, and how long they may be begun. */
const CONCURRENCY = 64;
const SAMPLING_MILLISECONDS = 50_000;

/** Writes `partitions/part.tsv` and plans anew. @throws SplitPointsError, RunRecordError, S3Error */
export async function splitPartitions({ plan }: SplitPartitionsInput, deps: SplitPartitionsDeps): Promise<SplitPartitionsOutput> {
  const directory = deps.home.directoryOf(plan.runId);
  const record = await readRunRecord(directory);
  const partitions = await partitionsOf(record.facts, deps.asker);
  await directory.write(PARTITIONS_FILE, partitionLines(partitions));
  const facts = { ...record.facts, partitions: partitions.length };
  await writeRunRecord(directory, { ...record, facts });
  return { plan: await keepPlan(directory, planRun(facts, plan.progress)) };
}

async function partitionsOf(facts: RunFacts, asker: Asker | undefined): Promise<readonly Partition[]> {
  const { partitions } = facts.request;
  if (partitions.from === 'automatic') return isWorthSampling(facts) && asker !== undefined ? sampled(facts, asker) : [WHOLE_PREFIX];
  if (partitions.from === 'file') throw new RunRecordError(`the ranges of ${partitions.location} are not in the run's directory; the run was never prepared`);
  const places = readPlaces((bucket) => ownClient(bucket, facts.request.source, facts.runId, asker));
  return between(await pointsOf(facts, places), '');
}

/** On one machine the list program splits by itself while it lists, which costs nothing. */
function isWorthSampling({ cluster, request: { partitions } }: RunFacts): boolean {
  return cluster.kind !== 'local' || (partitions.from === 'automatic' && partitions.count !== undefined);
}

async function sampled({ request, runId, cluster }: RunFacts, asker: Asker): Promise<readonly Partition[]> {
  const { source, partitions } = request;
  const client = sideClient({ ...source, region: source.region ?? FIRST_REGION }, runId, asker, PATIENCE);
  const parts = 'count' in partitions ? partitions.count : undefined;
  const limits = { slots: cluster.slots, concurrency: CONCURRENCY, milliseconds: SAMPLING_MILLISECONDS, now: () => performance.now() };
  try {
    const { bounds } = await sampleKeys({ ask: listKeys(client, source.prefix), prefix: source.prefix, parts, ...limits });
    return between(bounds, source.prefix);
  } finally {
    await client.close();
  }
}

/** Partitions between whole bounds: relative to the prefix, and each bound ends one and begins the next. */
function between(bounds: readonly string[], prefix: string): readonly Partition[] {
  const relative = bounds.flatMap((bound) => (bound.startsWith(prefix) && bound.length > prefix.length ? [bound.slice(prefix.length)] : []));
  return cutRange(WHOLE_RANGE, relative).map((range) => ({ delimiter: '', prefix: '', ...range }));
}
