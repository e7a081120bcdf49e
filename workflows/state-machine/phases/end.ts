/** The end of a run whose steps are done: the books, the people, the cluster, the lock, the result. After the books nothing changes the result. */
import { Chain, Choice, Fail, type IChainable, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { is, isTrue } from '../conditions.ts';
import { handlerCall, handlerTask } from '../handler-task.ts';
import { at, FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { EMR_RETRY } from '../retry-policies.ts';
import { terminateClusterRights } from '../service-rights.ts';
import { ServiceTask } from '../service-task.ts';
import { TERMINATION_TIME } from '../time-outs.ts';
import { summaryOf } from './summary.ts';

/** Errors of an execution, beside that of a refusal. */
export const RUN_ERRORS = {
  /** The books balance, but more objects failed than the request tolerates. */
  objectsFailed: 'Carillon.ObjectsFailed',
  /** A step or the machine itself failed, or the books do not balance. */
  runFailed: 'Carillon.RunFailed',
} as const;

/** From the books to the result. */
export function endPhase(context: PhaseContext): Chain {
  const release = handlerCall(context, 'Release lock', {
    comment: 'The next run of this pair of buckets may begin.',
    handler: 'release-lock',
    payload: {},
    resultPath: null,
    keep: () => ({}),
  });
  const result = outcome(context);
  release.addCatch(result, { resultPath: FAILURE_PATH });
  release.next(result);
  const summarize = handlerTask(context, 'Summarize run', { ...summaryOf(null), comment: 'Balances the books; writes summary.json and output.json.' });
  const done = new Choice(context.scope, 'Summed up?', { comment: 'Statistics of many tasks are added up ten minutes at a time.' })
    .when(isTrue(at('summary.done')), notified(context, terminated(context, release)))
    .otherwise(summarize);
  return Chain.custom(summarize.next(done).startState, [], summarize);
}

function notified(context: PhaseContext, next: IChainable): Chain {
  const notify = handlerCall(context, 'Notify', {
    comment: 'Tells people and the event bus how the run ended. If that fails, the run did not.',
    handler: 'notify',
    payload: { summary: at('summary') },
    resultPath: null,
    keep: () => ({}),
  });
  notify.addCatch(next, { resultPath: FAILURE_PATH });
  return notify.next(next);
}

function terminated(context: PhaseContext, next: IChainable): Choice {
  const terminate = new ServiceTask(context.scope, 'Terminate cluster', {
    comment: 'Only a cluster that this run created and that is not to be kept.',
    call: 'elasticmapreduce:terminateCluster.sync',
    parameters: { ClusterId: at('ready.clusterId') },
    resultSelector: {},
    resultPath: null,
    timeout: TERMINATION_TIME,
    retry: EMR_RETRY,
    rights: terminateClusterRights(),
  });
  terminate.addCatch(stoppedInstead(context, next), { resultPath: FAILURE_PATH });
  terminate.next(next);
  return new Choice(context.scope, 'Cluster to terminate?').when(isTrue(at('choices.terminateCluster')), terminate).otherwise(next);
}

/** Another right, another client: what a lasting error kept from being terminated is stopped the way of every failure. */
function stoppedInstead(context: PhaseContext, next: IChainable): Chain {
  const stop = handlerCall(context, 'Stop cluster instead', {
    comment: 'The cluster could not be terminated, or nobody knows that it was. What this cannot stop either terminates when it idles.',
    handler: 'stop-cluster',
    payload: { reason: at('failure.Error') },
    resultPath: null,
    keep: () => ({}),
  });
  stop.addCatch(next, { resultPath: FAILURE_PATH });
  return stop.next(next);
}

function outcome({ scope }: PhaseContext): Choice {
  const causePath = at('summary.cause').path;
  const failed = new Fail(scope, 'Not proven', {
    comment: 'The books do not balance, or the verification found differences that they do not tell.',
    error: RUN_ERRORS.runFailed,
    causePath,
  });
  const partial = new Fail(scope, 'Objects failed', { error: RUN_ERRORS.objectsFailed, causePath });
  const succeeded = new Succeed(scope, 'Run succeeded', { outputPath: at('summary').path });
  return new Choice(scope, 'How did it end?')
    .when(is(at('summary.status'), 'failed'), failed)
    .when(isTrue(at('summary.tolerated')), succeeded)
    .when(is(at('summary.status'), 'partial'), partial)
    .otherwise(succeeded);
}
