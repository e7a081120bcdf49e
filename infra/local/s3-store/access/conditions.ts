/** Conditions of policy statements, over the values that a request gives. */
import type { Condition } from './policy.ts';
import { fitsWildcard } from './wildcard.ts';

/** The value of a condition key in the request at hand; undefined where the request has none. */
export type ConditionValues = (key: string) => string | undefined;

type Test = (wanted: string, value: string) => boolean;

const equals: Test = (wanted, value) => wanted === value;

function numeric(test: (a: number, b: number) => boolean): Test {
  return (wanted, value) => test(Number(value), Number(wanted));
}

const POSITIVE: Readonly<Record<string, Test>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: fitsWildcard,
  ArnEquals: fitsWildcard,
  ArnLike: fitsWildcard,
  NumericEquals: numeric((value, wanted) => value === wanted),
  NumericLessThan: numeric((value, wanted) => value < wanted),
  NumericLessThanEquals: numeric((value, wanted) => value <= wanted),
  NumericGreaterThan: numeric((value, wanted) => value > wanted),
  NumericGreaterThanEquals: numeric((value, wanted) => value >= wanted),
  Bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
};

const NEGATIVE: Readonly<Record<string, Test>> = {
  StringNotEquals: equals,
  StringNotLike: fitsWildcard,
  ArnNotEquals: fitsWildcard,
  ArnNotLike: fitsWildcard,
};

/** Whether one condition holds. A missing value fails a positive operator and passes a negative one; `IfExists` passes both. */
export function holds(condition: Condition, conditionValue: ConditionValues): boolean {
  const value = conditionValue(condition.key);
  const operator = condition.operator.replace(/IfExists$/, '');
  if (operator === 'Null') return condition.values.some((wanted) => (wanted === 'true') === (value === undefined));
  if (value === undefined) return operator !== condition.operator || operator in NEGATIVE;
  const negative = NEGATIVE[operator];
  if (negative !== undefined) return !condition.values.some((wanted) => negative(wanted, value));
  const positive = POSITIVE[operator];
  return positive !== undefined && condition.values.some((wanted) => positive(wanted, value));
}
