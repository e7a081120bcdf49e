/** Reads a run that was cut off from its directory, to go on with it: what is finished is left out, what was begun gets its next try. */
import { isDeepStrictEqual } from 'node:util';
import { OUTPUT_FILE, PARTITIONS_FILE, REQUEST_FILE, STEP_RECORDS, SWEEP_OUTPUT } from '../../emr-steps/run-directory/layout.ts';
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import { isFinished } from '../../emr-steps/run-directory/step-output.ts';
import type { RunOutput } from '../../workflows/events/run-output.ts';
import { ResumeRefusedError, type SeenSteps } from '../../workflows/plan/resume-run.ts';
import type { RunPlan } from '../../workflows/plan/run-plan.ts';
import { STEP_IDS, type StepId } from '../../workflows/plan/run-progress.ts';
import { writes } from '../../workflows/request/goal.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import type { RunRequest } from '../../workflows/request/run-request.ts';
import { newestPlan } from '../run/run-plans.ts';
import { type RunRecord, readRunRecord } from '../run/run-record.ts';

/** A run that goes on. */
export interface StoppedRun {
  readonly record: RunRecord;
  /** The newest one. */
  readonly plan: RunPlan;
  /** Whether the ranges of its listings are there. */
  readonly partitioned: boolean;
}

/** Reads it. @throws ResumeRefusedError where there is none, it has ended well, it writes nothing, or it was asked for something else */
export async function readStoppedRun(directory: RunDirectory, asked: RunRequest): Promise<StoppedRun> {
  const [request, output, partitions] = await Promise.all([REQUEST_FILE, OUTPUT_FILE, PARTITIONS_FILE].map((file) => readText(directory, file)));
  const plan = request == null ? null : await newestPlan(directory);
  if (request == null || plan === null) throw new ResumeRefusedError(`${directory.base} holds no run that was begun; begin it anew`);
  const status = output == null ? null : (JSON.parse(output) as RunOutput).status;
  if (status === 'succeeded' || status === 'partial')
    throw new ResumeRefusedError(`run ${plan.runId} has ended as ${status}; there is nothing to resume, begin a new one with a diff`);
  checkAsked(asked, parseRequest(JSON.parse(request)));
  return { record: await readRunRecord(directory), plan, partitioned: partitions != null };
}

/** What the directory shows of the steps of the plan. */
export async function seenSteps(directory: RunDirectory, { steps }: RunPlan): Promise<SeenSteps> {
  const records = (await directory.list(STEP_RECORDS)).map(({ path }) => path.slice(STEP_RECORDS.length + 1, -'.json'.length));
  const finished = new Set<StepId>();
  for (const id of STEP_IDS) if (steps[id] !== null && (await isFinished(directory, steps[id].output))) finished.add(id);
  const names = new Set(records);
  const begun = new Set(STEP_IDS.filter((id) => (records.length === 0 ? mayHaveBegun(id, finished) : names.has(steps[id]?.name ?? ''))));
  // A sweep by session is no step, and leaves its mark all the same.
  if ((await directory.list(SWEEP_OUTPUT)).length > 0) begun.add('sweepUploads');
  return { begun, finished };
}

/** Where nobody records what was begun: every step whose predecessors are done may have been. */
function mayHaveBegun(id: StepId, finished: ReadonlySet<StepId>): boolean {
  const needed: Readonly<Partial<Record<StepId, StepId>>> = {
    diff: 'listSource',
    planParts: 'listSource',
    copyObjects: 'planParts',
    completeUploads: 'copyObjects',
    reconcile: 'completeUploads',
    reconcileUnsettled: 'reconcile',
    listVerification: 'reconcile',
    verifyCounts: 'listVerification',
    verify: 'verifyCounts',
  };
  if (id === 'sweepUploads') return false;
  const before = needed[id];
  return before === undefined || finished.has(before);
}

/** @throws ResumeRefusedError where the run was asked for something else; Regions that are left out are those that were found */
function checkAsked(asked: RunRequest, stored: RunRequest): void {
  if (!writes(stored)) throw new ResumeRefusedError('the run writes nothing, so there is nothing to resume; begin it anew');
  const members = Object.keys(stored) as (keyof RunRequest)[];
  const other = members.filter((name) => name !== 'resume' && !isDeepStrictEqual(withRegion(asked[name], stored[name]), stored[name]));
  if (other.length > 0)
    throw new ResumeRefusedError(
      `the run ${asked.resume} was asked for something else: ${other.join(', ')}; resume it with its own request, ${REQUEST_FILE} in its directory`,
    );
}

function withRegion(asked: unknown, stored: unknown): unknown {
  if (typeof asked !== 'object' || asked === null || typeof stored !== 'object' || stored === null || !('region' in stored)) return asked;
  return { region: stored.region, ...asked };
}

async function readText(directory: RunDirectory, file: string): Promise<string | null> {
  const bytes = await directory.read(file);
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}
