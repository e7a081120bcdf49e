import { describe, expect, test } from 'vitest';
import { emptyAnswer } from '../../../../infra/local/s3-store/answer.ts';
import { type Arrival, chained, type Interceptor, latency } from '../../../../infra/local/s3-store/server/interceptor.ts';

const ARRIVAL = { operation: 'GetObject' } as Arrival;

function noting(name: string, notes: string[]): Interceptor {
  return async (_, proceed) => {
    notes.push(`${name} in`);
    const answer = await proceed();
    notes.push(`${name} out`);
    return answer;
  };
}

describe('interceptors', () => {
  test('wrap each other, the first outermost', async () => {
    const notes: string[] = [];
    const all = chained([noting('a', notes), noting('b', notes)]);
    const answer = await all(ARRIVAL, async () => {
      notes.push('act');
      return emptyAnswer(204);
    });
    expect(answer.status).toBe(204);
    expect(notes).toEqual(['a in', 'b in', 'act', 'b out', 'a out']);
  });

  test('may answer without the act', async () => {
    const all = chained([async () => emptyAnswer(503)]);
    expect((await all(ARRIVAL, () => Promise.reject(new Error('acted')))).status).toBe(503);
  });

  test('none at all is the act itself', async () => {
    expect((await chained([])(ARRIVAL, async () => emptyAnswer(200))).status).toBe(200);
  });

  test('latency waits before the act, as long as the operation says', async () => {
    const began = performance.now();
    let acted = 0;
    await latency(({ operation }) => (operation === 'GetObject' ? 25 : 0))(ARRIVAL, async () => {
      acted = performance.now();
      return emptyAnswer(200);
    });
    expect(acted - began).toBeGreaterThanOrEqual(24);
  });
});
