/** Ranges that somebody gives: judged before a lock is taken or a cluster is there. */
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { parsePartitionFile } from '../../workflows/request/partition-file.ts';
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

/**
 * What is left out, as something that people should know.
 *
 * @param isShare - a run of a fan-out: what its ranges leave out is the other runs' work
 * @throws RefusedError at a part file that cannot be used; PartitionFileError likewise, of the one beside the request
 */
export async function partitionFindings(request: RunRequest, runId: string, isShare: boolean, given: GivenPartitions): Promise<readonly RunFinding[]> {
  const { partitions, source, verifiedRun, resume } = request;
  // These have their ranges already.
  if (verifiedRun !== null || resume !== null) return [];
  const beside = (await given.partFile?.(runId)) ?? null;
  if (beside === null && partitions.from !== 'file') return [];
  const places = readPlaces((bucket) => ownClient(bucket, source, runId, given.asker));
  const slices = beside !== null ? parsePartitionFile(beside) : partitions.from === 'file' ? await checkedPartFile(partitions.location, places) : [];
  return isShare ? [] : gapFindings(slices);
}
