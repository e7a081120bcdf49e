/** What the samples of a throttled store say of the clients: how soon they are at the limit, how many refusals they cause there, how evenly they share it. Pure. */
import { type RateSample, SLOT_MILLISECONDS } from './rates-store.ts';

/** A time in which a prefix takes so many writes a second. */
export interface RatePhase {
  readonly name: string;
  /** Writes a second. */
  readonly limit: number;
  readonly seconds: number;
}

/** A phase with when it began. */
export interface TimedPhase extends RatePhase {
  /** Milliseconds since the epoch. */
  readonly began: number;
}

/** What became of it. */
export interface PhaseVerdict {
  readonly name: string;
  readonly limit: number;
  /** Seconds until nine tenths of the limit were taken over a second; null: never. */
  readonly secondsToLimit: number | null;
  /** Writes a second that were taken once there: in the second half of the phase. */
  readonly taken: number;
  /** Share of writes that were refused in the whole phase, and once there. */
  readonly refusedInAll: number;
  readonly refusedShare: number;
  /** Least and most writes of one client once there, as shares of an equal part. */
  readonly leastShare: number;
  readonly mostShare: number;
}

const AT_LIMIT = 0.9;
const SECOND = 1000;
const SLOTS_OF_A_SECOND = SECOND / SLOT_MILLISECONDS;

function takenIn({ taken }: RateSample): number {
  return Object.values(taken).reduce((a, b) => a + b, 0);
}

function sum(samples: readonly RateSample[], of: (sample: RateSample) => number): number {
  return samples.reduce((total, sample) => total + of(sample), 0);
}

/** Writes that were taken and refused in each whole second from `began`, for the plot. */
export function bySecond(samples: readonly RateSample[], began: number, seconds: number): readonly { readonly taken: number; readonly refused: number }[] {
  return Array.from({ length: seconds }, (_, second) => {
    const from = began + second * SECOND;
    const own = samples.filter(({ at }) => at >= from && at < from + SECOND);
    return { taken: sum(own, takenIn), refused: sum(own, ({ refused }) => refused) };
  });
}

function refusedShare(samples: readonly RateSample[]): number {
  const refused = sum(samples, (sample) => sample.refused);
  return refused / Math.max(sum(samples, takenIn) + refused, 1);
}

/** Judges a phase. @param clients - ARNs of all */
export function judgePhase(samples: readonly RateSample[], { name, limit, began, seconds }: TimedPhase, clients: readonly string[]): PhaseVerdict {
  const own = samples.filter(({ at }) => at >= began && at < began + seconds * SECOND);
  const reached = own.findIndex((_, at) => {
    const second = own.slice(at, at + SLOTS_OF_A_SECOND);
    return second.length === SLOTS_OF_A_SECOND && sum(second, takenIn) >= AT_LIMIT * limit;
  });
  const settled = own.slice(Math.floor(own.length / 2));
  const taken = sum(settled, takenIn);
  const shares = clients.map((client) => (sum(settled, (sample) => sample.taken[client] ?? 0) / Math.max(taken, 1)) * clients.length);
  const span = (settled.length * SLOT_MILLISECONDS) / SECOND;
  return {
    name,
    limit,
    secondsToLimit: reached < 0 ? null : ((own[reached]?.at ?? began) - began) / SECOND,
    taken: span === 0 ? 0 : taken / span,
    refusedInAll: refusedShare(own),
    refusedShare: refusedShare(settled),
    leastShare: Math.min(...shares),
    mostShare: Math.max(...shares),
  };
}
