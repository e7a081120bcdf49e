/** The end of a branch or of an item that failed: the error goes on to the Parallel or Map around it, as text, since a time-out may come without a cause. */
import { type Chain, Fail, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { at, type PhaseContext } from './phase-context.ts';
import { jsonText, rendered } from './state-path.ts';

/** The end. @param name - of the Fail state */
export function failedBranch({ scope }: Pick<PhaseContext, 'scope'>, name: string): Chain {
  const failed = new Fail(scope, name, {
    comment: 'Ends what runs beside others; the run goes the way of every failure.',
    errorPath: at('failure.Error').path,
    causePath: at('failure.Cause').path,
  });
  return new Pass(scope, `${name}: why`, {
    comment: 'The error and its cause, as far as there is one, become one text.',
    parameters: rendered({ failure: { Error: at('failure.Error'), Cause: jsonText(at('failure')) } }),
  }).next(failed);
}
