/** Facts of a run for tests of the plan and of the handlers. */
import type { ClusterFacts, RunFacts } from '../../workflows/plan/run-facts.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';

/** A machine of four cores. */
export const localCluster: ClusterFacts = {
  kind: 'local',
  programs: '/opt/carillon/build/steps',
  nodeArchive: '/opt/carillon/build/node.tar.gz',
  diffScripts: '/opt/carillon/build/diff',
  slots: 4,
  waves: 1,
  requestsAtOnce: 256,
  bytesPerTask: { request: 1000, read: 10_000 },
};

/** Facts of `a` to `b` with what the test changes. */
export function runFacts(request: Partial<RunRequestInput> = {}, facts: Partial<RunFacts> = {}): RunFacts {
  return {
    request: parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' }, ...request }),
    runId: '20260102-030405-0123456789',
    runDirectory: '/var/runs/1',
    partitions: 1,
    cluster: localCluster,
    ...facts,
  };
}
