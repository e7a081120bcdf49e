/** The ends of a fan-out: people are told, the locks of its pairs are given back, and the result is what the children's books say. */
import { Chain, Choice, Fail, type IChainable, Pass, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { SummarizeRunOutput } from '../../plan/run-state.ts';
import { is, isTrue } from '../conditions.ts';
import { handlerCall } from '../handler-task.ts';
import { FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { RUN_ERRORS } from '../phases/end.ts';
import { CONTEXT, jsonText, rendered, type Template } from '../state-path.ts';
import { inFanOut } from './fan-out-context.ts';

/** What `notify` is told. */
const SUMMARY: Template<SummarizeRunOutput> = {
  done: true,
  runId: inFanOut('summary.runId'),
  status: inFanOut('summary.status'),
  tolerated: inFanOut('summary.tolerated'),
  output: inFanOut('summary.output'),
  cause: inFanOut('summary.cause'),
};

/** From the sum of the books to the result. */
export function fanOutEnd(context: PhaseContext): Chain {
  return notified(context, '', released(context, '', outcome(context)));
}

/** Whatever failed above the children: they have ended, or the service ends them with the Map. */
export function fanOutFailure(scope: PhaseContext['scope']): Chain {
  const context: PhaseContext = { scope, onFailure: new Fail(scope, 'unreachable') };
  const record = new Pass(scope, 'Record failure', {
    comment: 'The sum of the books could not be drawn up; each child has its own.',
    parameters: rendered({
      failure: inFanOut('failure'),
      summary: { runId: CONTEXT.executionName, status: 'failed', tolerated: false, output: '', cause: jsonText(inFanOut('failure')) },
    }),
  });
  const failed = new Fail(scope, 'Fan-out failed', { error: RUN_ERRORS.runFailed, causePath: inFanOut('summary.cause').path });
  return record.next(notified(context, ' of failure', released(context, ' of failed fan-out', failed)));
}

function notified(context: PhaseContext, kind: string, next: IChainable): Chain {
  const notify = handlerCall(context, `Notify${kind}`, {
    comment: 'Tells people and the event bus how the fan-out ended. If that fails, the fan-out did not.',
    handler: 'notify',
    payload: { summary: SUMMARY },
    resultPath: null,
    keep: () => ({}),
  });
  notify.addCatch(next, { resultPath: FAILURE_PATH });
  return Chain.custom(notify, [], notify.next(next));
}

function released(context: PhaseContext, kind: string, next: IChainable): Chain {
  const release = handlerCall(context, `Release locks${kind}`, {
    comment: 'The next run of these pairs of buckets may begin.',
    handler: 'release-lock',
    payload: {},
    resultPath: null,
    keep: () => ({}),
  });
  release.addCatch(next, { resultPath: FAILURE_PATH });
  return Chain.custom(release, [], release.next(next));
}

function outcome({ scope }: PhaseContext): Choice {
  const causePath = inFanOut('summary.cause').path;
  const succeeded = new Succeed(scope, 'Fan-out succeeded', { outputPath: inFanOut('summary').path });
  const partial = new Fail(scope, 'Objects failed', { error: RUN_ERRORS.objectsFailed, causePath });
  const failed = new Fail(scope, 'Children failed', { error: RUN_ERRORS.runFailed, causePath });
  return new Choice(scope, 'How did it end?')
    .when(isTrue(inFanOut('summary.tolerated')), succeeded)
    .when(is(inFanOut('summary.status'), 'succeeded'), succeeded)
    .when(is(inFanOut('summary.status'), 'partial'), partial)
    .otherwise(failed);
}
