/**
 * The one failure path. It needs nothing of the state but the error: whatever failed, and however early, the handlers find the run again by
 * the execution's ARN and start.
 */
import { type Chain, Choice, Fail, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { isTrue } from '../conditions.ts';
import { handlerCall } from '../handler-task.ts';
import { at, type PhaseContext } from '../phase-context.ts';
import { CONTEXT, jsonText, rendered } from '../state-path.ts';
import { STOP_PAUSE } from '../time-outs.ts';
import { RUN_ERRORS } from './end.ts';
import { summaryOf } from './summary.ts';

/** Stops what runs, sweeps, releases the lock, draws up the books as far as they go, tells people, fails. */
export function failurePhase(scope: PhaseContext['scope']): Chain {
  const context: PhaseContext = { scope, onFailure: new Fail(scope, 'unreachable') };
  const record = new Pass(scope, 'Record failure', {
    comment: 'Only the error goes on: the rest of the state may not be there yet.',
    parameters: rendered({ failure: at('failure') }),
  });
  const summarize = handlerCall(context, 'Summarize failed run', {
    ...summaryOf(at('failure')),
    comment: 'The books as far as they go; output.json is written all the same.',
  });
  const stopped = stopping(context, summarize);
  const tell = telling(context);
  const done = new Choice(scope, 'Failure summed up?').when(isTrue(at('summary.done')), tell).otherwise(summarize);
  summarize.addCatch(summaryOfLastResort(context).next(tell), { resultPath: '$.secondFailure' });
  summarize.next(done);
  return record.next(stopped);
}

/** What can't be stopped from here is stopped by the rule on failed executions, and by the cluster's idle time-out. */
function stopping(context: PhaseContext, next: Chain['startState']): Chain {
  const stop = handlerCall(context, 'Stop cluster', {
    comment: 'Terminates the cluster of this run or cancels its steps on a given one, stops its queries, sweeps its uploads, releases its lock.',
    handler: 'stop-cluster',
    payload: { reason: at('failure.Error') },
    resultPath: '$.stopped',
    keep: (answer) => ({ done: answer('done') }),
  });
  stop.addCatch(next, { resultPath: '$.secondFailure' });
  const pause = new Wait(context.scope, 'Wait for the cluster', { time: WaitTime.duration(STOP_PAUSE) });
  return stop.next(new Choice(context.scope, 'All stopped?').when(isTrue(at('stopped.done')), next).otherwise(pause.next(stop)));
}

function summaryOfLastResort({ scope }: PhaseContext): Pass {
  const summary = { done: true, runId: CONTEXT.executionName, status: 'failed', tolerated: false, output: '', cause: jsonText(at('failure')) };
  return new Pass(scope, 'Summary of last resort', {
    comment: 'The books could not be drawn up either. People hear of the failure all the same.',
    parameters: rendered(summary),
    resultPath: '$.summary',
  });
}

function telling(context: PhaseContext): Chain {
  const failed = new Fail(context.scope, 'Run failed', { error: RUN_ERRORS.runFailed, causePath: at('summary.cause').path });
  const tell = handlerCall(context, 'Notify of failure', {
    comment: 'Tells people and the event bus that the run failed, and why.',
    handler: 'notify',
    payload: { summary: at('summary') },
    resultPath: null,
    keep: () => ({}),
  });
  tell.addCatch(failed, { resultPath: '$.secondFailure' });
  return tell.next(failed);
}
