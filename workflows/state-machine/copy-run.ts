/** The machine of one run, from the request to the result. */
import { type Chain, Choice } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { isTrue } from './conditions.ts';
import { at, type PhaseContext } from './phase-context.ts';
import { clusterPhase } from './phases/cluster.ts';
import { copyingRounds } from './phases/copying-round.ts';
import { diffPhase } from './phases/diff.ts';
import { endPhase } from './phases/end.ts';
import { failurePhase } from './phases/failure.ts';
import { listingPhase } from './phases/listing.ts';
import { partitionsPhase } from './phases/partitions.ts';
import { preparePhase } from './phases/prepare.ts';
import { sweepPhase } from './phases/sweep.ts';
import { verifyPhase } from './phases/verify.ts';

/** The states of a run, in the order in which they are passed. */
export function copyRun(scope: Construct): Chain {
  const context: PhaseContext = { scope, onFailure: failurePhase(scope) };
  const end = endPhase(context);
  const rounds = copyingRounds(context, verifyPhase(context, sweepPhase(context, end)));
  const anything = new Choice(scope, 'Anything to copy?', { comment: 'Equal buckets are a good end; so is a run that was only to compare or to list.' })
    .when(isTrue(at('choices.readOnly')), end)
    .when(isTrue(at('decided.nothingToDo')), end)
    .otherwise(rounds);
  return preparePhase(context).next(clusterPhase(context)).next(partitionsPhase(context)).next(listingPhase(context)).next(diffPhase(context, anything));
}
