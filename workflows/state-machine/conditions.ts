/** What Choice states ask, with references that the compiler checks. */
import { Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { Ref } from './state-path.ts';

/** The flag is set. */
export function isTrue({ path }: Ref<boolean>): Condition {
  return Condition.booleanEquals(path, true);
}

/** The flag is not set. */
export function isFalse({ path }: Ref<boolean>): Condition {
  return Condition.booleanEquals(path, false);
}

/** The text is this one. */
export function is<T extends string>({ path }: Ref<T>, value: T): Condition {
  return Condition.stringEquals(path, value);
}
