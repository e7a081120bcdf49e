/** Uploads that a lost attempt began and nobody completed cost money until somebody aborts them. */
import type { Chain, IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { emrStep } from '../emr-step.ts';
import { handlerTask } from '../handler-task.ts';
import { at, type PhaseContext } from '../phase-context.ts';
import { ROWS_STEP_TIME } from '../time-outs.ts';

/** The sweep of a run whose rounds are over. @param next - where it goes on, also where the sweep failed: that changes nothing about what was copied */
export function sweepPhase(context: PhaseContext, next: IChainable): Chain {
  const look = handlerTask(context, 'Look for neighbours', {
    comment: 'Who else writes to the same keys? Their uploads are not to be taken for those of this run.',
    handler: 'decide-retry',
    payload: { plan: at('decided.plan'), happening: { type: 'sweep-due' } },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan') }),
  });
  const sweep = emrStep(
    { ...context, onFailure: next },
    {
      step: 'sweepUploads',
      name: 'Sweep uploads',
      comment: 'Aborts open uploads of this run: a mapper over every key that was to be copied.',
      timeout: ROWS_STEP_TIME,
    },
  );
  return look.next(sweep).next(next);
}
