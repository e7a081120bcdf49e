/** The listings: of the source always, of the destination where the two are compared; both at once where the cluster runs steps concurrently. */
import { Chain, Choice, type IChainable, Parallel, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { StepTries } from '../../plan/run-progress.ts';
import { is, isTrue } from '../conditions.ts';
import { emrStep, type StepPhase } from '../emr-step.ts';
import { failedBranch } from '../failed-branch.ts';
import { handlerTask } from '../handler-task.ts';
import { at, FAILURE_PATH, type PhaseContext } from '../phase-context.ts';
import { pathsIn, rendered } from '../state-path.ts';
import { ROWS_STEP_TIME } from '../time-outs.ts';

const SOURCE: StepPhase = {
  step: 'listSource',
  name: 'List source',
  comment: 'Every object of the source, a row each: a mapper for each range of keys.',
  timeout: ROWS_STEP_TIME,
};
const DESTINATION: StepPhase = {
  step: 'listDestination',
  name: 'List destination',
  comment: 'Every object of the destination, so that the two can be compared.',
  timeout: ROWS_STEP_TIME,
};

/**
 * Leaves the listings behind, and a plan that knows their sizes.
 *
 * @param verify - where a run goes on that only verifies: it lists the destination by itself, and assesses both then
 */
export function listingPhase(context: PhaseContext, verify: IChainable): Chain {
  const assess = handlerTask(context, 'Assess listings', {
    comment: 'How much was listed? The sizes of the coming steps follow from it.',
    handler: 'assess-diff',
    payload: { after: 'listings', plan: at('decided.plan'), listed: at('listed'), countsQueryId: null },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), nothingToDo: answer('nothingToDo') }),
  });
  const oneSide = new Choice(context.scope, 'What else to list?', { comment: 'The destination, where the two are compared or one is verified by the other.' })
    .when(isTrue(at('choices.listDestination')), emrStep(context, DESTINATION).next(assess))
    .when(is(at('choices.purpose'), 'verify'), verify)
    .otherwise(assess);
  const source = emrStep(context, SOURCE).next(oneSide);
  const together = new Choice(context.scope, 'What to list?', {
    comment: 'Both sides at once only on a cluster that runs more than one step at a time; a verification may have the listing of an earlier run.',
  })
    .when(isTrue(at('choices.listTogether')), bothAtOnce(context).next(assess))
    .when(isTrue(at('choices.listSource')), source)
    .otherwise(verify);
  return Chain.custom(together, [assess], assess);
}

/** All that a branch leaves: two whole states together might be more than a state may hold. */
const TRIES = at('decided.plan.progress.tries');
const tries = pathsIn<StepTries>();

/** Each branch may come to another try of its own; the tries that succeeded are what is left of them. */
function bothAtOnce(context: PhaseContext): Parallel {
  const both = new Parallel(context.scope, 'List both sides', {
    comment: 'The two listings need nothing of each other.',
    resultSelector: rendered({
      source: { path: `$[0].${tries('listSource').path.slice(2)}` },
      destination: { path: `$[1].${tries('listDestination').path.slice(2)}` },
    }),
    resultPath: at('listed').path,
  });
  both.branch(branch(context, SOURCE, 'Source'), branch(context, DESTINATION, 'Destination'));
  both.addCatch(context.onFailure, { resultPath: FAILURE_PATH });
  return both;
}

function branch({ scope }: PhaseContext, step: StepPhase, side: string): Chain {
  const onFailure = failedBranch({ scope }, `${side} not listed`);
  return emrStep({ scope, onFailure }, { ...step, name: `${step.name} beside the other` }).next(
    new Succeed(scope, `${side} listed`, { outputPath: TRIES.path }),
  );
}
