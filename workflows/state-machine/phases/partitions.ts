/** Ranges of the key space, one for each task of the listings. */
import { Chain, Choice } from 'aws-cdk-lib/aws-stepfunctions';
import { isTrue } from '../conditions.ts';
import { handlerTask } from '../handler-task.ts';
import { at, type PhaseContext } from '../phase-context.ts';

/** Leaves `partitions/part.tsv` behind, and a plan that fits it. */
export function partitionsPhase(context: PhaseContext): Chain {
  const split = handlerTask(context, 'Split partitions', {
    comment: 'Cuts the key space into ranges of roughly equal size: by sampling, an inventory, an older listing, or a part file.',
    handler: 'split-partitions',
    payload: { plan: at('decided.plan') },
    resultPath: '$.decided',
    keep: (answer) => ({ plan: answer('plan') }),
  });
  const needed = new Choice(context.scope, 'Partitions to split?', { comment: 'A resumed run has its partitions already.' });
  return Chain.start(needed.when(isTrue(at('choices.splitPartitions')), split).afterwards({ includeOtherwise: true }));
}
