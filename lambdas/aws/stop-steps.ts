/**
 * Ends a run on a cluster that stays: its steps are cancelled, and then a step of our own kills what they left on YARN, since a cancelled
 * step ends only the client that waited for its application (CancelSteps: "asynchronous processes are not affected").
 */
import { AddJobFlowStepsCommand, CancelStepsCommand, DescribeClusterCommand, type StepState, type StepSummary } from '@aws-sdk/client-emr';
import type { Clusters, StoppedSteps } from '../stop-cluster/stop-cluster.ts';
import { CLOCKS, createdAt, type EmrAsker, isOfRun, stepsOf } from './run-steps.ts';

const ACTIVE: readonly (StepState | undefined)[] = ['PENDING', 'CANCEL_PENDING', 'RUNNING'];

const GONE: readonly (string | undefined)[] = ['TERMINATED', 'TERMINATED_WITH_ERRORS'];

/** Ids that one CancelSteps takes. */
const IDS_AT_ONCE = 256;

/** Steps that kill, at most, before what they could not kill is left to them that look after the cluster. */
const MOST_KILLS = 3;

/** Milliseconds for which such a step may wait behind the steps of others; it runs later all the same. */
const KILL_PATIENCE = 60 * 60_000;

const DONE: StoppedSteps = { done: true, cancelled: 0 };
const LATER: StoppedSteps = { done: false, cancelled: 0 };

/** Ends the run's work. Every call looks anew at what is there, and does the next thing. */
export function stepStopper(client: EmrAsker, now: () => Date): Clusters['stopSteps'] {
  return async (ClusterId, runId, since) => {
    const { Cluster } = await client.send(new DescribeClusterCommand({ ClusterId }));
    if (GONE.includes(Cluster?.Status?.State)) return DONE;
    if (Cluster?.Status?.State === 'TERMINATING') return LATER;
    const all = (await stepsOf(client, ClusterId, new Date(since.getTime() - CLOCKS))).filter((step) => isOfRun(step, runId));
    const work = all.filter(({ Name }) => Name !== killName(runId));
    const active = work.filter(({ Status }) => ACTIVE.includes(Status?.State));
    if (active.length > 0) return await cancel(client, ClusterId, active);
    if (work.every(({ Status }) => Status?.State === 'COMPLETED')) return DONE;
    return await kill(client, ClusterId, runId, killsSince(all, work, runId), now());
  };
}

/**
 * `TERMINATE_PROCESS`, not the gentler interrupt: what a program would clean up when it is asked, the step that kills cleans up as well, and
 * a program that does not listen would be asked for ever.
 */
async function cancel(client: EmrAsker, ClusterId: string, steps: readonly StepSummary[]): Promise<StoppedSteps> {
  const ids = steps.flatMap(({ Id }) => Id ?? []);
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const StepIds = ids.slice(at, at + IDS_AT_ONCE);
    // What could not be cancelled, because it ended meanwhile, is seen at the next look.
    await client.send(new CancelStepsCommand({ ClusterId, StepIds, StepCancellationOption: 'TERMINATE_PROCESS' }));
  }
  return { done: false, cancelled: ids.length };
}

/** Those that killed after the last of the run's own steps was added; a run that was resumed may have older ones. */
function killsSince(all: readonly StepSummary[], work: readonly StepSummary[], runId: string): readonly StepSummary[] {
  const last = Math.max(...work.map(createdAt).filter(Number.isFinite));
  return all.filter((step) => step.Name === killName(runId) && createdAt(step) >= last);
}

async function kill(client: EmrAsker, JobFlowId: string, runId: string, kills: readonly StepSummary[], now: Date): Promise<StoppedSteps> {
  const waiting = kills.find(({ Status }) => ACTIVE.includes(Status?.State));
  if (waiting !== undefined) return now.getTime() - createdAt(waiting) > KILL_PATIENCE ? DONE : LATER;
  if (kills.some(({ Status }) => Status?.State === 'COMPLETED') || kills.length >= MOST_KILLS) return DONE;
  const HadoopJarStep = { Jar: 'command-runner.jar', Args: killArgs(runId) };
  await client.send(new AddJobFlowStepsCommand({ JobFlowId, Steps: [{ Name: killName(runId), ActionOnFailure: 'CONTINUE', HadoopJarStep }] }));
  return LATER;
}

/** Name of the step that kills. */
function killName(runId: string): string {
  return `stop.${runId}`;
}

/** Its arguments: every application that bears the run's tag is killed, until none is left. Exit code 1 where some stays. */
export function killArgs(runId: string): string[] {
  const states = 'NEW,NEW_SAVING,SUBMITTED,ACCEPTED,RUNNING';
  const list = `yarn application -list -appTags ${runId} -appStates ${states} 2>/dev/null | awk '$1 ~ /^application_/ { print $1 }'`;
  const script = `for look in 1 2 3 4 5 6; do ids=$(${list}); [ -z "$ids" ] && exit 0; for id in $ids; do yarn application -kill "$id"; done; sleep 5; done; exit 1`;
  return ['bash', '-c', script];
}
