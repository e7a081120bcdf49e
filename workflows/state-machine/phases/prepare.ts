/** The beginning: the request becomes a plan, or is refused before anything was started. */
import { Chain, Fail, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { REFUSED_ERROR } from '../../plan/run-state.ts';
import { handlerCall } from '../handler-task.ts';
import { at, FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { rendered, WHOLE } from '../state-path.ts';

/** From the execution's input to the state of a run. */
export function preparePhase(context: PhaseContext): Chain {
  const take = new Pass(context.scope, 'Take the request', {
    comment: 'Whatever the input is, it becomes one member of the state, so that an error can be put beside it.',
    parameters: rendered({ request: WHOLE }),
  });
  const prepare = handlerCall(context, 'Prepare run', {
    comment: 'Checks the request, locks the pair of buckets, finds their Regions and settings, probes every right, plans every step.',
    handler: 'prepare-run',
    payload: { request: at('request') },
    resultPath: '$',
    keep: (answer) => ({
      run: answer('run'),
      choices: answer('choices'),
      cluster: answer('cluster'),
      findings: answer('findings'),
      ready: { clusterId: answer('cluster.id') },
      decided: { plan: answer('plan') },
      listed: null,
    }),
  });
  prepare.addCatch(refused(context), { errors: [REFUSED_ERROR], resultPath: FAILURE_PATH });
  prepare.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return Chain.start(take).next(prepare);
}

/** A function's error reaches the machine as JSON text; only its message is for people. */
function refused({ scope }: PhaseContext): Chain {
  const explain = new Pass(scope, 'Explain the refusal', {
    comment: 'Nothing was started and no lock is held.',
    parameters: { 'refusal.$': 'States.StringToJson($.failure.Cause)' },
  });
  return explain.next(new Fail(scope, 'Run refused', { error: REFUSED_ERROR, causePath: at('refusal.errorMessage').path }));
}
