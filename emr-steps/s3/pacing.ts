/**
 * The rate of requests, by bucket and first path segment: a refusal for too many requests lowers it by a factor, every second without one raises it
 * again by a step (additive increase, multiplicative decrease). Pure: times are arguments, in milliseconds. A group that was never refused costs nothing.
 */

/** What a refusal leaves of the rate. */
const DECREASE = 0.7;
/** Requests a second below which no refusal lowers a rate. */
const LEAST_RATE = 1;
/** Milliseconds that a lowered rate is given to show its effect; refusals meanwhile lower nothing. */
const SETTLING_MILLISECONDS = 250;
/** What a second without refusal adds, as a part of the rate at which the refusal came, and at least. */
const INCREASE_PART = 0.05;
const LEAST_INCREASE = 1;
/** A rate this many times above that of its first refusal no longer holds anybody up: the group is forgotten. */
const FORGET_FACTOR = 2;
/** Milliseconds of rate that may be used at once after a pause. */
const BURST_MILLISECONDS = 50;
/** Milliseconds over which the rate before a refusal is measured. */
const WINDOW_MILLISECONDS = 1_000;

/** Part of a first window that is not extrapolated from. */
const LEAST_PART = 0.1;

/** Counts requests over the last second or two. */
class RateMeter {
  private windowStart = Number.NEGATIVE_INFINITY;
  private count = 0;
  private before = 0;

  add(now: number): void {
    this.roll(now);
    this.count += 1;
  }

  /** Requests a second. */
  rate(now: number): number {
    this.roll(now);
    const part = (now - this.windowStart) / WINDOW_MILLISECONDS;
    return this.before > 0 ? this.before * (1 - part) + this.count : this.count / Math.max(part, LEAST_PART);
  }

  private roll(now: number): void {
    const elapsed = now - this.windowStart;
    if (elapsed < WINDOW_MILLISECONDS) return;
    this.before = elapsed < 2 * WINDOW_MILLISECONDS ? this.count : 0;
    this.count = 0;
    this.windowStart = elapsed < 2 * WINDOW_MILLISECONDS ? this.windowStart + WINDOW_MILLISECONDS : now;
  }
}

/** A rate, and when the next request may go. */
class Lane {
  rate: number;
  private next = Number.NEGATIVE_INFINITY;

  constructor(rate: number) {
    this.rate = rate;
  }

  /** Takes a place; milliseconds until it comes. */
  reserve(now: number): number {
    const place = Math.max(this.next, now - BURST_MILLISECONDS);
    this.next = place + 1000 / this.rate;
    return Math.max(0, place - now);
  }
}

/** A group that was refused. */
class SlowGroup {
  readonly lane: Lane;
  private readonly forgetAbove: number;
  private step: number;
  private raisedAt: number;
  private loweredAt: number;

  constructor(measured: number, now: number) {
    const before = Math.max(LEAST_RATE, measured);
    this.lane = new Lane(Math.max(LEAST_RATE, before * DECREASE));
    this.forgetAbove = before * FORGET_FACTOR;
    this.step = Math.max(LEAST_INCREASE, before * INCREASE_PART);
    this.raisedAt = now;
    this.loweredAt = now;
  }

  /** One refusal lowers; those of requests that were sent before the last lowering, or just after, say nothing new. */
  lower(sentAt: number, now: number): void {
    this.raise(now);
    if (sentAt < this.loweredAt + SETTLING_MILLISECONDS) return;
    this.step = Math.max(LEAST_INCREASE, this.lane.rate * INCREASE_PART);
    this.lane.rate = Math.max(LEAST_RATE, this.lane.rate * DECREASE);
    this.loweredAt = now;
  }

  raise(now: number): void {
    if (now <= this.raisedAt) return;
    this.lane.rate += (this.step * (now - this.raisedAt)) / 1000;
    this.raisedAt = now;
  }

  get recovered(): boolean {
    return this.lane.rate >= this.forgetAbove;
  }
}

/** The group of a key: what stands before its first slash; the empty name for keys without one. */
export function paceGroup(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? '' : key.slice(0, slash);
}

/** Paces the requests of one bucket. */
export class Pacer {
  private readonly ceiling: Lane | null;
  private readonly slow = new Map<string, SlowGroup>();
  private readonly meter = new RateMeter();

  /** @param maxRequestsPerSecond - a ceiling over all groups; 0: none */
  constructor(maxRequestsPerSecond: number) {
    this.ceiling = maxRequestsPerSecond > 0 ? new Lane(maxRequestsPerSecond) : null;
  }

  /** Takes a place for a request; milliseconds to wait before it is sent. */
  reserve(key: string, now: number): number {
    this.meter.add(now);
    const ceiling = this.ceiling === null ? 0 : this.ceiling.reserve(now);
    return this.slow.size === 0 ? ceiling : Math.max(ceiling, this.reserveSlow(paceGroup(key), now));
  }

  /** A request, sent at `sentAt`, was refused for too many requests. */
  refused(key: string, sentAt: number, now: number): void {
    const name = paceGroup(key);
    const group = this.slow.get(name);
    if (group === undefined) this.slow.set(name, new SlowGroup(this.meter.rate(now), now));
    else group.lower(sentAt, now);
  }

  /** Requests a second that the key's group may send; null when nothing but the ceiling holds it. */
  rateOf(key: string, now: number): number | null {
    const group = this.slow.get(paceGroup(key));
    group?.raise(now);
    return group?.lane.rate ?? null;
  }

  private reserveSlow(name: string, now: number): number {
    const group = this.slow.get(name);
    if (group === undefined) return 0;
    group.raise(now);
    if (group.recovered) {
      this.slow.delete(name);
      return 0;
    }
    return group.lane.reserve(now);
  }
}
