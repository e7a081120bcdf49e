import { describe, expect, it } from 'vitest';
import { bySecond, judgePhase } from '../../../bench/rates/judge-rates.ts';
import { ratesPlot } from '../../../bench/rates/rates-plot.ts';
import type { RateSample } from '../../../bench/rates/rates-store.ts';
import { taskFeed } from '../../../bench/rates/task-feed.ts';
import { copyTask } from '../../../emr-steps/records/copy-task.ts';

/** Samples of a quarter of a second each. */
function samples(counts: readonly (readonly [one: number, other: number, refused: number])[]): readonly RateSample[] {
  return counts.map(([one, other, refused], slot) => ({ at: slot * 250, taken: { one, other }, refused }));
}

describe('a phase', () => {
  const phase = { name: 'p', limit: 400, seconds: 4, began: 0 };
  const slow = Array.from({ length: 4 }, () => [10, 10, 5] as const);
  const fast = Array.from({ length: 12 }, () => [60, 40, 1] as const);

  it('tells when nine tenths of the limit were taken over a whole second, and what was refused and shared from the middle on', () => {
    const verdict = judgePhase(samples([...slow, ...fast]), phase, ['one', 'other']);
    expect(verdict).toMatchObject({ secondsToLimit: 1, taken: 400 });
    expect(verdict.refusedShare).toBeCloseTo(1 / 101);
    expect(verdict.refusedInAll).toBeCloseTo(32 / (80 + 1200 + 32));
    expect([verdict.leastShare, verdict.mostShare].map((share) => share.toFixed(2))).toEqual(['0.80', '1.20']);
  });

  it('tells that the limit was never reached, and counts nothing of other phases', () => {
    const verdict = judgePhase(samples([...slow, ...slow, ...slow, ...slow, ...fast]), phase, ['one', 'other']);
    expect(verdict.secondsToLimit).toBeNull();
    expect(verdict.taken).toBe(80);
  });

  it('shows a client that starves', () => {
    expect(judgePhase(samples(fast), phase, ['one', 'other', 'third']).leastShare).toBe(0);
  });
});

describe('the plot', () => {
  it('has a point for each second', () => {
    const seconds = bySecond(
      samples([
        [1, 1, 0],
        [1, 1, 2],
        [0, 0, 0],
        [0, 0, 0],
        [5, 5, 1],
      ]),
      0,
      2,
    );
    expect(seconds).toEqual([
      { taken: 4, refused: 2 },
      { taken: 10, refused: 1 },
    ]);
    expect(ratesPlot({ seconds: seconds.map((second) => ({ ...second, limit: 8 })) }).match(/points="[^ ]+ [^ ]+"/g)).toHaveLength(3);
  });
});

describe('the feed of tasks', () => {
  it('begins where it is told to and goes through the bucket', () => {
    const chunks = [...taskFeed('flat:2000,prefix=data/', 0.5)];
    const tasks = chunks.flatMap((chunk) => chunk.trimEnd().split('\n').map(copyTask.decode));
    expect(tasks).toHaveLength(1000);
    expect(tasks[0]).toMatchObject({ kind: 'whole', key: 'data/object-000000001000.json' });
  });
});
