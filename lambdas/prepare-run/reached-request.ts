/** A request whose buckets were reached: with their Regions, and with a comparison that can be done. */
import { comparisonProblem, verifyComparison } from '../../workflows/request/comparison.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { RefusedError } from '../run/refused-error.ts';
import type { BucketReach } from './bucket-reach.ts';

/** Who reaches them. */
interface ReachDeps {
  readonly buckets: BucketReach;
  /** What else stands against the run, a sentence each. Default: nothing. */
  readonly problems?: readonly string[];
}

/** Both buckets, asked at the same time; the problems of both are told. @param asked - the request as it came @throws RefusedError */
export async function reachable(request: RunRequest, asked: unknown, runId: string, { buckets, problems: own = [] }: ReachDeps): Promise<RunRequest> {
  const ends = await Promise.allSettled([
    buckets.regionOf('source', request.source, runId, 'may-be-denied'),
    buckets.regionOf('destination', request.destination, runId, 'may-be-denied'),
  ] as const);
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  const defect = errors.find((error) => !(error instanceof RefusedError));
  if (defect !== undefined) throw defect;
  const problems = [...errors.flatMap((error) => (error as RefusedError).problems), ...own];
  if (problems.length > 0) throw new RefusedError(problems);
  const [source, destination] = ends.map((end) => (end as PromiseFulfilledResult<RunRequest['source']>).value);
  const found = { ...request, source: source as RunRequest['source'], destination: destination as RunRequest['destination'] };
  return comparable(found, asked, runId, buckets);
}

/** The request with a comparison that can be done; a verification of which nobody has said otherwise compares what says most. */
async function comparable(request: RunRequest, asked: unknown, runId: string, buckets: BucketReach): Promise<RunRequest> {
  const alone = request.goal === 'verify';
  if (!alone && request.diff.engine === 'none') return request;
  const algorithm = await buckets.defaultEncryption(request.destination, runId);
  const problem = comparisonProblem(request, algorithm);
  if (problem !== null) throw new RefusedError([problem]);
  const said = (asked as Partial<RunRequest>).diff?.compare ?? null;
  return alone ? { ...request, diff: { ...request.diff, compare: verifyComparison(said, algorithm) } } : request;
}
