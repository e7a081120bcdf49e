/** Goes on with a run of this machine that was cut off: what was asked is read from its directory, what must hold is checked anew. */
import { join } from 'node:path';
import { fileRunDirectory } from '../../emr-steps/run-directory/file-run-directory.ts';
import { readStoppedRun, resumeStoppedRun } from '../../infra/local/read-run.ts';
import { lockRun } from '../../infra/local/run-lock.ts';
import type { EventSink } from '../../workflows/events/run-event.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { ResumeRefusedError } from '../../workflows/plan/resume-run.ts';
import type { RunFacts } from '../../workflows/plan/run-facts.ts';
import { RUN_ID_PATTERN } from '../../workflows/plan/run-id.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import type { Host } from '../host.ts';
import { checkAll, PreflightError } from '../preflight/preflight-error.ts';
import { reachBucket } from '../preflight/reach-bucket.ts';
import { runsFolder } from '../preflight/run-folder.ts';
import { clusterFacts, runInFolder } from './start-run.ts';

/** Which run. */
export interface ResumeOrder {
  readonly runId: string;
  /** Folder of the run directories; undefined: the default one. */
  readonly runs: string | undefined;
  readonly host: Host;
  readonly emit: EventSink;
}

/** Runs it to its end. @throws what stands against it, before anything was started */
export async function resumeRun({ runId, runs, host, emit }: ResumeOrder): Promise<RunOutput> {
  if (!RUN_ID_PATTERN.test(runId)) throw new PreflightError([`--resume ${JSON.stringify(runId)} is no run id, such as 20261121-021655-5c7a0a67d9`]);
  const folder = join(runsFolder(runs, host.env), runId);
  const directory = fileRunDirectory(folder);
  await readStoppedRun(directory);
  const release = await lockRun(folder);
  try {
    // Once more under the lock: it may have gone on, and ended, meanwhile.
    const stopped = await readStoppedRun(directory);
    const request = await reachable(copyRequest(stopped.request), runId, host);
    const partitions = stopped.partitions.split('\n').length - 1;
    const facts: RunFacts = { request, runId, runDirectory: folder, partitions, cluster: clusterFacts(host.root) };
    const resumed = await resumeStoppedRun(facts, directory, stopped.plan);
    return await runInFolder({ facts, partitions: stopped.partitions, resumed, host, emit });
  } finally {
    await release();
  }
}

function copyRequest(asked: unknown): RunRequest {
  const request = parseRequest(asked);
  if (request.goal !== 'copy' || request.dryRun) throw new ResumeRefusedError('the run writes nothing, so there is nothing to resume; begin it anew');
  return request;
}

async function reachable(request: RunRequest, runId: string, host: Host): Promise<RunRequest> {
  const [source, destination] = await checkAll([
    reachBucket('source', request.source, runId, host),
    reachBucket('destination', request.destination, runId, host),
  ] as const);
  return { ...request, source, destination };
}
