import { describe, expect, it } from 'vitest';
import { Pacer } from '../../../emr-steps/s3/pacing.ts';
import { seeded } from '../../helpers/seeded-random.ts';

/** S3's bucket of tokens: a second's worth may be used at once. @param limit - of a time */
function allows(limit: (now: number) => number): (now: number) => boolean {
  let [tokens, last] = [limit(0), 0];
  return (now) => {
    const perSecond = limit(now);
    tokens = Math.min(perSecond, tokens + ((now - last) * perSecond) / 1000);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

const [CLIENTS, IN_FLIGHT, LATENCY] = [4, 64, 20] as const;

interface Turn {
  readonly client: number;
  readonly attempt: number;
  /** It has waited for its place. */
  readonly isDue: boolean;
}

/** What happened in a second. */
interface Second {
  /** Requests that were taken, by client. */
  readonly taken: number[];
  refused: number;
}

interface Scene {
  /** Requests a second, of a time. */
  readonly limit: (now: number) => number;
  readonly seconds: number;
  /** Milliseconds that the way to the service takes at most, one request longer than another; 0: clients stay in step with each other. */
  readonly way: number;
}

/** Clients that know nothing of each other, each with so many requests under way, against one limit. */
function together({ limit, seconds, way }: Scene, random: () => number): readonly Second[] {
  const pacers = Array.from({ length: CLIENTS }, () => new Pacer(0));
  const turns: Turn[][] = Array.from({ length: seconds * 1000 }, () => []);
  const plan = (at: number, turn: Turn) => turns[Math.ceil(at)]?.push(turn);
  for (let client = 0; client < CLIENTS; client += 1) for (let at = 0; at < IN_FLIGHT; at += 1) plan(random() * 50, { client, attempt: 0, isDue: false });
  const isTaken = allows(limit);
  const counts = Array.from({ length: seconds }, (): Second => ({ taken: new Array<number>(CLIENTS).fill(0), refused: 0 }));
  turns.forEach((due, now) => {
    const count = counts[Math.floor(now / 1000)] as Second;
    for (const { client, attempt, isDue } of due) {
      const pacer = pacers[client] as Pacer;
      const wait = isDue ? 0 : pacer.reserve('data/x', now) + (way === 0 ? 0 : 1 + random() * way);
      if (wait > 0) {
        plan(now + wait, { client, attempt, isDue: true });
      } else if (isTaken(now)) {
        count.taken[client] = (count.taken[client] ?? 0) + 1;
        plan(now + LATENCY, { client, attempt: 0, isDue: false });
      } else {
        count.refused += 1;
        pacer.refused('data/x', now + LATENCY);
        plan(now + LATENCY + random() * Math.min(20_000, 500 * 2 ** attempt), { client, attempt: attempt + 1, isDue: false });
      }
    }
  });
  return counts;
}

/** From second to second: what was taken, the share that was refused, and what the client with the least got of an equal part. */
function judged(run: readonly Second[], from: number, to: number) {
  const span = run.slice(from, to);
  const taken = Array.from({ length: CLIENTS }, (_, client) => span.reduce((sum, second) => sum + (second.taken[client] as number), 0));
  const [all, refused] = [taken.reduce((a, b) => a + b, 0), span.reduce((sum, second) => sum + second.refused, 0)];
  return { perSecond: all / (to - from), refusedShare: refused / (all + refused), leastShare: (Math.min(...taken) / all) * CLIENTS };
}

const runs = (scene: Scene) => [1, 2, 3, 4, 5, 6].map((seed) => together(scene, seeded(seed * 7_919)));

/** They take what it gives, with few refusals, and none of them starves. */
function expectSettled(all: ReturnType<typeof runs>, limit: number, from: number, to: number): void {
  const each = all.map((run) => judged(run, from, to));
  const mean = (of: (one: (typeof each)[number]) => number) => each.reduce((sum, one) => sum + of(one), 0) / each.length;
  expect(mean(({ perSecond }) => perSecond)).toBeGreaterThan(limit * 0.97);
  expect(mean(({ refusedShare }) => refusedShare)).toBeLessThan(0.01);
  expect(Math.min(...each.map(({ leastShare }) => leastShare))).toBeGreaterThan(0.6);
}

describe('clients that share a throttled prefix', () => {
  it('take what it gives with few refusals once there, and none of them starves', () => {
    expectSettled(runs({ limit: () => 3_500, seconds: 80, way: 0 }), 3_500, 40, 80);
  });

  it('do so after a slump to a third too', () => {
    expectSettled(runs({ limit: (now) => (now < 20_000 ? 3_500 : 1_167), seconds: 80, way: 0 }), 1_167, 40, 80);
  });
});

describe('clients whose requests take more or less long to a throttled prefix', () => {
  const limits = [3_500, 1_167, 3_500, 7_000];
  const all = runs({ limit: (now) => limits[Math.floor(now / 80_000)] as number, seconds: limits.length * 80, way: 8 });

  it.each([
    ['at the limit', 0],
    ['after a slump to a third', 1],
    ['after its end', 2],
    ['where the prefix was split', 3],
  ])('take what it gives %s with few refusals, and none of them starves', (_when, phase) => {
    expectSettled(all, limits[phase] as number, phase * 80 + 40, phase * 80 + 80);
  });

  it('are down at a limit that they climbed far beyond within a few seconds', () => {
    const shares = all.map((run) => judged(run, 3 * 80 + 15, 3 * 80 + 35).refusedShare);
    expect(shares.reduce((a, b) => a + b, 0) / shares.length).toBeLessThan(0.006);
  });
});
