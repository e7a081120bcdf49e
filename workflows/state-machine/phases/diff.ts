/** What differs between the listings: by a Hive step on the cluster, by Athena, or not asked. */
import { Chain, Choice, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { is, isTrue } from '../conditions.ts';
import { emrStep } from '../emr-step.ts';
import { handlerTask } from '../handler-task.ts';
import { at, type PhaseContext } from '../phase-context.ts';
import { HIVE_TIME } from '../time-outs.ts';
import { athenaDiff } from './athena.ts';

/** @param next - where it goes on with what is to be copied */
export function diffPhase(context: PhaseContext, next: IChainable): Chain {
  const assess = handlerTask(context, 'Assess diff', {
    comment: 'Do the rows agree with the counts? Marks them as whole, and says whether there is anything to do.',
    handler: 'assess-diff',
    payload: { after: 'diff', plan: at('decided.plan'), listed: null, countsQueryId: null },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan'), nothingToDo: answer('nothingToDo') }),
  });
  const hive = emrStep(context, {
    step: 'diff',
    name: 'Compare by Hive',
    comment: 'One join of both listings: rows to copy, what is extra, and a line of counts.',
    timeout: HIVE_TIME,
  });
  assess.next(next);
  const byAthena = new Choice(context.scope, 'Compared by Athena before?', { comment: 'Where the run was resumed.' })
    .when(isTrue(at('decided.plan.steps.diff.finished')), next)
    .otherwise(athenaDiff(context, next));
  const engine = new Choice(context.scope, 'Compare how?', { comment: 'Without a comparison everything that was listed is copied.' })
    .when(is(at('choices.diffEngine'), 'hive'), hive.next(assess))
    .when(is(at('choices.diffEngine'), 'athena'), byAthena)
    .otherwise(next);
  return Chain.start(engine);
}
