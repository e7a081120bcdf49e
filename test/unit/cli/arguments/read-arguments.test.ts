import { describe, expect, it } from 'vitest';
import type { CliCommand, CliOptions } from '../../../../cli/arguments/option-table.ts';
import { readArguments } from '../../../../cli/arguments/read-arguments.ts';
import { UsageError } from '../../../../cli/arguments/usage-error.ts';

const options = {
  mappers: { kind: 'count', value: 'N', least: 1, meaning: 'tasks' },
  mode: { kind: 'choice', choices: ['auto', 'streaming'], meaning: 'how' },
  profile: { kind: 'text', value: 'NAME', meaning: 'the profile' },
  quiet: { kind: 'flag', meaning: 'nothing' },
  'request-payer': { kind: 'flag', mayFollow: 'requester', meaning: 'pay' },
} as const satisfies CliOptions;
const command: CliCommand<typeof options> = { name: 'copy', meaning: '', operands: ['SOURCE', 'DESTINATION'], options, notes: [] };

function problemsOf(words: readonly string[]): readonly string[] {
  try {
    readArguments(command, words);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
}

describe('a command line', () => {
  it('is read in any order, with a value after a blank or an equals sign', () => {
    const { operands, values } = readArguments(command, ['--mappers=3', 'a', '--profile', 'p q', '--quiet', 'b']);
    expect(operands).toEqual(['a', 'b']);
    expect(values).toEqual({ mappers: 3, mode: undefined, profile: 'p q', quiet: true, 'request-payer': false });
  });

  it('takes words after -- as operands, dashes or not', () => {
    expect(readArguments(command, ['--', '--quiet', '-b']).operands).toEqual(['--quiet', '-b']);
  });

  it.each([
    [['--request-payer', 'requester', 'a', 'b']],
    [['--request-payer', 'a', 'b']],
    [['--request-payer=requester', 'a', 'b']],
    [['a', 'b', '--request-payer']],
  ])("takes AWS's --request-payer with and without its word: %j", (words) => {
    const { operands, values } = readArguments(command, words);
    expect(operands).toEqual(['a', 'b']);
    expect(values['request-payer']).toBe(true);
  });

  it('lets the last of two count', () => {
    expect(readArguments(command, ['a', 'b', '--mappers', '1', '--mappers', '2']).values.mappers).toBe(2);
  });

  it('tells every problem at once', () => {
    expect(problemsOf(['--mapers', '3', '--mode', 'fast', '--mappers', '0', '--quiet=yes', '--profile'])).toEqual([
      'unknown option "--mapers"; did you mean --mappers?',
      '--mode is "fast"; allowed are auto, streaming',
      '--mappers is "0"; a whole number of at least 1 is needed',
      '--quiet takes no value, "yes" was given',
      '--profile has no value; it is the profile',
      'DESTINATION is missing; write carillon copy SOURCE DESTINATION',
    ]);
  });

  it.each([
    [['a', 'b', 'c'], '"c" is one argument too many; copy takes SOURCE DESTINATION'],
    [['a', 'b', '-q'], 'unknown option "-q"; did you mean --quiet?'],
    [['a', 'b', '--zzz'], 'unknown option "--zzz"; see carillon copy --help'],
    [['a', 'b', '--constructor'], 'unknown option "--constructor"; see carillon copy --help'],
    [['a', 'b', '--mappers', '1e3'], '--mappers is "1e3"; a whole number of at least 1 is needed'],
  ])('refuses %j', (words, problem) => {
    expect(problemsOf(words)).toEqual([problem]);
  });
});
