import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapConcurrently } from '../../../emr-steps/hadoop/concurrent.ts';

async function* batches<T>(all: readonly (readonly T[])[]): AsyncGenerator<readonly T[]> {
  for (const batch of all) yield batch;
}

async function collect<T>(results: AsyncIterable<readonly T[]>): Promise<readonly (readonly T[])[]> {
  const all: (readonly T[])[] = [];
  for await (const batch of results) all.push(batch);
  return all;
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((r) => {
    resolve = r;
  });
  return { promise, resolve };
}

const NEVER = new AbortController().signal;

describe('mapConcurrently', () => {
  test('gives exactly the results of every item, whatever the batches, the concurrency and the turns that each takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.record({ results: fc.nat(5), turns: fc.integer({ min: -1, max: 4 }) }), { maxLength: 8 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        async (input, concurrency, batchSize) => {
          let underWay = 0;
          let most = 0;
          const numbered = input.map((batch, row) => batch.map((item, column) => ({ ...item, name: `${row}.${column}` })));
          const mapped = mapConcurrently(
            batches(numbered),
            (item) => {
              const results = Array.from({ length: item.results }, (_, n) => `${item.name}.${n}`);
              if (item.turns < 0) return results;
              underWay += 1;
              most = Math.max(most, underWay);
              return (async () => {
                for (let n = 0; n < item.turns; n += 1) await turn();
                underWay -= 1;
                return results;
              })();
            },
            { concurrency, batchSize, lingerMilliseconds: 0, signal: NEVER },
          );
          const got = await collect(mapped);
          const expected = numbered.flat().flatMap((item) => Array.from({ length: item.results }, (_, n) => `${item.name}.${n}`));
          expect(got.flat().toSorted()).toEqual(expected.toSorted());
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(got.every((batch) => batch.length > 0 && batch.length <= batchSize)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('reaches its concurrency', async () => {
    const gate = deferred();
    let underWay = 0;
    const mapped = mapConcurrently(
      batches([[1, 2, 3, 4, 5, 6, 7]]),
      async () => {
        underWay += 1;
        await gate.promise;
        return [];
      },
      { concurrency: 5, signal: NEVER },
    );
    const all = collect(mapped);
    await turn();
    expect(underWay).toBe(5);
    gate.resolve();
    await all;
    expect(underWay).toBe(7);
  });

  test('reads and starts no more while its reader is away', async () => {
    let read = 0;
    let started = 0;
    async function* endless(): AsyncGenerator<readonly number[]> {
      for (;;) yield [read++];
    }
    const mapped = mapConcurrently(
      endless(),
      async (n) => {
        started += 1;
        return [n];
      },
      { concurrency: 4, batchSize: 10, lingerMilliseconds: 0, signal: NEVER },
    );
    await mapped.next();
    await sleep(20);
    const before = { read, started };
    await sleep(20);
    expect({ read, started }).toEqual(before);
    expect(started).toBeLessThanOrEqual(10 + 10 + 4);
    await mapped.return();
  });

  test('drains a lazy iterable only as its reader asks', async () => {
    let made = 0;
    function* many(): Generator<number> {
      for (; made < 1_000_000; made += 1) yield made;
    }
    const mapped = mapConcurrently(batches([[0]]), () => many(), { concurrency: 1, batchSize: 100, signal: NEVER });
    const first = await mapped.next();
    expect(first.value).toHaveLength(100);
    expect(made).toBeLessThan(200);
    await mapped.return();
  });

  test('gathers results that come close together in one batch, without holding up the work', async () => {
    const mapped = mapConcurrently(
      batches([Array.from({ length: 200 }, (_, n) => n)]),
      async (n) => {
        await turn();
        return [n];
      },
      { concurrency: 1, lingerMilliseconds: 10_000, batchSize: 50, signal: NEVER },
    );
    const got = await collect(mapped);
    expect(got.map((batch) => batch.length)).toEqual([50, 50, 50, 50]);
  });

  test('hands over a lone result though the input is silent', async () => {
    const silence = deferred();
    async function* slow(): AsyncGenerator<readonly number[]> {
      yield [1];
      await silence.promise;
    }
    const mapped = mapConcurrently(slow(), async (n) => [n], { concurrency: 4, signal: NEVER });
    expect((await mapped.next()).value).toEqual([1]);
    silence.resolve();
    expect((await mapped.next()).done).toBe(true);
  });

  test.each(['rejects', 'throws'])('an item that %s ends the map with its error, after all other work has ended', async (how) => {
    let ended = 0;
    const mapped = mapConcurrently(
      batches([[1, 2, 3, 4, 5, 6]]),
      (n, signal) => {
        if (n === 3 && how === 'throws') throw new Error('three');
        return (async () => {
          await turn();
          if (n === 3) throw new Error('three');
          while (!signal.aborted) await turn();
          ended += 1;
          return [n];
        })();
      },
      { concurrency: 4, signal: NEVER },
    );
    await expect(collect(mapped)).rejects.toThrow('three');
    expect(ended).toBe(how === 'throws' ? 2 : 3);
  });

  test('an error of the input ends the map with it', async () => {
    async function* broken(): AsyncGenerator<readonly number[]> {
      yield [1, 2];
      throw new Error('malformed line 3');
    }
    await expect(collect(mapConcurrently(broken(), async (n) => [n], { concurrency: 1, signal: NEVER }))).rejects.toThrow('malformed line 3');
  });

  test('an error of a lazy result ends the map with it', async () => {
    function* broken(): Generator<number> {
      yield 1;
      throw new Error('no second');
    }
    await expect(collect(mapConcurrently(batches([[1]]), () => broken(), { concurrency: 1, signal: NEVER }))).rejects.toThrow('no second');
  });

  test('an abort ends the map with the reason, also while the input is silent', async () => {
    const abort = new AbortController();
    const silence = deferred();
    async function* silent(): AsyncGenerator<readonly number[]> {
      yield [1];
      await silence.promise;
    }
    const mapped = mapConcurrently(silent(), async (n) => [n], { concurrency: 2, signal: abort.signal });
    await mapped.next();
    const next = mapped.next();
    abort.abort(new Error('told to end'));
    await expect(next).rejects.toThrow('told to end');
    silence.resolve();
  });

  test('does nothing at all where it was aborted before', async () => {
    let started = 0;
    const mapped = mapConcurrently(
      batches([[1]]),
      () => {
        started += 1;
        return [1];
      },
      { concurrency: 2, signal: AbortSignal.abort(new Error('too late')) },
    );
    await expect(collect(mapped)).rejects.toThrow('too late');
    expect(started).toBe(0);
  });

  test('a reader that stops aborts the work, waits for it and closes the input', async () => {
    let underWay = 0;
    let closed = false;
    async function* input(): AsyncGenerator<readonly number[]> {
      try {
        for (let n = 0; ; n += 1) yield [n];
      } finally {
        closed = true;
      }
    }
    const mapped = mapConcurrently(
      input(),
      async (n, signal) => {
        if (n === 0) return [0];
        underWay += 1;
        while (!signal.aborted) await turn();
        underWay -= 1;
        return [n];
      },
      { concurrency: 3, signal: NEVER },
    );
    for await (const _ of mapped) break;
    expect({ underWay, closed }).toEqual({ underWay: 0, closed: true });
  });
});
