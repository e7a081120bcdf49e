/** The run of an execution on AWS. */
import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { resumedRun, runIdOf } from '../../workflows/plan/run-id.ts';

/** What of an execution says it. */
export type DescribedExecution = Pick<DescribeExecutionOutput, 'executionArn' | 'startDate' | 'input'>;

/** Its own run, or the one that its input goes on with. */
export function runOfExecution({ executionArn = '', startDate = new Date(0), input = '' }: DescribedExecution): string {
  return resumedBy(input) ?? runIdOf(startDate, executionArn);
}

/** The run that an input goes on with; null: it begins one, or is no request. */
function resumedBy(input: string): string | null {
  try {
    return resumedRun(JSON.parse(input));
  } catch {
    return null;
  }
}
