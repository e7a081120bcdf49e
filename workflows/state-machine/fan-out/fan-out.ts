/** The machine above the machine of one run: a run for each part file or pair of buckets, each on a cluster of its own. */
import { Chain, Fail, Map as MapState, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { REFUSED_ERROR } from '../../plan/run-state.ts';
import { handlerCall, handlerTask } from '../handler-task.ts';
import { FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { rendered, WHOLE } from '../state-path.ts';
import { childRun } from './child.ts';
import { inFanOut } from './fan-out-context.ts';
import { fanOutEnd, fanOutFailure } from './fan-out-end.ts';

/** The states of a fan-out, in the order in which they are passed. */
export function fanOut(scope: Construct): Chain {
  const context: PhaseContext = { scope, onFailure: fanOutFailure(scope) };
  const take = new Pass(scope, 'Take the request', {
    comment: 'Whatever the input is, it becomes one member of the state, so that an error can be put beside it.',
    parameters: rendered({ request: WHOLE }),
  });
  const prepare = handlerCall(context, 'Prepare fan-out', {
    comment: 'Checks the request of every run and takes the lock of every pair, or refuses it all.',
    handler: 'prepare-fan-out',
    payload: { request: inFanOut('request') },
    resultPath: '$',
    keep: (answer) => ({
      concurrency: answer('concurrency'),
      tries: answer('tries'),
      toleratedFailures: answer('toleratedFailures'),
      children: answer('children'),
    }),
  });
  prepare.addCatch(refused(scope), { errors: [REFUSED_ERROR], resultPath: FAILURE_PATH });
  prepare.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return Chain.start(take).next(prepare).next(children(context)).next(summed(context)).next(fanOutEnd(context));
}

/** The results take the place of the children: both together might be more than a state may hold. */
function children(context: PhaseContext): MapState {
  const map = new MapState(context.scope, 'Run children', {
    comment: 'At most 40 at once, or as many as the request says. A child that fails ends nothing but itself.',
    itemsPath: inFanOut('children').path,
    maxConcurrencyPath: inFanOut('concurrency').path,
    itemSelector: { 'child.$': '$$.Map.Item.Value', 'tries.$': inFanOut('tries').path, started: 0 },
    resultPath: inFanOut('children').path,
  });
  map.itemProcessor(childRun(context));
  map.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return map;
}

function summed(context: PhaseContext) {
  return handlerTask(context, 'Summarize fan-out', {
    comment: 'Adds up the books of all children, those of failed ones too, as far as they go.',
    handler: 'summarize-fan-out',
    payload: { children: inFanOut('children'), toleratedFailures: inFanOut('toleratedFailures') },
    resultPath: '$.summary',
    keep: (answer) => ({
      runId: answer('runId'),
      status: answer('status'),
      tolerated: answer('tolerated'),
      succeeded: answer('succeeded'),
      failed: answer('failed'),
      output: answer('output'),
      cause: answer('cause'),
    }),
  });
}

/** A function's error reaches the machine as JSON text; only its message is for people. */
function refused(scope: Construct): Chain {
  const explain = new Pass(scope, 'Explain the refusal', {
    comment: 'Nothing was started and no lock is held.',
    parameters: { 'refusal.$': 'States.StringToJson($.failure.Cause)' },
  });
  return explain.next(new Fail(scope, 'Fan-out refused', { error: REFUSED_ERROR, causePath: inFanOut('refusal.errorMessage').path }));
}
