import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { eitherSource } from '../../../emr-steps/s3/abort-source.ts';

describe('eitherSource', () => {
  it.each([0, 1])('aborts with source %i and tells its reason', (which) => {
    const sources = [new AbortController(), new AbortController()] as const;
    const either = eitherSource(sources[0].signal, sources[1].signal);
    let told = 0;
    either.addEventListener('abort', { handleEvent: () => (told += 1) });
    expect(either.aborted).toBe(false);
    sources[which]?.abort('stop');
    expect({ told, aborted: either.aborted, reason: either.reason }).toEqual({ told: 1, aborted: true, reason: 'stop' });
  });

  it('leaves no listener behind', () => {
    const sources = [new AbortController(), new AbortController()] as const;
    const either = eitherSource(sources[0].signal, sources[1].signal);
    const listener = { handleEvent: () => undefined };
    either.addEventListener('abort', listener);
    either.removeEventListener('abort', listener);
    expect(sources.map(({ signal }) => getEventListeners(signal, 'abort').length)).toEqual([0, 0]);
  });
});
