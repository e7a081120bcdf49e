/** Puts the faults on order between a request and its answer. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../answer.ts';
import { errorAnswer } from '../answer.ts';
import type { StoreContext } from '../call.ts';
import { keyText } from '../key-bytes.ts';
import type { Arrival, Interceptor } from '../server/interceptor.ts';
import { ServiceError } from '../service-error.ts';
import { changeSource, removeSource, removeUpload } from './act-on-objects.ts';
import type { Fault, FaultPlan, FaultRule } from './fault-rule.ts';
import { PrefixLimiter } from './prefix-limiter.ts';

const COPIES = ['CopyObject', 'UploadPartCopy'];
/** Where S3 may answer 200 and only then find out that it cannot. */
const LATE_ERRORS = [...COPIES, 'CompleteMultipartUpload'];

/** The operations that a fault befalls unless its rule names some. */
const OPERATIONS: Partial<Record<Fault, readonly string[]>> = {
  corrupt: ['GetObject'],
  'error-in-200': LATE_ERRORS,
  'source-vanishes': [...COPIES, 'GetObject'],
  'source-changes': [...COPIES, 'GetObject'],
  'upload-vanishes': ['UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload'],
};

/** The connection breaks and no answer is written. */
const BROKEN: Answer = { status: 0, headers: {}, body: null, damage: 'reset' };

/** Lets a plan befall requests; the plan can be replaced while the store runs. */
export class FaultsOnOrder {
  readonly #store: StoreContext;
  readonly #random: () => number;
  readonly #times = new Map<FaultRule, number>();
  #plan: FaultPlan;
  #limiter: PrefixLimiter | null = null;

  constructor(store: StoreContext, plan: FaultPlan, random: () => number = Math.random) {
    this.#store = store;
    this.#random = random;
    this.#plan = plan;
    this.replace(plan);
  }

  /** From now on another plan. */
  replace(plan: FaultPlan): void {
    this.#plan = plan;
    this.#times.clear();
    this.#limiter = plan.prefixLimits === null ? null : new PrefixLimiter(plan.prefixLimits);
  }

  /** How often each fault struck since the plan was given. */
  get struck(): Readonly<Partial<Record<Fault, number>>> {
    const times: Partial<Record<Fault, number>> = {};
    for (const [{ fault }, count] of this.#times) times[fault] = (times[fault] ?? 0) + count;
    return times;
  }

  readonly interceptor: Interceptor = async (arrival, proceed) => {
    this.#checkLimits(arrival);
    const after: Fault[] = [];
    for (const rule of this.#plan.rules) {
      if (!this.#strikes(rule, arrival)) continue;
      const answer = await this.#before(rule, arrival);
      if (answer !== null) return answer;
      after.push(rule.fault);
    }
    return damaged(await proceed(), after);
  };

  #checkLimits({ request }: Arrival): void {
    if (this.#limiter === null || request.bucket === null) return;
    if (!this.#limiter.allows(request.bucket, request.key ?? '', request.method, this.#store.now())) throw new ServiceError('SlowDown');
  }

  #strikes(rule: FaultRule, { operation, request }: Arrival): boolean {
    const operations = rule.operations ?? OPERATIONS[rule.fault];
    if (operations !== undefined && !operations.includes(operation)) return false;
    if (rule.keyPrefix !== undefined && !(request.key !== null && keyText(request.key).startsWith(rule.keyPrefix))) return false;
    const times = this.#times.get(rule) ?? 0;
    if (times >= (rule.most ?? Number.POSITIVE_INFINITY) || this.#random() >= rule.rate) return false;
    this.#times.set(rule, times + 1);
    return true;
  }

  /** Null: the request goes on. */
  async #before({ fault, milliseconds = 0 }: FaultRule, { request }: Arrival): Promise<Answer | null> {
    switch (fault) {
      case 'internal-error':
        throw new ServiceError('InternalError');
      case 'slow-down':
        throw new ServiceError('SlowDown');
      case 'expired-token':
        throw new ServiceError('ExpiredToken');
      case 'reset-before':
        return BROKEN;
      case 'error-in-200':
        return { ...errorAnswer(new ServiceError('InternalError'), 'FAULT', 'FAULT'), status: 200 };
      case 'delay':
        await delay(-Math.log(1 - this.#random()) * milliseconds);
        return null;
      case 'source-vanishes':
        removeSource(this.#store, request);
        return null;
      case 'source-changes':
        changeSource(this.#store, request);
        return null;
      case 'upload-vanishes':
        removeUpload(this.#store, request);
        return null;
      default:
        return null;
    }
  }
}

/** What becomes of an answer once the act was done. */
function damaged(answer: Answer, faults: readonly Fault[]): Answer {
  if (faults.includes('reset-after')) return BROKEN;
  if (faults.includes('truncate')) return { ...answer, damage: 'truncated' };
  return faults.includes('corrupt') && answer.status < 300 ? { ...answer, damage: 'corrupted' } : answer;
}
