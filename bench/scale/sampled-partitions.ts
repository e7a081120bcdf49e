/** Key ranges of about equal size, found as `split-partitions` finds them: by asking which keys come next. */

import type { Partition } from '../../emr-steps/records/partition.ts';
import { listKeys } from '../../lambdas/split-partitions/list-keys.ts';
import { type KeySample, sampleKeys } from '../../lambdas/split-partitions/sample-keys.ts';
import { partitionLines } from '../../workflows/request/partition-file.ts';
import { type StorePlace, storeClient } from '../store-client.ts';

/** A part file, and what it took to find it. */
export interface PartFile {
  readonly lines: string;
  readonly count: number;
  readonly requests: number;
}

const QUESTIONS_AT_ONCE = 32;
const MOST_MILLISECONDS = 60_000;

/** The ranges between bounds, first and last open. */
export function rangesOf(bounds: readonly string[]): readonly Partition[] {
  return [...bounds, null].map((end, at) => ({ delimiter: '', prefix: '', startAfter: bounds[at - 1] ?? null, end }));
}

/** Samples the bucket. @param parts - ranges that are wanted */
export async function sampledPartitions(place: StorePlace, bucket: string, parts: number, slots: number): Promise<PartFile> {
  const client = storeClient(place, bucket);
  const order = { prefix: '', parts, slots, concurrency: QUESTIONS_AT_ONCE, milliseconds: MOST_MILLISECONDS, now: Date.now };
  const { bounds, requests }: KeySample = await sampleKeys({ ...order, ask: listKeys(client, '') });
  await client.close();
  return { lines: partitionLines(rangesOf(bounds)), count: bounds.length + 1, requests };
}
