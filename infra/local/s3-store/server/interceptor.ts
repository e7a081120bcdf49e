/** A place between reading a request and answering it, where delays (and, one day, faults) are put. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../answer.ts';
import type { S3Request } from '../request.ts';

/** A request that was understood but not judged yet. */
export interface Arrival {
  /** S3's name of the operation. */
  readonly operation: string;
  readonly request: S3Request;
}

/** Sees every request; answers with what `proceed` does, sooner or later, or with something else. What it throws is the answer too. */
export type Interceptor = (arrival: Arrival, proceed: () => Promise<Answer>) => Promise<Answer>;

/** Waits before the request is looked at. */
export function latency(milliseconds: number | ((arrival: Arrival) => number)): Interceptor {
  return async (arrival, proceed) => {
    const wait = typeof milliseconds === 'number' ? milliseconds : milliseconds(arrival);
    if (wait > 0) await delay(wait);
    return proceed();
  };
}

/** One interceptor for several, the first outermost. */
export function chained(interceptors: readonly Interceptor[]): Interceptor {
  return (arrival, proceed) => interceptors.reduceRight<() => Promise<Answer>>((inner, interceptor) => () => interceptor(arrival, inner), proceed)();
}
