import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LetterScale } from '../../../emr-steps/keyspace/letter-scale.ts';
import { SeenLetters } from '../../../emr-steps/keyspace/seen-letters.ts';

function seen(letters: string, absent: readonly (readonly [string, string])[] = []): SeenLetters {
  const known = new SeenLetters();
  for (const letter of letters) known.see(letter.codePointAt(0) as number);
  for (const [low, high] of absent) known.miss(low.codePointAt(0) as number, high.codePointAt(0) as number);
  return known;
}

/** Letters of the scale with their share in hundredths; stretches as `first…last`. */
function sharesOf(scale: LetterScale): Readonly<Record<string, number>> {
  return Object.fromEntries(
    scale.steps.map(({ first, last, from, to }) => [
      first === last ? String.fromCodePoint(first) : `${String.fromCodePoint(first)}…${String.fromCodePoint(last)}`,
      Math.round((to - from) * 100),
    ]),
  );
}

describe('the scale of a place', () => {
  it('has the one letter that was seen and no guess', () => {
    expect(sharesOf(LetterScale.of(seen('0'), undefined))).toEqual({ 0: 100 });
  });

  it('guesses all digits behind two, which weigh as much together as those seen', () => {
    const shares = sharesOf(LetterScale.of(seen('01'), undefined));
    expect(Object.keys(shares).join('')).toBe('0123456789');
    expect(shares).toMatchObject({ 0: 25, 1: 25, 5: 6 });
  });

  it.each([
    ['af0', '0123456789abcdef'],
    ['xy', 'abcdefghijklmnopqrstuvwxyz'],
    ['XY', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    ['-.', '-.'],
    ['x-', '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
  ])('guesses around %j', (letters, all) => {
    expect(
      Object.keys(sharesOf(LetterScale.of(seen(letters), undefined)))
        .toSorted()
        .join(''),
    ).toBe([...all].toSorted().join(''));
  });

  it('guesses nothing that was proven absent', () => {
    expect(sharesOf(LetterScale.of(seen('01', [['1', 'z']]), undefined))).toEqual({ 0: 50, 1: 50 });
  });

  it('prefers what was seen behind the same letter', () => {
    const month = LetterScale.of(seen('0123456789'), seen('012'));
    expect(sharesOf(month)).toMatchObject({ 0: 17, 2: 17, 3: 7, 9: 7 });
    expect(sharesOf(LetterScale.of(seen('0123456789'), seen('012', [['2', '\u007f']])))).toEqual({ 0: 33, 1: 33, 2: 33 });
  });

  it('weighs stretches beyond ASCII by how dense the known letters are', () => {
    const shares = sharesOf(LetterScale.of(seen('一丁丂七'), undefined));
    expect(Object.keys(shares)).toEqual(['\u0080…\u4dff', '一', '丁', '丂', '七', '丄…\uae03']);
    expect(shares['丄…\uae03']).toBeGreaterThan(50);
    const empty = LetterScale.of(
      seen('一丁丂七', [
        ['七', '\u{10ffff}'],
        ['\0', '一'],
      ]),
      undefined,
    );
    expect(sharesOf(empty)).toEqual({ 一: 25, 丁: 25, 丂: 25, 七: 25 });
  });

  it('never runs beyond the last code point', () => {
    const steps = LetterScale.of(seen('\u{10fff0}'), undefined).steps;
    expect(Math.max(...steps.map(({ last }) => last))).toBeLessThan(0x10ffff);
  });

  it('is a partition of 0 to 1, in order, without overlap', () => {
    const letters = fc.array(fc.oneof(fc.constantFrom(...'0159afxzAZ-_~é京😀'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        letters,
        fc.array(fc.tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), {
          maxLength: 3,
        }),
        letters,
        (all, gaps, some) => {
          const { steps } = LetterScale.of(seen(all.join(''), gaps), seen(some.join('')));
          expect(steps[0]?.from).toBe(0);
          expect(steps.at(-1)?.to).toBeCloseTo(1, 9);
          steps.slice(1).forEach((step, at) => {
            expect(step.from).toBe(steps[at]?.to);
            expect(step.first).toBeGreaterThan(steps[at]?.last as number);
          });
        },
      ),
    );
  });
});
