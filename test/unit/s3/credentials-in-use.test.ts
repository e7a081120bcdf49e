import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../../emr-steps/s3/credential-provider.ts';
import { CredentialsInUse } from '../../../emr-steps/s3/credentials-in-use.ts';

const MINUTE = 60_000;

/** Credentials that last an hour from the moment they are asked for; `same`: the provider keeps what it has. */
function setUp() {
  const state = { now: 0, asked: 0, same: false, failure: null as Error | null };
  let last: Credentials | null = null;
  const inUse = new CredentialsInUse(async () => {
    state.asked += 1;
    if (state.failure !== null) throw state.failure;
    if (last === null || !state.same) last = { accessKeyId: `k${state.asked}`, secretAccessKey: 's', expiration: new Date(state.now + 60 * MINUTE) };
    return last;
  });
  const keyAt = async (now: number): Promise<string> => {
    state.now = now;
    const key = (await inUse.get(now)).accessKeyId;
    await new Promise((resolve) => setImmediate(resolve));
    return key;
  };
  return { state, inUse, keyAt };
}

describe('CredentialsInUse', () => {
  it('asks in the background from fifteen minutes before the end, and no request waits for it', async () => {
    const { state, inUse, keyAt } = setUp();
    expect(await keyAt(0)).toBe('k1');
    expect(await keyAt(45 * MINUTE - 1)).toBe('k1');
    expect(state.asked).toBe(1);
    state.now = 45 * MINUTE;
    expect(inUse.get(45 * MINUTE)).toMatchObject({ accessKeyId: 'k1' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await keyAt(45 * MINUTE + 1)).toBe('k2');
  });

  it('asks a provider that keeps what it has no more than twice a minute', async () => {
    const { state, keyAt } = setUp();
    await keyAt(0);
    state.same = true;
    for (let second = 0; second < 120; second++) await keyAt(46 * MINUTE + second * 1000);
    expect(state.asked).toBe(1 + 4);
  });

  it('hides a provider that fails until the last minute', async () => {
    const { state, keyAt } = setUp();
    await keyAt(0);
    state.failure = new Error('no way to STS');
    expect(await keyAt(50 * MINUTE)).toBe('k1');
    expect(await keyAt(58 * MINUTE)).toBe('k1');
    await expect(keyAt(59 * MINUTE)).rejects.toThrow('no way to STS');
  });

  it('never asks again for keys without an end', async () => {
    let asked = 0;
    const inUse = new CredentialsInUse(async () => {
      asked += 1;
      return { accessKeyId: 'k', secretAccessKey: 's' };
    });
    await inUse.get(0);
    await inUse.get(1e12);
    expect(asked).toBe(1);
  });
});
