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
/** What the way to the service takes at most, of one request this, of another that: without it clients in step are refused always or never. */
const WAY = 8;
const PHASE = 80_000;

interface Turn {
  readonly client: number;
  readonly attempt: number;
  /** It has waited for its place. */
  readonly isDue: boolean;
}

/** A phase in its second half, when clients know it. */
interface Settled {
  /** Requests that were taken, by client. */
  readonly taken: number[];
  refused: number;
}

/** Clients that know nothing of each other, each with so many requests under way, against one limit after the other. */
function together(limits: readonly number[], random: () => number): readonly Settled[] {
  const pacers = Array.from({ length: CLIENTS }, () => new Pacer(0));
  const turns: Turn[][] = Array.from({ length: limits.length * PHASE }, () => []);
  const plan = (at: number, turn: Turn) => turns[Math.ceil(at)]?.push(turn);
  for (let client = 0; client < CLIENTS; client += 1) for (let at = 0; at < IN_FLIGHT; at += 1) plan(random() * 50, { client, attempt: 0, isDue: false });
  const isTaken = allows((now) => limits[Math.floor(now / PHASE)] as number);
  const settled = limits.map((): Settled => ({ taken: new Array<number>(CLIENTS).fill(0), refused: 0 }));
  turns.forEach((due, now) => {
    const counts = now % PHASE < PHASE / 2 ? null : (settled[Math.floor(now / PHASE)] as Settled);
    for (const { client, attempt, isDue } of due) {
      const pacer = pacers[client] as Pacer;
      if (!isDue) {
        plan(now + pacer.reserve('data/x', now) + 1 + random() * WAY, { client, attempt, isDue: true });
      } else if (isTaken(now)) {
        if (counts !== null) counts.taken[client] = (counts.taken[client] ?? 0) + 1;
        plan(now + LATENCY, { client, attempt: 0, isDue: false });
      } else {
        if (counts !== null) counts.refused += 1;
        pacer.refused('data/x', now + LATENCY);
        plan(now + LATENCY + random() * Math.min(20_000, 500 * 2 ** attempt), { client, attempt: attempt + 1, isDue: false });
      }
    }
  });
  return settled;
}

describe('clients that share a throttled prefix', () => {
  const limits = [3_500, 1_167, 3_500, 7_000];
  const runs = [1, 2, 3, 4, 5, 6].map((seed) => together(limits, seeded(seed * 7_919)));
  const total = ({ taken }: Settled) => taken.reduce((a, b) => a + b, 0);

  it.each([
    ['at the limit', 0],
    ['after a slump to a third', 1],
    ['after its end', 2],
    ['where the prefix was split', 3],
  ])('take what it gives %s with few refusals, and none of them starves', (_when, phase) => {
    const all = runs.map((run) => run[phase] as Settled);
    const mean = (of: (settled: Settled) => number) => all.reduce((sum, settled) => sum + of(settled), 0) / all.length;
    expect(mean(total) / (PHASE / 2_000)).toBeGreaterThan((limits[phase] as number) * 0.95);
    expect(mean((settled) => settled.refused / (total(settled) + settled.refused))).toBeLessThan(0.01);
    expect(Math.min(...all.map((settled) => (Math.min(...settled.taken) / total(settled)) * CLIENTS))).toBeGreaterThan(0.6);
  });
});
