/** A round: plan, copy, complete, reconcile, and what is left over as the input of a smaller and slower one. */
import { type Chain, Choice, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { is } from '../conditions.ts';
import { emrStep, type StepPhase } from '../emr-step.ts';
import { handlerTask } from '../handler-task.ts';
import { at, type PhaseContext } from '../phase-context.ts';
import { COPY_STEP_TIME, ROWS_STEP_TIME } from '../time-outs.ts';

const PLAN: StepPhase = {
  step: 'planParts',
  name: 'Plan parts',
  comment: 'Which objects go whole and which in parts, cut as the source was, so that the ETag stays; starts the uploads.',
  timeout: ROWS_STEP_TIME,
};
const COPY: StepPhase = {
  step: 'copyObjects',
  name: 'Copy objects',
  comment: 'Copies objects and parts. A failure is a row, never the end of the step.',
  timeout: COPY_STEP_TIME,
};
const COMPLETE: StepPhase = {
  step: 'completeUploads',
  name: 'Complete uploads',
  comment: 'All parts of an object meet and become one; each object gets its line in the ledger, with its proof.',
  timeout: ROWS_STEP_TIME,
};
const RECONCILE: StepPhase = {
  step: 'reconcile',
  name: 'Reconcile',
  comment: 'Joins what was to be copied with the ledger and counts every object under one outcome.',
  timeout: ROWS_STEP_TIME,
};
const COLLECT: StepPhase = {
  step: 'reconcileUnsettled',
  name: 'Collect unsettled',
  comment: 'What failed but may heal becomes the input of the next round.',
  timeout: ROWS_STEP_TIME,
};

/** The rounds. @param next - where it goes on when no further round is wanted */
export function copyingRounds(context: PhaseContext, next: IChainable): Chain {
  const decide = handlerTask(context, 'Decide next round', {
    comment: 'Is anything left that another round may settle, and is another round allowed?',
    handler: 'decide-retry',
    payload: { plan: at('decided.plan'), happening: { type: 'round-counted' } },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), next: answer('next'), why: answer('why'), unsettled: answer('unsettled') }),
  });
  const round = emrStep(context, PLAN).next(emrStep(context, COPY)).next(emrStep(context, COMPLETE)).next(emrStep(context, RECONCILE)).next(decide);
  const again = new Choice(context.scope, 'Another round?').when(is(at('decided.next'), 'round'), nextRound(context).next(round)).otherwise(next);
  decide.next(again);
  return round;
}

function nextRound(context: PhaseContext): Chain {
  const plan = handlerTask(context, 'Plan next round', {
    comment: 'Half as fast, and every part is asked for.',
    handler: 'decide-retry',
    payload: { plan: at('decided.plan'), happening: { type: 'unsettled-collected', unsettled: at('decided.unsettled') } },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan') }),
  });
  return emrStep(context, COLLECT).next(plan);
}
