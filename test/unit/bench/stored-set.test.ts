import { describe, expect, it } from 'vitest';
import { HOSTILE_KEYS, hostileKey } from '../../../bench/stored-set.ts';

describe('the hostile keys', () => {
  const keys = Array.from({ length: HOSTILE_KEYS }, (_, at) => hostileKey(at));

  it('are all different, and keys that S3 takes', () => {
    expect(new Set(keys).size).toBe(HOSTILE_KEYS);
    expect(Math.max(...keys.map((key) => Buffer.byteLength(key)))).toBeLessThanOrEqual(1024);
    expect(keys.every((key) => key.isWellFormed())).toBe(true);
  });

  it('hold what programs stumble over', () => {
    for (const part of ['//', '/../', '\n', '\t', '%2F', '😀', '\\', ' ']) expect(keys.some((key) => key.includes(part))).toBe(true);
    expect(keys.some((key) => key.endsWith('/'))).toBe(true);
    expect(keys.some((key) => key.startsWith('/'))).toBe(true);
  });

  it('are the same each time', () => {
    expect(hostileKey(7)).toBe(keys[7]);
  });
});
