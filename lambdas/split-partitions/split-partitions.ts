/** The ranges that the list mappers get: those of a given part file, else one for everything. */

import type { Partition } from '../../emr-steps/records/partition.ts';
import { PARTITIONS_FILE } from '../../emr-steps/run-directory/layout.ts';
import { planRun } from '../../workflows/plan/run-plan.ts';
import type { SplitPartitionsInput, SplitPartitionsOutput } from '../../workflows/plan/run-state.ts';
import { parsePartitionFile, partitionLines, WHOLE_PREFIX } from '../../workflows/request/partition-file.ts';
import type { RunHome } from '../run/run-home.ts';
import { keepPlan } from '../run/run-plans.ts';
import { readRunRecord, writeRunRecord } from '../run/run-record.ts';

/** What the handler needs of its surroundings. */
export interface SplitPartitionsDeps {
  readonly home: RunHome;
  /** The bytes of a part file that somebody gave; null: none was given. */
  readonly partFile: (runId: string) => Promise<Uint8Array | null>;
}

/** Writes `partitions/part.tsv` and plans anew. @throws PartitionFileError */
export async function splitPartitions({ plan }: SplitPartitionsInput, { home, partFile }: SplitPartitionsDeps): Promise<SplitPartitionsOutput> {
  const directory = home.directoryOf(plan.runId);
  const record = await readRunRecord(directory);
  const given = await partFile(plan.runId);
  const partitions: readonly Partition[] = given === null ? [WHOLE_PREFIX] : parsePartitionFile(given);
  await directory.write(PARTITIONS_FILE, partitionLines(partitions));
  const facts = { ...record.facts, partitions: partitions.length };
  await writeRunRecord(directory, { ...record, facts });
  return { plan: await keepPlan(directory, planRun(facts, plan.progress)) };
}
