/**
 * The rate of requests, by bucket and first path segment. What counts is the share of requests that S3 refused for their number (503
 * SlowDown): a large share says that more is sent than the prefix takes, and the rate becomes what was taken, a little less; without
 * refusals it rises again, step by step; a small share lowers it a little, never far below what was best. Where that does not end them, they do
 * not come from the rate, and it rises in spite of them. So a service that refuses a few requests whatever their rate hardly slows anybody down:
 * their own waits are enough. Pure: times are arguments, in milliseconds. A group that was never refused costs nothing.
 *
 * The figures are those of a simulation of four clients of 64 requests each, eighty seconds at 3,500 a second, at a third of it, at 3,500 and at twice
 * that (test/unit/s3/pacing-together.test.ts): 0.2, 0.4, 0.2 and 0.1 % of requests refused in the second half; 0.3, 0.6, 1.0 and 3.0 % where a rate above
 * what is sent falls as slowly as others, may rise as far as it likes, and is forgotten after two seconds. bench/rates shows it on a store.
 */

/** The share above which a rate is lowered, and the one up to which it rises. */
const LARGE_SHARE = 0.1;
const SMALL_SHARE = 0.003;
/** What is sent of what was taken. */
const BELOW_TAKEN = 0.9;
/** No window lowers a rate to less than this part of it. */
const LEAST_PART = 0.5;
/** Between the two shares the rate falls by this factor a window, but not below this part of the best one. */
const GENTLE = 0.98;
const GENTLE_FLOOR = 0.6;
/** What was best is what was taken over so many seconds: for a second or two S3 takes far more than it goes on to take. */
const SECONDS_OF_BEST = 5;
/** A rate of which less than this part is sent holds nobody up: refusals say that it is too high by far, and it falls towards what is sent, at most so much. */
const HOLDING_PART = 0.98;
const LEAST_PART_TOWARDS_SENT = 0.9;
/** A rate within this multiple of its floor for so many seconds is at it; the share that was refused meanwhile is no reason to lower it from then on. */
const NEAR_FLOOR = 1.05;
const SECONDS_AT_FLOOR = 15;
/** Requests a second below which no rate falls. */
const LEAST_RATE = 1;
/** What a second adds, as a part of the rate, for every second without refusals before it, and at most: slowly about the limit, fast far from it. */
const INCREASE_PART = 0.003;
const MOST_INCREASE_PART = 0.1;
/** It rises to no more than this multiple of what is sent, or was when it was best: further up it says nothing, and would be long in coming down. */
const MOST_OF_SENT = 2;
/** A rate holds nobody up where fewer than this share of the requests have to wait for it; after so many seconds without refusals the group is forgotten. */
const WAITING_SHARE = 0.05;
const SECONDS_TO_FORGET = 300;
/** Milliseconds of rate that may be used at once after a pause. */
const BURST_MILLISECONDS = 50;
/** A window is judged after so many milliseconds with so many requests, the first that is reached. */
const WINDOWS = [
  { milliseconds: 250, requests: 100 },
  { milliseconds: 1_000, requests: 20 },
  { milliseconds: 5_000, requests: 0 },
] as const;

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

/** Requests over some time. */
interface Tally {
  readonly seconds: number;
  readonly sent: number;
  readonly refused: number;
}

const NOTHING: Tally = { seconds: 0, sent: 0, refused: 0 };

function sum(a: Tally, b: Tally): Tally {
  return { seconds: a.seconds + b.seconds, sent: a.sent + b.sent, refused: a.refused + b.refused };
}

/** More than a share, beyond what chance makes of it among so many requests: by so many standard deviations. */
function isBeyond(share: number, deviations: number, { sent, refused }: Tally): boolean {
  return refused / sent > share + deviations * Math.sqrt((share * (1 - share)) / sent);
}

/** A group that was refused. */
class RefusedGroup {
  /** Null: it was refused, but not so much that its rate is held. */
  lane: Lane | null = null;
  /** It is as if it had never been refused. */
  isOver = false;
  private best = 0;
  private towardsBest = NOTHING;
  private atFloor = NOTHING;
  /** The share that is refused whatever the rate. */
  private noise = 0;
  private loweredTo = 0;
  private quietSeconds = 0;
  private windowStart: number;
  private sent = 0;
  private waited = 0;
  private refused = 0;

  constructor(now: number) {
    this.windowStart = now;
  }

  /** A request is about to be sent; milliseconds to wait before. */
  reserve(now: number): number {
    this.roll(now);
    this.sent += 1;
    const wait = this.lane === null ? 0 : this.lane.reserve(now);
    if (wait > 0) this.waited += 1;
    return wait;
  }

  refuse(now: number): void {
    this.roll(now);
    this.refused += 1;
  }

  private roll(now: number): void {
    const elapsed = now - this.windowStart;
    if (!WINDOWS.some(({ milliseconds, requests }) => elapsed >= milliseconds && this.sent >= requests)) return;
    this.judge(elapsed / 1000);
    this.windowStart = now;
    this.sent = 0;
    this.waited = 0;
    this.refused = 0;
  }

  private judge(seconds: number): void {
    const window = { seconds, sent: Math.max(this.sent, this.refused, 1), refused: this.refused };
    const sending = window.sent / seconds;
    const isSmall = window.refused / window.sent <= SMALL_SHARE || (this.noise > 0 && !isBeyond(this.noise, 3, window));
    this.quietSeconds = isSmall ? this.quietSeconds + seconds : 0;
    this.keepBest(window);
    this.keepNoise(window);
    if (isBeyond(LARGE_SHARE, 2, window)) this.lower((window.sent - window.refused) / seconds, sending);
    else if (this.lane === null) this.isOver = window.refused === 0;
    else if (isSmall) this.raise(this.lane, sending, seconds);
    else this.ease(this.lane, sending);
  }

  private keepBest(window: Tally): void {
    this.towardsBest = sum(this.towardsBest, window);
    const { seconds, sent, refused } = this.towardsBest;
    if (seconds >= SECONDS_OF_BEST) this.startBest(Math.max(this.best, (sent - refused) / seconds));
  }

  /** What is refused at the floor is refused whatever the rate. */
  private keepNoise(window: Tally): void {
    const isAtFloor = this.lane !== null && this.lane.rate <= this.best * GENTLE_FLOOR * NEAR_FLOOR;
    this.atFloor = isAtFloor ? sum(this.atFloor, window) : NOTHING;
    if (this.atFloor.seconds < SECONDS_AT_FLOOR) return;
    this.noise = Math.max(this.noise, this.atFloor.refused / this.atFloor.sent);
    this.atFloor = NOTHING;
  }

  private startBest(best: number): void {
    this.best = best;
    this.towardsBest = NOTHING;
  }

  private ease(lane: Lane, sending: number): void {
    const part = sending < lane.rate * HOLDING_PART ? Math.max(LEAST_PART_TOWARDS_SENT, sending / lane.rate) : GENTLE;
    lane.rate = Math.min(lane.rate, Math.max(lane.rate * part, this.best * GENTLE_FLOOR));
  }

  private lower(taken: number, sending: number): void {
    const from = this.lane === null ? sending : Math.min(this.lane.rate, sending);
    const rate = Math.max(LEAST_RATE, Math.min(from, Math.max(taken * BELOW_TAKEN, from * LEAST_PART)));
    this.lane ??= new Lane(rate);
    this.lane.rate = rate;
    this.loweredTo = rate;
    this.startBest(rate);
    this.noise = 0;
  }

  private raise(lane: Lane, sending: number, seconds: number): void {
    const raised = lane.rate * (1 + Math.min(this.quietSeconds * INCREASE_PART, MOST_INCREASE_PART) * seconds);
    lane.rate = Math.max(lane.rate, Math.min(raised, Math.max(this.best, sending) * MOST_OF_SENT));
    const isFree = this.waited < this.sent * WAITING_SHARE;
    this.isOver = isFree && lane.rate >= this.loweredTo && this.quietSeconds > SECONDS_TO_FORGET;
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
  private readonly groups = new Map<string, RefusedGroup>();

  /** @param maxRequestsPerSecond - a ceiling over all groups; 0: none */
  constructor(maxRequestsPerSecond: number) {
    this.ceiling = maxRequestsPerSecond > 0 ? new Lane(maxRequestsPerSecond) : null;
  }

  /** Takes a place for a request; milliseconds to wait before it is sent. */
  reserve(key: string, now: number): number {
    const ceiling = this.ceiling === null ? 0 : this.ceiling.reserve(now);
    return this.groups.size === 0 ? ceiling : Math.max(ceiling, this.reserveRefused(paceGroup(key), now));
  }

  /** A request was refused for too many requests. */
  refused(key: string, now: number): void {
    const name = paceGroup(key);
    const group = this.groups.get(name) ?? new RefusedGroup(now);
    this.groups.set(name, group);
    group.refuse(now);
  }

  /** Requests a second that the key's group may send; null when nothing but the ceiling holds it. */
  rateOf(key: string): number | null {
    return this.groups.get(paceGroup(key))?.lane?.rate ?? null;
  }

  private reserveRefused(name: string, now: number): number {
    const group = this.groups.get(name);
    if (group === undefined) return 0;
    const wait = group.reserve(now);
    if (group.isOver) this.groups.delete(name);
    return wait;
  }
}
