import { describe, expect, it } from 'vitest';
import { Pacer } from '../../../emr-steps/s3/pacing.ts';

/** Numbers from 0 to 1, the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

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

/** Clients that know nothing of each other, each with so many requests under way, against one limit; counts from the middle on. */
function together(limit: (now: number) => number, seconds: number, random: () => number) {
  const pacers = Array.from({ length: CLIENTS }, () => new Pacer(0));
  const turns: Turn[][] = Array.from({ length: seconds * 1000 }, () => []);
  const plan = (at: number, turn: Turn) => turns[Math.ceil(at)]?.push(turn);
  for (let client = 0; client < CLIENTS; client += 1) for (let at = 0; at < IN_FLIGHT; at += 1) plan(random() * 50, { client, attempt: 0, isDue: false });
  const isTaken = allows(limit);
  const taken = new Array<number>(CLIENTS).fill(0);
  let refused = 0;
  turns.forEach((due, now) => {
    for (const { client, attempt, isDue } of due) {
      const pacer = pacers[client] as Pacer;
      const wait = isDue ? 0 : pacer.reserve('data/x', now);
      if (wait > 0) {
        plan(now + wait, { client, attempt, isDue: true });
      } else if (isTaken(now)) {
        if (now > turns.length / 2) taken[client] = (taken[client] ?? 0) + 1;
        plan(now + LATENCY, { client, attempt: 0, isDue: false });
      } else {
        if (now > turns.length / 2) refused += 1;
        pacer.refused('data/x', now + LATENCY);
        plan(now + LATENCY + random() * Math.min(20_000, 500 * 2 ** attempt), { client, attempt: attempt + 1, isDue: false });
      }
    }
  });
  const all = taken.reduce((a, b) => a + b, 0);
  return { perSecond: all / (seconds / 2), refusedShare: refused / (all + refused), leastShare: (Math.min(...taken) / all) * CLIENTS };
}

describe('clients that share a throttled prefix', () => {
  function runs(limit: (now: number) => number) {
    const all = [1, 2, 3, 4, 5, 6].map((seed) => together(limit, 80, seeded(seed * 7_919)));
    const mean = (of: (run: (typeof all)[number]) => number) => all.reduce((sum, run) => sum + of(run), 0) / all.length;
    return {
      perSecond: mean((run) => run.perSecond),
      refusedShare: mean((run) => run.refusedShare),
      leastShare: Math.min(...all.map((run) => run.leastShare)),
    };
  }

  it('take what it gives with few refusals once there, and none of them starves', () => {
    const { perSecond, refusedShare, leastShare } = runs(() => 3_500);
    expect(perSecond).toBeGreaterThan(3_500 * 0.97);
    expect(refusedShare).toBeLessThan(0.01);
    expect(leastShare).toBeGreaterThan(0.6);
  });

  it('do so after a slump to a third too', () => {
    const { perSecond, refusedShare, leastShare } = runs((now) => (now < 20_000 ? 3_500 : 1_167));
    expect(perSecond).toBeGreaterThan(1_167 * 0.97);
    expect(refusedShare).toBeLessThan(0.01);
    expect(leastShare).toBeGreaterThan(0.6);
  });
});
