/** Proof after the fact: the destination is listed again and held against the source and the ledgers. */
import { type Chain, Choice, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { isTrue } from '../conditions.ts';
import { emrStep, type StepPhase } from '../emr-step.ts';
import { handlerTask } from '../handler-task.ts';
import { at, type PhaseContext } from '../phase-context.ts';
import { ROWS_STEP_TIME } from '../time-outs.ts';

const LIST: StepPhase = {
  step: 'listVerification',
  name: 'List destination again',
  comment: 'Every object of the destination as it is now.',
  timeout: ROWS_STEP_TIME,
};
const COUNT: StepPhase = {
  step: 'verifyCounts',
  name: 'Count differences',
  comment: 'Joins source, destination and ledgers: how many objects are equal, and by which proof, and how many differ, and how.',
  timeout: ROWS_STEP_TIME,
};
const WRITE: StepPhase = {
  step: 'verify',
  name: 'Write differences',
  comment: 'A row for each object that differs.',
  timeout: ROWS_STEP_TIME,
};

/** The verification, from the listing on. @param next - where it goes on, whatever was found: the books tell it */
export function verifyPhase(context: PhaseContext, next: IChainable): Chain {
  const sizes = assessment(context, 'Assess listing to verify', 'verification-listed', 'A run that only verifies has listed just now: how much?');
  const counted = assessment(context, 'Assess differences', 'verified', 'Is any difference there to write?');
  const any = new Choice(context.scope, 'Any differences?').when(isTrue(at('decided.nothingToDo')), next).otherwise(emrStep(context, WRITE).next(next));
  return emrStep(context, LIST).next(sizes).next(emrStep(context, COUNT)).next(counted).next(any);
}

/** The verification of a run that copies, where the request asks for it. */
export function verifiedCopy({ scope }: PhaseContext, verify: IChainable, next: IChainable): Choice {
  return new Choice(scope, 'Verify the copy?', { comment: 'Where nothing was to be copied, too.' }).when(isTrue(at('choices.verify')), verify).otherwise(next);
}

function assessment(context: PhaseContext, name: string, after: 'verification-listed' | 'verified', comment: string) {
  return handlerTask(context, name, {
    comment,
    handler: 'assess-diff',
    payload: { after, plan: at('decided.plan'), listed: null, countsQueryId: null },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), nothingToDo: answer('nothingToDo') }),
  });
}
