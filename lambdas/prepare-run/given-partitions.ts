/** Ranges that somebody gives: judged before a lock is taken or a cluster is there. */
import type { Partition } from '../../emr-steps/records/partition.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { parsePartitionFile, partitionLines } from '../../workflows/request/partition-file.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { ownClient } from '../run/own-client.ts';
import { checkedPartFile, gapFindings } from '../run/part-file.ts';
import { readPlaces } from '../run/read-places.ts';
import type { Asker } from '../run/side-client.ts';

/** Who has them. */
export interface GivenPartitions {
  /** The bytes of a part file that somebody gave beside the request; null: none was given. Default: none ever is. */
  readonly partFile?: (runId: string) => Promise<Uint8Array | null>;
  /** Who reads what a request names. Default: nobody reads buckets for it. */
  readonly asker?: Asker;
}

/** Ranges that may be listed. */
export interface JudgedPartitions {
  /** The lines of `partitions/part.tsv`; null: nobody gives them, so that they are found later. */
  readonly lines: string | null;
  /** What they leave out, as something that people should know. */
  readonly findings: readonly RunFinding[];
}

/**
 * Reads them, once: what is judged here is what is listed, whatever becomes of the file.
 *
 * @param isShare - a run of a fan-out: what its ranges leave out is the other runs' work
 * @throws RefusedError at a part file that cannot be used; PartitionFileError likewise, of the one beside the request
 */
export async function judgedPartitions(request: RunRequest, runId: string, isShare: boolean, given: GivenPartitions): Promise<JudgedPartitions> {
  const { verifiedRun, resume } = request;
  // These have their ranges already.
  const slices = verifiedRun !== null || resume !== null ? null : await givenSlices(request, runId, given);
  return slices === null ? { lines: null, findings: [] } : { lines: partitionLines(slices), findings: isShare ? [] : gapFindings(slices) };
}

async function givenSlices({ partitions, source }: RunRequest, runId: string, { partFile, asker }: GivenPartitions): Promise<readonly Partition[] | null> {
  const beside = (await partFile?.(runId)) ?? null;
  if (beside !== null) return parsePartitionFile(beside);
  if (partitions.from !== 'file') return null;
  const places = readPlaces((bucket) => ownClient(bucket, source, runId, asker));
  return await checkedPartFile(partitions.location, places);
}
