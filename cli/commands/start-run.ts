/** A run on this machine from a request: everything is checked first, then the plan's steps run on the local cluster. */
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { runLocally } from '../../infra/local/local-run.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { ClusterFacts, RunFacts } from '../../workflows/plan/run-facts.ts';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import { partitionLines } from '../../workflows/request/partition-file.ts';
import type { RunRequest, RunRequestInput } from '../../workflows/request/run-request.ts';
import type { Host } from '../host.ts';
import { builtProgram } from '../preflight/built-program.ts';
import { checkAll } from '../preflight/preflight-error.ts';
import { reachBucket } from '../preflight/reach-bucket.ts';
import { readPartitions } from '../preflight/read-partitions.ts';
import { makeRunFolder, removeRunFolder, runsFolder } from '../preflight/run-folder.ts';
import { runCluster } from './run-cluster.ts';

/** What a command asks for. */
export interface RunOrder {
  readonly request: RunRequestInput;
  readonly partitionFile: string | undefined;
  /** Folder of the run directories; undefined: the default one. */
  readonly runs: string | undefined;
  readonly host: Host;
  readonly emit: EventSink;
}

/** Rows that are worth a process of their own here: 40,000 objects to copy, or 160,000 to read. Each process warms up for a third of a second. */
const BYTES_PER_TASK = { request: 4 * 1024 * 1024, read: 16 * 1024 * 1024 } as const;

/** Requests of this machine that are under way at once: with 50 ms each, 5,000 a second. */
const REQUESTS_AT_ONCE = 256;

/** Runs the order to its end. @throws what is wrong with the input, before anything was started */
export async function startRun({ request: input, partitionFile, runs, host, emit }: RunOrder): Promise<RunOutput> {
  const asked = parseRequest(input);
  const machine = clusterFacts(host.root);
  const startedAt = new Date();
  const runId = runIdOf(startedAt, `${process.pid} ${startedAt.toISOString()} ${Math.random()}`);
  const folder = join(runsFolder(runs, host.env), runId);
  const checks = [
    reachBucket('source', asked.source, runId, host),
    reachBucket('destination', asked.destination, runId, host),
    readPartitions(partitionFile),
    makeRunFolder(folder),
  ] as const;
  const [source, destination, partitions] = await checkAll(checks).catch((error) => removeRunFolder(folder).then(() => Promise.reject(error)));
  const request: RunRequest = { ...asked, source, destination };
  const facts: RunFacts = { request, runId, runDirectory: folder, partitions: partitions.length, cluster: machine };
  const cluster = runCluster(folder, host, emit);
  try {
    return await runLocally({
      facts,
      directory: fileRunDirectory(folder),
      cluster,
      partitions: partitionLines(partitions),
      emit,
      signal: host.signal,
      now: () => new Date(),
    });
  } catch (error) {
    await removeRunFolder(folder);
    throw error;
  } finally {
    await cluster.close();
  }
}

/** This machine, as the plan needs to know it. @throws NotBuiltError */
function clusterFacts(root: string): ClusterFacts {
  return {
    kind: 'local',
    programs: dirname(builtProgram(root, 'list-objects')),
    nodeArchive: join(root, 'build', 'node'),
    diffScript: join(root, 'workflows', 'diff', 'diff.hql'),
    slots: availableParallelism(),
    waves: 1,
    requestsAtOnce: REQUESTS_AT_ONCE,
    bytesPerTask: BYTES_PER_TASK,
  };
}
