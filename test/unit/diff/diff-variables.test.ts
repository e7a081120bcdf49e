import { describe, expect, test } from 'vitest';
import { DiffArgumentError, diffArguments } from '../../../workflows/diff/diff-variables.ts';

const PLACES = ['-d', 'SOURCE=/run/source/try-1', '-d', 'DESTINATION=/run/destination/try-1', '-d', 'OUTPUT=/run/diff/try-1'];
const STEP = ['hive-script', '--run-hive-script', '--args', '-f', 's3://code/diff.hql', ...PLACES];

describe('diffArguments', () => {
  test('reads the arguments of a step, and says what only Hive could obey', () => {
    expect(diffArguments([...STEP, '-d', 'RUN=r1_2', '-d', 'EXTRAS=true', '--hiveconf', 'hive.cbo.enable=false', '-S'])).toEqual({
      variables: {
        source: '/run/source/try-1',
        destination: '/run/destination/try-1',
        output: '/run/diff/try-1',
        run: 'r1_2',
        extras: true,
        compare: 'etag',
      },
      others: ['-f s3://code/diff.hql', '--hiveconf hive.cbo.enable=false', '-S'],
    });
  });

  test('knows all three ways in which Hive takes a definition, and values with an equals sign', () => {
    const { variables } = diffArguments(['--define', 'SOURCE=/a=b', '--hivevar', 'DESTINATION=/c', '-d', 'OUTPUT=/d', '-d', 'COMPARE=size']);
    expect(variables).toMatchObject({ source: '/a=b', destination: '/c', output: '/d', extras: false, compare: 'size' });
  });

  test.each([
    ['a missing place', PLACES.slice(2), '-d SOURCE= is missing'],
    ['an empty place', [...PLACES, '-d', 'OUTPUT='], '-d OUTPUT= is missing'],
    ['a definition that is none', [...PLACES, '-d', 'OUTPUT'], '-d OUTPUT is no definition; write -d NAME=value'],
    ['a definition at the end', [...PLACES, '-d'], '-d  is no definition'],
    ['a variable that the diff has not', [...PLACES, '-d', 'COLOUR=red'], '-d COLOUR= is no variable of the diff'],
    ['a run that is no part of a name', [...PLACES, '-d', 'RUN=r-1'], '-d RUN=r-1 would not be part of a table'],
    ['extras that are neither', [...PLACES, '-d', 'EXTRAS=yes'], '-d EXTRAS=yes is neither true nor false'],
    ['an unknown comparison', [...PLACES, '-d', 'COMPARE=mtime'], '-d COMPARE=mtime is none of etag, size'],
  ])('refuses %s', (_what, args, message) => {
    expect(() => diffArguments(args)).toThrow(message);
    expect(() => diffArguments(args)).toThrow(DiffArgumentError);
  });
});
