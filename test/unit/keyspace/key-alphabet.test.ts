import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonPrefixLength, compareKeys } from '../../../emr-steps/keyspace/byte-order.ts';
import { KeyAlphabet } from '../../../emr-steps/keyspace/key-alphabet.ts';
import { LAST_CODE_POINT } from '../../../emr-steps/keyspace/successor.ts';

const ANY_LEVEL = 1000;

function learned(keys: readonly string[]): KeyAlphabet {
  const alphabet = new KeyAlphabet();
  for (const key of keys) alphabet.learn(key, 0, key.length);
  return alphabet;
}

const numbers = Array.from({ length: 1000 }, (_, at) => `k-${String(at).padStart(3, '0')}`);

describe('the alphabet as a measure', () => {
  it('tells how far a number lies between the first and the last', () => {
    const alphabet = learned(numbers);
    for (const number of [0, 1, 123, 500, 999]) expect(alphabet.shareBelow(numbers[number] as string, 0)).toBeCloseTo(number / 1000, 9);
    expect(alphabet.shareBelow(`k-5${LAST_CODE_POINT}`, 2)).toBeCloseTo(0.6, 9);
    expect(alphabet.shareBelow('k', 0)).toBe(0);
    expect(alphabet.shareBelow('z', 0)).toBe(1);
    expect(alphabet.shareBelow('a', 0)).toBe(0);
  });

  it('gives the bound at a share, as short as it may be', () => {
    const alphabet = learned(numbers);
    expect(alphabet.boundAt('', 0.5, 0.01, ANY_LEVEL)).toBe(`k-4${LAST_CODE_POINT}`);
    expect(alphabet.boundAt('k-', 0.123, 0.06, ANY_LEVEL)).toBe(`k-0${LAST_CODE_POINT}`);
    expect(alphabet.boundAt('k-', 0.123, 0.001, ANY_LEVEL)).toBe(`k-122${LAST_CODE_POINT}`);
    expect(alphabet.boundAt('k-', 0.123, 0, 1)).toBe(`k-0${LAST_CODE_POINT}`);
    expect(alphabet.boundAt('elsewhere/', 0.5, 0.1, ANY_LEVEL)).toBeNull();
  });

  it('rises with the order of keys', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '0', '1', '9', '/', '京', '人', '\uffff', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 20 }), key, key, (known, a, b) => {
        const alphabet = learned(known);
        const [x, y] = [alphabet.shareBelow(a, 0), alphabet.shareBelow(b, 0)];
        if (compareKeys(a, b) < 0) expect(x).toBeLessThanOrEqual(y + 1e-9);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('gives bounds that have UTF-8 and lie near their share', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '0', '9', '/', '\ud7ff', '\ue000', '😀'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (known, share) => {
        const alphabet = learned(known);
        const bound = alphabet.boundAt('', share, 0.01, ANY_LEVEL);
        expect(bound?.isWellFormed()).toBe(true);
        expect(bound?.endsWith(LAST_CODE_POINT)).toBe(true);
      }),
    );
  });

  it('learns from neighbours what lies between them: nothing', () => {
    const alphabet = new KeyAlphabet();
    const [low, high] = ['2023-12-31/x', '2024-01-01/a'];
    for (const key of [low, high]) alphabet.learn(key, 0, key.length);
    expect(alphabet.mayBranch('2023', 3, 4)).toBe(true);
    alphabet.learnGap(low, high, commonPrefixLength(low, high));
    alphabet.learnGap(high, `2024${LAST_CODE_POINT}`, 4);
    alphabet.learnGap('2024-01-01/z', `202${LAST_CODE_POINT}`, 3);
    expect(alphabet.mayBranch('2024', 3, 4)).toBe(false);
    expect(alphabet.mayBranch('2023', 3, 4)).toBe(true);
  });

  it('learns nothing behind the end of what it is told to learn', () => {
    const alphabet = new KeyAlphabet();
    alphabet.learn('abc', 1, 2);
    expect(alphabet.boundAt('', 0.5, 1, ANY_LEVEL)).toBeNull();
    expect(alphabet.boundAt('a', 0.5, 1, ANY_LEVEL)).toBe(`ab${LAST_CODE_POINT}`);
  });

  it('stays small, whatever it sees', () => {
    const alphabet = new KeyAlphabet();
    for (let level = 0; level < 40; level += 1) alphabet.learn(`${'/'.repeat(level)}${'x'.repeat(980)}`, 0, 1024);
    expect(alphabet.size).toBe(20_000);
    expect(alphabet.boundAt('', 0.5, 0.1, ANY_LEVEL)).not.toBeNull();
  });
});
