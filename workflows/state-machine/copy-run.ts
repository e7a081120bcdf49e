/** The machine of one run, from the request to the result. */
import { type Chain, Choice } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { is, isTrue } from './conditions.ts';
import { emrStep } from './emr-step.ts';
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
import { verifiedCopy, verifyPhase } from './phases/verify.ts';
import { ROWS_STEP_TIME } from './time-outs.ts';

/** The states of a run, in the order in which they are passed. */
export function copyRun(scope: Construct): Chain {
  const context: PhaseContext = { scope, onFailure: failurePhase(scope) };
  const end = endPhase(context);
  const verify = verifyPhase(context, end);
  const verified = verifiedCopy(context, verify, end);
  const anything = new Choice(scope, 'Anything to copy?', { comment: 'Equal buckets are a good end; so is a run that was only to compare.' })
    .when(is(at('choices.purpose'), 'compare'), end)
    .when(isTrue(at('decided.nothingToDo')), verified)
    .when(is(at('choices.purpose'), 'count'), dryCount(context).next(end))
    .otherwise(copyingRounds(context, sweepPhase(context, verified)));
  return preparePhase(context)
    .next(clusterPhase(context))
    .next(partitionsPhase(context))
    .next(listingPhase(context, verify))
    .next(diffPhase(context, anything));
}

/** A dry run without a diff: what was listed is held against no ledger at all, so that all of it comes out as not recorded. */
function dryCount(context: PhaseContext): Chain {
  return emrStep(context, {
    step: 'reconcile',
    name: 'Count what would be copied',
    comment: 'A dry run copies nothing; it counts.',
    timeout: ROWS_STEP_TIME,
  });
}
