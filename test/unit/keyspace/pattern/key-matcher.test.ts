import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasPatterns, KeyMatcher } from '../../../../emr-steps/keyspace/pattern/key-matcher.ts';
import { PatternError } from '../../../../emr-steps/keyspace/pattern/pattern-error.ts';

function byGlob(glob: string, key: string): boolean {
  return new KeyMatcher({ globs: [glob], expressions: [] }).matches(key);
}

function byExpression(expression: string, key: string): boolean {
  return new KeyMatcher({ globs: [], expressions: [expression] }).matches(key);
}

/** Characters among which patterns and keys meet often. */
const character = fc.constantFrom('a', 'b', 'c', '/', '.', '-', 'é', '😀', '\n', '\u{10ffff}', ' ', '0');
const keys = fc.array(character, { maxLength: 12 }).map((signs) => signs.join(''));

/** Expressions of every kind that is allowed, with quantifiers that make other machines run for ever. */
const expressions = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    character.map((sign) => (sign === '.' || sign === '-' || sign === '/' ? `\\${sign}` : sign)),
    fc.constantFrom(
      '.',
      '[a-c]',
      '[^a/]',
      '[\\d\\-\\]é-😀]',
      '\\d',
      '\\W',
      '\\s',
      '\\p{L}',
      '\\P{L}',
      '\\u{1f600}',
      '\\u0061',
      '\\x62',
      '\\ud83d\\ude00',
      '\\n',
      '\\cJ',
    ),
    tie('node').map((node) => `(${node})`),
    tie('node').map((node) => `(?:${node})`),
    tie('node').map(
      (node) => `(?<n${Math.abs(node.length * 7919) % 100_000}x${[...node].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 1_000_007, 7)}>${node})`,
    ),
  ),
  node: fc
    .array(fc.tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '{1,2}?')), { maxLength: 4 })
    .chain((parts) =>
      fc
        .tuple(fc.constantFrom('', '', '^'), fc.constantFrom('', '', '$'), fc.option(tie('node'), { freq: 4 }))
        .map(([start, end, other]) => `${start}${parts.map(([atom, quantifier]) => atom + quantifier).join('')}${end}${other === null ? '' : `|${other}`}`),
    ),
})).node;

describe('an expression', () => {
  test('matches what JavaScript says, wherever in the key', () => {
    fc.assert(
      fc.property(expressions, fc.array(keys, { minLength: 1, maxLength: 4 }), (expression, some) => {
        let native: RegExp;
        try {
          native = new RegExp(expression, 'us');
        } catch {
          return;
        }
        const matcher = new KeyMatcher({ globs: [], expressions: [expression] });
        for (const key of some) expect(matcher.matches(key), `${expression} on ${JSON.stringify(key)}`).toBe(native.test(key));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    '(a+)+$',
    '^(a|a)*$',
    '(a|aa)+$',
    '(.*a){12}$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
  ])('that would take others for ever ends on a long key: %s', (expression) => {
    expect(byExpression(expression, `${'a'.repeat(50_000)}!`)).toBe(false);
  });

  test.each([
    ['[', 'is no regular expression: Unterminated character class'],
    ['a**', 'is no regular expression: Nothing to repeat'],
    ['(a)\\1', 'refers back with \\1, which is not done here'],
    ['(?<n>a)\\k<n>', 'refers back with \\k, which is not done here'],
    ['(?=a)', 'looks around or changes flags with (?; neither is done here'],
    ['(?!a)', 'looks around'],
    ['(?<=a)b', 'looks around'],
    ['(?<!a)b', 'looks around'],
    ['\\bword', 'asks for a word border with \\b, which is not done here'],
    ['\\B', 'asks for a word border'],
    ['(?:a{100}){101}', 'comes to more than 10000 steps; repeat less'],
    ['(?:a{0,100}){0,101}', 'comes to more than 10000 steps; repeat less'],
    ['x'.repeat(1001), 'has 1001 characters, at most 1000 are allowed'],
  ])('is refused: %s', (expression, why) => {
    expect(() => byExpression(expression, '')).toThrow(expect.objectContaining({ code: 'PATTERN_INVALID', retryable: false }));
    expect(() => byExpression(expression, '')).toThrow(why);
    expect(() => byExpression(expression, '')).toThrow(PatternError);
  });

  test('of nothing, however often repeated, is nothing', () => {
    expect(byExpression('(?:){100000000}', 'a')).toBe(true);
    expect(byExpression('^(?:){2,100000000}$', 'a')).toBe(false);
  });
});

/** What a glob means, as an expression. */
function expressionOf(glob: string): string {
  const inner = glob.replace(/./gsu, (sign) => {
    const forms: Readonly<Record<string, string>> = { '*': '.*', '?': '.', '{': '(?:', '}': ')', ',': '|' };
    return forms[sign] ?? sign.replace(/[\\^$.()|[\]+/]/, '\\$&');
  });
  return `^${inner}$`;
}

describe('a glob', () => {
  test('of stars, question marks and alternatives matches what its expression does, on the whole key', () => {
    const globs = fc.array(fc.oneof(character, fc.constantFrom('*', '?', '{a,b}', '{a*,{b,c?}}', '{,x}')), { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(globs, keys, (glob, key) => {
        expect(byGlob(glob, key), `${glob} on ${JSON.stringify(key)}`).toBe(new RegExp(expressionOf(glob), 'us').test(key));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['*.txt', 'a/b.txt', true],
    ['*.txt', 'a.txt/', false],
    ['a', 'ab', false],
    ['', '', true],
    ['*', '', true],
    ['?', '😀', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[^a-c]x', 'dx', true],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[\\]]', ']', true],
    ['[\\a-c]', 'b', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a,b', 'a,b', true],
    ['{a,}b', 'b', true],
    ['{\\,,\\}}', ',', true],
    ['{\\,,\\}}', '}', true],
    ['a}b', 'a}b', true],
  ])('%s on %s: %s', (glob, key, matches) => {
    expect(byGlob(glob, key)).toBe(matches);
  });

  test.each([
    ['{a', 'has a { without its }; write \\{ for the character'],
    ['[a', 'has a [ without its ]; write \\[ for the character'],
    ['[', 'has a [ without its ]'],
    ['[c-a]', 'has the range c-a, which is empty'],
    ['a\\', 'ends in a \\, which takes the meaning from what follows; write \\\\ for the character'],
    ['[a\\', 'ends in a \\'],
  ])('is refused: %s', (glob, why) => {
    expect(() => byGlob(glob, '')).toThrow(why);
  });
});

describe('several patterns', () => {
  test('match where any of them does, and none matches nothing', () => {
    const matcher = new KeyMatcher({ globs: ['*.tmp', 'a/*'], expressions: ['^logs/', 'x{3}'] });
    expect(['1.tmp', 'a/1', 'logs/1', 'oxxxo', 'b', 'tmp'].map((key) => matcher.matches(key))).toEqual([true, true, true, true, false, false]);
    expect(new KeyMatcher({ globs: [], expressions: [] }).matches('')).toBe(false);
    expect([hasPatterns({ globs: [], expressions: [] }), hasPatterns({ globs: [], expressions: ['a'] })]).toEqual([false, true]);
  });

  test('go on when more has been seen than is remembered: many states, and many characters beyond ASCII', () => {
    const states = new KeyMatcher({ globs: [], expressions: ['a.{12}b$'] });
    const native = /a.{12}b$/su;
    for (let n = 0; n < 6000; n += 1) {
      const key = `${(n * 2654435761).toString(2).replaceAll('0', 'a').replaceAll('1', 'b').slice(-20)}${n % 2 === 0 ? 'b' : 'a'}`;
      expect(states.matches(key)).toBe(native.test(key));
    }
    const wide = new KeyMatcher({ globs: ['*é'], expressions: [] });
    for (let codePoint = 0x4e00; codePoint < 0x9f00; codePoint += 1) wide.matches(String.fromCodePoint(codePoint));
    expect([wide.matches('\u4e00é'), wide.matches('é\u4e00')]).toEqual([true, false]);
  });
});
