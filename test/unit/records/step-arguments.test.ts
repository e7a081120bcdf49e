import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROGRAM_OPTIONS, type ProgramName } from '../../../emr-steps/records/program-options.ts';
import {
  decodeArgument,
  decodeOptions,
  encodeArgument,
  encodeOptions,
  type OptionInput,
  type OptionSpec,
  type OptionTable,
  StepArgumentError,
} from '../../../emr-steps/records/step-arguments.ts';
import { key, ODD_KEYS } from './arbitraries.ts';

/**
 * How Hadoop Streaming cuts a command line into words (StreamUtil/PipeMapRed `splitArgs`): at blanks outside of quotes; both kinds of
 * quotes end a word and vanish; an empty word, quoted or not, is dropped.
 */
function hadoopWords(command: string): readonly string[] {
  const words: string[] = [];
  let quote = '';
  let word = '';
  const end = (): void => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (const character of command) {
    if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      end();
    } else if (character === quote) {
      quote = '';
      end();
    } else if (quote === '' && character === ' ') end();
    else word += character;
  }
  end();
  return words;
}

const TABLE = {
  bucket: { kind: 'text', required: true, meaning: 'the bucket' },
  prefix: { kind: 'text', default: '', meaning: 'the prefix' },
  region: { kind: 'text', meaning: 'the Region' },
  round: { kind: 'count', default: 1, least: 1, meaning: 'the round' },
  mode: { kind: 'choice', choices: ['auto', 'streaming'], default: 'auto', meaning: 'the mode' },
  'dry-run': { kind: 'flag', meaning: 'write nothing' },
  include: { kind: 'texts', meaning: 'patterns' },
  most: { kind: 'limit', meaning: 'a number' },
  since: { kind: 'time', meaning: 'a time' },
} as const satisfies OptionTable;

const DEFAULTS = { bucket: 'b', prefix: '', region: undefined, round: 1, mode: 'auto', 'dry-run': false, include: [], most: undefined, since: undefined };

type AnyValue = string | number | boolean | Date | readonly string[];

function anyValue(spec: OptionSpec): fc.Arbitrary<AnyValue> {
  if (spec.kind === 'flag') return fc.boolean();
  if (spec.kind === 'texts') return fc.array(key, { maxLength: 3 });
  if (spec.kind === 'limit') return fc.integer({ min: 0, max: 10 ** 15 - 1 });
  if (spec.kind === 'time') return fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
  if (spec.kind === 'count') return fc.integer({ min: spec.least ?? 0, max: 10 ** 15 - 1 });
  if (spec.kind === 'choice') return fc.constantFrom(...spec.choices);
  return spec.required ? key.filter((text) => text !== '') : key;
}

/** Any values of a program's options; those without a default may be left out. */
function valuesOf(table: OptionTable): fc.Arbitrary<Record<string, AnyValue | undefined>> {
  const entries = Object.entries(table).map(([name, spec]) => {
    const value = anyValue(spec);
    const isOptional = spec.kind === 'limit' || spec.kind === 'time' || (spec.kind === 'text' && !spec.required && spec.default === undefined);
    return [name, isOptional ? fc.option(value, { nil: undefined }) : value] as const;
  });
  return fc.record(Object.fromEntries(entries));
}

describe('encodeArgument', () => {
  test('makes one word of ASCII that neither Hadoop, nor a shell, nor a substitution reads, and that comes back', () => {
    for (const text of ODD_KEYS) expect(decodeArgument(encodeArgument(text))).toBe(text);
    fc.assert(
      fc.property(key, (text) => {
        expect(encodeArgument(text)).toMatch(/^[A-Za-z0-9\-_.~/:,=+@%]*$/);
        expect(decodeArgument(encodeArgument(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Hadoop's substitution is what is encoded
    ['it\'s a "test" $HOME ${x} `y` a%20b', 'it%27s%20a%20%22test%22%20%24HOME%20%24%7Bx%7D%20%60y%60%20a%2520b'],
    ['naïve/日本', 'na%C3%AFve/%E6%97%A5%E6%9C%AC'],
    ['s3://bucket/a=b,c', 's3://bucket/a=b,c'],
  ])('writes %j as %j', (text, word) => {
    expect(encodeArgument(text)).toBe(word);
  });

  test('refuses a text that has no UTF-8', () => {
    expect(() => encodeArgument('\ud800')).toThrow(StepArgumentError);
  });
});

describe('decodeArgument', () => {
  test('reads a hand-written value as it stands', () => {
    expect(decodeArgument('naïve +a b')).toBe('naïve +a b');
  });

  test.each(['%', '100%', '%2', '%zz', '%FF', '%C3'])('refuses %j', (word) => {
    expect(() => decodeArgument(word)).toThrow('is not percent-encoded UTF-8; write a percent sign as %25');
  });
});

describe.each(Object.keys(PROGRAM_OPTIONS) as ProgramName[])('the options of %s', (program) => {
  const table: OptionTable = PROGRAM_OPTIONS[program];

  test('come back from a command line that Hadoop cut into words', () => {
    fc.assert(
      fc.property(valuesOf(table), (values) => {
        const command = `node/run.sh ${program}.js ${encodeOptions(table, values as OptionInput<typeof table>).join(' ')}`;
        const words = hadoopWords(command);
        expect(words.slice(0, 2)).toEqual(['node/run.sh', `${program}.js`]);
        expect(decodeOptions(table, words.slice(2))).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  test('are each explained, with a default that is allowed', () => {
    for (const [name, spec] of Object.entries(table)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(spec.meaning.length).toBeGreaterThan(5);
      if (spec.kind === 'choice') expect(spec.choices).toContain(spec.default);
      if (spec.kind === 'count') expect(spec.default).toBeGreaterThanOrEqual(spec.least ?? 0);
    }
  });
});

describe('decodeOptions', () => {
  test('gives defaults for what is left out', () => {
    expect(decodeOptions(TABLE, ['--bucket', 'b'])).toEqual(DEFAULTS);
  });

  test('takes a value as its own word or behind an equals sign', () => {
    expect(decodeOptions(TABLE, ['--bucket=b', '--prefix=a=b%20c', '--round', '2', '--dry-run'])).toEqual({
      ...DEFAULTS,
      prefix: 'a=b c',
      round: 2,
      'dry-run': true,
    });
  });

  test('takes an option several times, in order, and a time with its offset or a day', () => {
    const words = ['--bucket', 'b', '--include', 'a%20b', '--include=', '--since', '2026-01-02T03:04:05.678%2B02:00', '--most', '7'];
    expect(decodeOptions(TABLE, words)).toEqual({ ...DEFAULTS, include: ['a b', ''], most: 7, since: new Date('2026-01-02T01:04:05.678Z') });
    expect(decodeOptions(TABLE, ['--bucket', 'b', '--since', '2026-01-02']).since).toEqual(new Date('2026-01-02T00:00:00Z'));
  });

  test('takes a value that looks like an option', () => {
    expect(decodeOptions(TABLE, ['--bucket', '--dry-run'])).toEqual({ ...DEFAULTS, bucket: '--dry-run' });
  });

  test.each([
    ['an unknown option', ['--bucket', 'b', '--colour', 'red'], 'unknown option "--colour"; known are --bucket --prefix --region --round --mode --dry-run'],
    ['a word that is no option', ['--bucket', 'b', 'red'], 'unknown option "red"'],
    ['a name of every object', ['--bucket', 'b', '--constructor', 'x'], 'unknown option "--constructor"'],
    ['a missing required option', ['--prefix', 'p'], '--bucket is missing; it is the bucket'],
    ['an empty required option', ['--bucket='], '--bucket is missing; it is the bucket'],
    ['an option without its value', ['--bucket'], '--bucket has no value; it is the bucket'],
    ['a flag with a value', ['--bucket', 'b', '--dry-run=no'], '--dry-run takes no value'],
    ['a word that is not in the list', ['--bucket', 'b', '--mode', 'fast'], '--mode is "fast"; allowed are auto, streaming'],
    ['a count below the least', ['--bucket', 'b', '--round', '0'], '--round is "0"; a whole number of at least 1 is needed'],
    ['a count that is none', ['--bucket', 'b', '--round', '1e3'], '--round is "1e3"; a whole number of at least 1 is needed'],
    ['a limit that is none', ['--bucket', 'b', '--most', '-1'], '--most is "-1"; a whole number of at least 0 is needed'],
    ['a time without its offset', ['--bucket', 'b', '--since', '2026-01-02T03:04:05'], '--since is "2026-01-02T03:04:05"; a time such as'],
    ['a day that is none', ['--bucket', 'b', '--since', '2026-13-40'], '--since is "2026-13-40"; a time such as'],
    ['a broken escape', ['--bucket', '50%'], '--bucket: "50%" is not percent-encoded UTF-8'],
  ])('refuses %s', (_what, words, message) => {
    expect(() => decodeOptions(TABLE, words)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), code: 'STEP_ARGUMENT_INVALID', retryable: false }),
    );
  });
});

describe('encodeOptions', () => {
  test('leaves out what stands at its default', () => {
    expect(encodeOptions(TABLE, { bucket: 'b', prefix: '', round: 1, mode: 'auto', 'dry-run': false })).toEqual(['--bucket', 'b']);
  });

  test('keeps an empty value from vanishing between two blanks', () => {
    const words = encodeOptions(TABLE, { bucket: 'b', region: '', 'dry-run': true });
    expect(words).toEqual(['--bucket', 'b', '--region=', '--dry-run']);
    expect(decodeOptions(TABLE, hadoopWords(words.join(' ')))).toEqual({ ...DEFAULTS, region: '', 'dry-run': true });
  });
});
