/** A run on this machine from a request: everything is checked first, then the plan's steps run on the local cluster. */
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { runLocally } from '../../infra/local/local-run.ts';
import { neighbourRuns } from '../../infra/local/neighbour-runs.ts';
import type { ResumedRun } from '../../infra/local/run-journal.ts';
import { lockRun } from '../../infra/local/run-lock.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import type { ClusterFacts, RunFacts, VerifiedRun } from '../../workflows/plan/run-facts.ts';
import { runIdOf } from '../../workflows/plan/run-id.ts';
import { comparisonProblem, verifyComparison } from '../../workflows/request/comparison.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import { partitionLines } from '../../workflows/request/partition-file.ts';
import type { RunRequest, RunRequestInput } from '../../workflows/request/run-request.ts';
import type { Host } from '../host.ts';
import { builtProgram } from '../preflight/built-program.ts';
import { checkAll, PreflightError } from '../preflight/preflight-error.ts';
import { defaultEncryption, reachBucket } from '../preflight/reach-bucket.ts';
import { readPartitions } from '../preflight/read-partitions.ts';
import { makeRunFolder, removeRunFolder, runsFolder } from '../preflight/run-folder.ts';
import { runCluster } from './run-cluster.ts';

/** What a command asks for. */
export interface RunOrder {
  readonly request: RunRequestInput;
  readonly partitionFile: string | undefined;
  /** Folder of the run directories; undefined: the default one. */
  readonly runs: string | undefined;
  /** The run that a verification is of. */
  readonly verified?: VerifiedRun | undefined;
  readonly host: Host;
  readonly emit: EventSink;
}

/** Rows that are worth a process of their own here: 40,000 objects to copy, or 160,000 to read. Each process warms up for a third of a second. */
const BYTES_PER_TASK = { request: 4 * 1024 * 1024, read: 16 * 1024 * 1024 } as const;

/** Requests of this machine that are under way at once: with 50 ms each, 5,000 a second. */
const REQUESTS_AT_ONCE = 256;

/** Runs the order to its end. @throws what is wrong with the input, before anything was started */
export async function startRun({ request: input, partitionFile, runs, verified, host, emit }: RunOrder): Promise<RunOutput> {
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
  const request = await comparable({ ...asked, source, destination }, input, runId, host).catch((error) =>
    removeRunFolder(folder).then(() => Promise.reject(error)),
  );
  const facts: RunFacts = { request, runId, runDirectory: folder, partitions: partitions.length, cluster: machine, verified: verified ?? null };
  try {
    return await runInFolder({ facts, partitions: partitionLines(partitions), resumed: null, host, emit });
  } catch (error) {
    await removeRunFolder(folder);
    throw error;
  }
}

/** The request with a comparison that can be done. @throws PreflightError where a diff could not */
async function comparable(request: RunRequest, input: RunRequestInput, runId: string, host: Host): Promise<RunRequest> {
  const alone = request.goal === 'verify';
  if (!alone && request.diff.engine === 'none') return request;
  const algorithm = await defaultEncryption(request.destination, runId, host);
  const problem = comparisonProblem(request, algorithm);
  if (problem !== null) throw new PreflightError([problem]);
  return alone ? { ...request, diff: { ...request.diff, compare: verifyComparison(input.diff?.compare ?? null, algorithm) } } : request;
}

/** A run whose folder is there. */
export interface FolderRun {
  readonly facts: RunFacts;
  /** The lines of `partitions/part.tsv`. */
  readonly partitions: string;
  /** Null: it begins. */
  readonly resumed: ResumedRun | null;
  readonly host: Host;
  readonly emit: EventSink;
}

/** Runs it to its end. */
export async function runInFolder({ facts, partitions, resumed, host, emit }: FolderRun): Promise<RunOutput> {
  const folder = facts.runDirectory;
  const release = resumed === null ? await lockRun(folder) : null;
  const cluster = runCluster(folder, host, emit);
  try {
    return await runLocally({
      facts,
      directory: fileRunDirectory(folder),
      cluster,
      partitions,
      emit,
      signal: host.signal,
      now: () => new Date(),
      resumed,
      neighbours: () => neighbourRuns(folder, facts.request),
    });
  } finally {
    await cluster.close();
    await release?.();
  }
}

/** This machine, as the plan needs to know it. @throws NotBuiltError */
export function clusterFacts(root: string): ClusterFacts {
  return {
    kind: 'local',
    programs: dirname(builtProgram(root, 'list-objects')),
    nodeArchive: join(root, 'build', 'node'),
    diffScripts: join(root, 'build', 'diff'),
    slots: availableParallelism(),
    waves: 1,
    requestsAtOnce: REQUESTS_AT_ONCE,
    bytesPerTask: BYTES_PER_TASK,
  };
}
