/**
 * One child: an execution of the machine of one run. Its failure is caught here and counted, so that the others go on; a child that failed
 * as a whole is started again under a new name, since Step Functions never takes a name twice.
 */
import { type Chain, Choice, Condition, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { REFUSED_ERROR } from '../../plan/run-state.ts';
import { placeholder, SUBSTITUTIONS } from '../handlers.ts';
import { FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { RUN_ERRORS } from '../phases/end.ts';
import { EXECUTION_RETRY } from '../retry-policies.ts';
import { startExecutionRights } from '../service-rights.ts';
import { ServiceTask } from '../service-task.ts';
import { jsonText, type Ref, rendered } from '../state-path.ts';
import { CHILD_TIME } from '../time-outs.ts';
import { inChild } from './fan-out-context.ts';

/** From a child of the fan-out's plan to a {@link FanOutResult}. */
export function childRun(context: PhaseContext): Chain {
  const name = naming(context);
  const run = running(context);
  run.addCatch(startAgain(context, name), { resultPath: FAILURE_PATH });
  return name.next(run).next(ended(context, 'Child succeeded', true, inChild('ended.runId')));
}

/** Before the Task and not in it: a request that is sent again after throttling keeps its name, and so starts nothing twice. */
function naming({ scope }: PhaseContext): Pass {
  return new Pass(scope, 'Name child', {
    comment: 'Each try has a name of its own.',
    parameters: rendered({
      ...kept(),
      started: { path: 'States.MathAdd($.started, 1)' },
      execution: { path: "States.Format('{}-{}', $.child.name, States.UUID())" },
    }),
  });
}

function running({ scope }: PhaseContext): ServiceTask {
  return new ServiceTask(scope, 'Run child', {
    comment: 'A whole run, on a cluster of its own.',
    call: 'states:startExecution.sync:2',
    parameters: { StateMachineArn: placeholder(SUBSTITUTIONS.copyRun), Name: inChild('execution'), Input: inChild('child.input') },
    resultSelector: { runId: { path: '$.Output.runId' } },
    resultPath: '$.ended',
    timeout: CHILD_TIME,
    retry: EXECUTION_RETRY,
    rights: startExecutionRights(),
  });
}

/**
 * Only a run that failed as a whole may end better the next time. The failed execution's own error stands in the text of the cause; were it
 * not there, a child would be tried once more in vain.
 */
function startAgain(context: PhaseContext, name: Pass): Chain {
  const why = new Pass(context.scope, 'Why the child failed', {
    comment: 'The error and its cause, as far as there is one, become one text.',
    parameters: rendered({
      ...kept(),
      execution: inChild('execution'),
      failure: { Error: inChild('failure.Error'), Cause: jsonText(inChild('failure')) },
    }),
  });
  const final = [RUN_ERRORS.objectsFailed, REFUSED_ERROR, 'Status*ABORTED'];
  const cause = inChild('failure.Cause').path;
  const isFinal = Condition.or(
    Condition.stringEquals(inChild('failure.Error').path, 'States.Timeout'),
    // A time-out may come without a cause.
    ...final.map((text) => Condition.and(Condition.isPresent(cause), Condition.stringMatches(cause, `*${text}*`))),
  );
  const isLeft = Condition.numberLessThanJsonPath(inChild('started').path, inChild('tries').path);
  const again = new Choice(context.scope, 'Child to start again?', { comment: 'Not one that was refused or stopped, and not one whose books balance.' })
    .when(Condition.and(isLeft, Condition.not(isFinal)), name)
    .otherwise(ended(context, 'Child failed', false, null));
  return why.next(again);
}

/** What every state of a child hands on. */
function kept() {
  return { child: inChild('child'), tries: inChild('tries'), started: inChild('started') };
}

/** Causes stay with the children: hundreds of them may be too long for a state. */
function ended({ scope }: PhaseContext, name: string, succeeded: boolean, runId: Ref<string> | null): Pass {
  return new Pass(scope, name, {
    parameters: rendered({ child: inChild('child.name'), execution: inChild('execution'), succeeded, runId: runId ?? '' }),
  });
}
