/** Faults on order: what a store does to requests now and then, as rules that another process can send as JSON. */

/** All faults. */
const FAULTS = [
  'internal-error',
  'slow-down',
  'reset-before',
  'reset-after',
  'truncate',
  'corrupt',
  'error-in-200',
  'expired-token',
  'delay',
  'source-vanishes',
  'source-changes',
  'upload-vanishes',
] as const;

/**
 * - `internal-error`, `slow-down`: 500 InternalError, 503 SlowDown; nothing was done.
 * - `reset-before`, `reset-after`: the connection breaks without an answer, before or after the act.
 * - `truncate`, `corrupt`: half of the answer's body and then a broken connection; one bit of an object's bytes changed.
 * - `error-in-200`: 200 with an `<Error>` body instead of the act, where S3 does that (CopyObject, UploadPartCopy, CompleteMultipartUpload).
 * - `expired-token`: 400 ExpiredToken; nothing was done.
 * - `delay`: the answer comes `milliseconds` later.
 * - `source-vanishes`, `source-changes`: the object that is read or copied is deleted, or gets other bytes, before the act.
 * - `upload-vanishes`: the upload is aborted before the act, as a lifecycle rule does.
 */
export type Fault = (typeof FAULTS)[number];

/** One rule. */
export interface FaultRule {
  readonly fault: Fault;
  /** Part of the requests that it befalls, 0 to 1. */
  readonly rate: number;
  /** S3's names of operations. @default all that the fault can befall */
  readonly operations?: readonly string[];
  /** Only keys that begin with it. @default all */
  readonly keyPrefix?: string;
  /** Times that it befalls a request at most. @default no limit */
  readonly most?: number;
  /** Of `delay`: on average; waits have a long tail (exponential). */
  readonly milliseconds?: number;
}

/** S3's limits of a partitioned prefix: beyond them it answers 503 SlowDown. */
export interface PrefixLimits {
  /** PUT, COPY, POST, DELETE a second; S3's own is 3,500. */
  readonly writesPerSecond: number;
  /** GET, HEAD, LIST a second; S3's own is 5,500. */
  readonly readsPerSecond: number;
}

/** Everything that befalls a store's requests. */
export interface FaultPlan {
  readonly rules: readonly FaultRule[];
  readonly prefixLimits: PrefixLimits | null;
}

/** Nothing befalls them. */
export const NO_FAULTS: FaultPlan = { rules: [], prefixLimits: null };

function isRate(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function checkRule(rule: Partial<FaultRule>): FaultRule {
  const { fault, rate } = rule;
  if (fault === undefined || !FAULTS.includes(fault)) throw new RangeError(`${JSON.stringify(fault)} is no fault; there are ${FAULTS.join(', ')}`);
  if (!isRate(rate)) throw new RangeError(`the rate of ${fault} is ${JSON.stringify(rate)}; a number from 0 to 1 is needed`);
  return rule as FaultRule;
}

/** A plan from JSON. @throws RangeError, SyntaxError where it is none */
export function parseFaultPlan(json: string): FaultPlan {
  const { rules = [], prefixLimits = null } = JSON.parse(json) as Partial<FaultPlan>;
  return { rules: rules.map(checkRule), prefixLimits };
}
