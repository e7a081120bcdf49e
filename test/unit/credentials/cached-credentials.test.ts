import { describe, expect, it } from 'vitest';
import { cachedCredentials } from '../../../emr-steps/credentials/cached-credentials.ts';
import type { Credentials } from '../../../emr-steps/credentials/credential-provider.ts';

const HOUR = 3_600_000;

/** A provider whose credentials last an hour, and a clock that is set by hand. */
function setUp(lifetime: number | null = HOUR, random = 0) {
  const state = { now: 1_000_000, asked: [] as boolean[], failure: null as Error | null };
  const provider = cachedCredentials(
    async (options) => {
      state.asked.push(options?.forceRefresh === true);
      if (state.failure !== null) throw state.failure;
      const expiration = lifetime === null ? {} : { expiration: new Date(state.now + lifetime) };
      return { accessKeyId: `k${state.asked.length}`, secretAccessKey: 's', ...expiration };
    },
    () => state.now,
    () => random,
  );
  const keyAt = async (now: number, forceRefresh = false): Promise<string> => {
    state.now = now;
    return (await provider({ forceRefresh })).accessKeyId;
  };
  return { state, provider, keyAt };
}

describe('cachedCredentials', () => {
  it('asks once until five minutes before the end', async () => {
    const { state, keyAt } = setUp();
    const start = state.now;
    expect(await keyAt(start)).toBe('k1');
    expect(await keyAt(start + HOUR - 300_001)).toBe('k1');
    expect(await keyAt(start + HOUR - 299_999)).toBe('k2');
    expect(state.asked).toEqual([false, false]);
  });

  it('asks up to five minutes earlier, each cache at a time of its own', async () => {
    const { state, keyAt } = setUp(HOUR, 0.5);
    const start = state.now;
    await keyAt(start);
    expect(await keyAt(start + HOUR - 450_001)).toBe('k1');
    expect(await keyAt(start + HOUR - 450_000)).toBe('k2');
  });

  it('never asks again for keys that do not run out', async () => {
    const { state, keyAt } = setUp(null);
    expect(await keyAt(state.now)).toBe('k1');
    expect(await keyAt(state.now + 1000 * HOUR)).toBe('k1');
  });

  it('gives the same object each time, so that a signing key can be kept with it', async () => {
    const { provider } = setUp();
    expect(await provider()).toBe(await provider());
  });

  it('asks once for many callers at the same time', async () => {
    const { state, provider } = setUp();
    const given: Credentials[] = await Promise.all(Array.from({ length: 10 }, () => provider()));
    expect(new Set(given.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['k1']));
    expect(state.asked).toHaveLength(1);
  });

  it('asks at once when it is forced', async () => {
    const { state, keyAt } = setUp();
    await keyAt(state.now);
    expect(await keyAt(state.now, true)).toBe('k2');
    expect(state.asked).toEqual([false, true]);
  });

  it('gives the old ones while they are good and no new ones come, without asking each time', async () => {
    const { state, keyAt } = setUp();
    const start = state.now;
    await keyAt(start);
    state.failure = new Error('no network');
    expect(await keyAt(start + HOUR - 60_000)).toBe('k1');
    expect(await keyAt(start + HOUR - 59_000)).toBe('k1');
    expect(state.asked).toHaveLength(2);
    expect(await keyAt(start + HOUR - 49_000)).toBe('k1');
    expect(state.asked).toHaveLength(3);
    await expect(keyAt(start + HOUR)).rejects.toThrow('no network');
  });

  it('does not give the old ones when it is forced', async () => {
    const { state, keyAt } = setUp();
    await keyAt(state.now);
    state.failure = new Error('no network');
    await expect(keyAt(state.now, true)).rejects.toThrow('no network');
    expect(await keyAt(state.now)).toBe('k1');
  });

  it('fails when there never were any, and asks again at the next call', async () => {
    const { state, keyAt } = setUp();
    state.failure = new Error('none');
    await expect(keyAt(state.now)).rejects.toThrow('none');
    state.failure = null;
    expect(await keyAt(state.now)).toBe('k2');
  });

  it('does not ask at every call for credentials that live shorter than the margin', async () => {
    const { state, keyAt } = setUp(60_000);
    const start = state.now;
    await keyAt(start);
    expect(await keyAt(start + 5_000)).toBe('k1');
    expect(await keyAt(start + 10_000)).toBe('k2');
  });

  it('goes by the clock of the machine unless given another', async () => {
    const provider = cachedCredentials(async () => ({ accessKeyId: 'k', secretAccessKey: 's', expiration: new Date(Date.now() + HOUR) }));
    expect(await provider()).toBe(await provider());
  });
});
