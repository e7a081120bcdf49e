/**
 * One step on the cluster and what becomes of its failures: throttling is retried by the Task itself, a step that failed as a whole goes to
 * `decide-retry`, which plans another try with a fresh output or gives up. The loop stands beside its step, so that the graph shows each
 * step with its own way back, and so that the branches of a Parallel, which can't leave it, have theirs. A step that was done before the run
 * was resumed is passed by.
 */
import type { Duration } from 'aws-cdk-lib';
import { Chain, Choice } from 'aws-cdk-lib/aws-stepfunctions';
import type { PlannedStep } from '../plan/run-plan.ts';
import type { StepId } from '../plan/run-progress.ts';
import { STEP_JAR } from '../plan/step-limits.ts';
import { is, isFalse } from './conditions.ts';
import { handlerTask } from './handler-task.ts';
import { at, FAILURE_PATH, type PhaseContext } from './phase-context.ts';
import { EMR_RETRY } from './retry-policies.ts';
import { addStepRights } from './service-rights.ts';
import { ServiceTask } from './service-task.ts';
import type { Ref } from './state-path.ts';

/** A step of the plan as a part of the graph. */
export interface StepPhase {
  readonly step: StepId;
  /** For people, in the imperative: `Copy objects`. */
  readonly name: string;
  readonly comment: string;
  readonly timeout: Duration;
}

/** The step; what follows is chained to it. */
export function emrStep(context: PhaseContext, { step, name, comment, timeout }: StepPhase): Chain {
  const task = new ServiceTask(context.scope, name, {
    comment,
    call: 'elasticmapreduce:addStep.sync',
    parameters: {
      ClusterId: at('ready.clusterId'),
      Step: {
        Name: at(`decided.plan.steps.${step}.name`) satisfies Ref<PlannedStep['name']>,
        ActionOnFailure: 'CONTINUE',
        HadoopJarStep: { Jar: STEP_JAR, Args: at(`decided.plan.steps.${step}.args`) satisfies Ref<PlannedStep['args']> },
      },
    },
    resultSelector: { stepId: { path: '$.Step.Id' } },
    resultPath: null,
    timeout,
    retry: EMR_RETRY,
    rights: addStepRights(),
  });
  task.addCatch(context.onFailure, { errors: ['States.Timeout'], resultPath: FAILURE_PATH });
  task.addCatch(tryAgain(context, task, step, name), { resultPath: FAILURE_PATH });
  return unlessFinished(context, name, at(`decided.plan.steps.${step}.finished`) satisfies Ref<PlannedStep['finished']>, task);
}

/** A step that was done before the run was resumed is passed by. */
function unlessFinished({ scope }: PhaseContext, name: string, finished: Ref<boolean>, task: ServiceTask): Chain {
  return new Choice(scope, `${name}: still to do?`).when(isFalse(finished), task).afterwards({ includeOtherwise: true });
}

/** Asks `decide-retry` what becomes of a failed step. A step that ran out of time is not asked about: it may be running still. */
function tryAgain(context: PhaseContext, task: ServiceTask, step: StepId, name: string): Chain {
  const decide = handlerTask(context, `${name}: decide on another try`, {
    comment: 'The step failed as a whole. Has it a try left? The next one writes to a fresh folder.',
    handler: 'decide-retry',
    payload: { plan: at('decided.plan'), happening: { type: 'step-failed', step, error: at('failure') } },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), next: answer('next'), why: answer('why'), unsettled: answer('unsettled') }),
  });
  const again = new Choice(context.scope, `${name}: again?`).when(is(at('decided.next'), 'try'), task).otherwise(context.onFailure);
  return Chain.start(decide).next(again);
}
