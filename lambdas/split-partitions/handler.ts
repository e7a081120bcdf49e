/** `split-partitions` in its stack, around what it needs. */
import { splitPartitionsInput } from '../runtime/input-schemas.ts';
import type { Instruments } from '../runtime/instruments.ts';
import { type LambdaHandler, lambdaStack } from '../runtime/lambda-stack.ts';
import { type SplitPartitionsDeps, splitPartitions } from './split-partitions.ts';

/** The handler. */
export function splitPartitionsHandler(deps: SplitPartitionsDeps, instruments: Instruments): LambdaHandler {
  return lambdaStack(splitPartitionsInput, instruments, (input) => splitPartitions(input, deps));
}
