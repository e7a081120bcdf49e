/** A key space in memory that answers a sampler's questions as S3 does. */
import { commonPrefix, compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import type { KeyProbe } from '../../../emr-steps/keyspace/key-page.ts';
import { SamplePlan } from '../../../emr-steps/keyspace/sample-plan.ts';

/** Samples keys, one question after the other. @param keys - in order */
export function sampled(
  keys: readonly string[],
  { prefix = '', share = 0, least = 0, most = 10_000 } = {},
): { readonly plan: SamplePlan; readonly requests: number } {
  const plan = new SamplePlan(prefix);
  let requests = 0;
  for (let probe = plan.next(share, least); probe !== null && requests < most; probe = plan.next(share, least)) {
    requests += 1;
    plan.settle(probe, pageOf(keys, prefix, probe));
  }
  return { plan, requests };
}

function pageOf(keys: readonly string[], prefix: string, { startAfter, end, maxKeys }: KeyProbe) {
  const common = startAfter === null || end === null ? prefix : commonPrefix(startAfter, end);
  const behind = keys.filter((key) => key.startsWith(common) && (startAfter === null || compareKeys(key, startAfter) > 0));
  return { count: Math.min(maxKeys, behind.length), keyAt: (index: number) => behind[index] as string, hasMore: behind.length > maxKeys };
}

/** Sizes of the parts that the bounds make. */
export function partSizes(keys: readonly string[], bounds: readonly string[]): readonly number[] {
  const ends = [...bounds.map((bound) => keys.filter((key) => compareKeys(key, bound) <= 0).length), keys.length];
  return ends.map((end, at) => end - (ends[at - 1] ?? 0));
}
