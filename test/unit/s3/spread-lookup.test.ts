import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { spreadLookup } from '../../../emr-steps/s3/spread-lookup.ts';

const V4 = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address, family: 4 }));
const V6 = ['fd00::1', 'fd00::2'].map((address) => ({ address, family: 6 }));

function setUp(answers: readonly (readonly LookupAddress[] | Error)[], random = 0) {
  const state = { now: 0, asked: 0, held: [] as (() => void)[], hold: false };
  const lookup = spreadLookup({
    now: () => state.now,
    random: () => random,
    resolve: (_name, _options, give) => {
      const answer = answers[Math.min(state.asked, answers.length - 1)] ?? [];
      state.asked += 1;
      const run = (): void => (answer instanceof Error ? give(answer, []) : give(null, [...answer]));
      if (state.hold) state.held.push(run);
      else run();
    },
  });
  const all = (): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      lookup('bucket.s3.example', { all: true }, (error, addresses) =>
        error ? reject(error) : resolve((addresses as readonly LookupAddress[]).map(({ address }) => address)),
      );
    });
  return { state, lookup, all };
}

describe('spreadLookup', () => {
  it('begins each time with the next address, and leaves none out', async () => {
    const { all } = setUp([V4]);
    expect([await all(), await all(), await all(), await all()]).toEqual([
      ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
      ['10.0.0.2', '10.0.0.3', '10.0.0.1'],
      ['10.0.0.3', '10.0.0.1', '10.0.0.2'],
      ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    ]);
  });

  it('begins somewhere by chance', async () => {
    const { all } = setUp([V4], 4 / 65_536);
    expect((await all())[0]).toBe('10.0.0.2');
  });

  it('keeps the family that the system prefers first', async () => {
    const { all } = setUp([[...V6, ...V4]]);
    await all();
    expect(await all()).toEqual(['fd00::2', 'fd00::1', '10.0.0.2', '10.0.0.3', '10.0.0.1']);
  });

  it('gives one address where one is asked for', () => {
    const { lookup } = setUp([V4]);
    const given: unknown[] = [];
    for (let i = 0; i < 2; i++) lookup('bucket.s3.example', {}, (error, address, family) => given.push([error, address, family]));
    expect(given).toEqual([
      [null, '10.0.0.1', 4],
      [null, '10.0.0.2', 4],
    ]);
  });

  it('asks once for those that come together, and again after five seconds', async () => {
    const { state, all } = setUp([V4, V4.slice(0, 1)]);
    state.hold = true;
    const together = Promise.all([all(), all(), all()]);
    for (const run of state.held.splice(0)) run();
    expect((await together).map(([first]) => first)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    state.hold = false;
    state.now = 4_999;
    await all();
    expect(state.asked).toBe(1);
    state.now = 5_000;
    expect(await all()).toEqual(['10.0.0.1']);
    expect(state.asked).toBe(2);
  });

  it('goes on with the last addresses while the resolver fails', async () => {
    const { state, all } = setUp([V4, new Error('EAI_AGAIN'), V4.slice(2)]);
    await all();
    state.now = 60_000;
    expect(await all()).toHaveLength(3);
    expect(await all()).toEqual(['10.0.0.3']);
  });

  it('fails where there never was an address', async () => {
    await expect(setUp([new Error('ENOTFOUND')]).all()).rejects.toThrow('ENOTFOUND');
    await expect(setUp([[]]).all()).rejects.toThrow('bucket.s3.example has no address');
  });

  it('asks the system by default', async () => {
    const found = await new Promise((resolve, reject) => {
      spreadLookup()('localhost', { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
    });
    expect((found as readonly LookupAddress[]).map(({ address }) => address).some((address) => address === '127.0.0.1' || address === '::1')).toBe(true);
  });
});
