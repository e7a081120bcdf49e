import { describe, expect, it } from 'vitest';
import { fidelityOf } from '../../../emr-steps/bin/fidelity-options.ts';
import { rowFilterOf } from '../../../emr-steps/bin/list-filter.ts';
import { spillDirectories } from '../../../emr-steps/bin/spill-directories.ts';
import { FIDELITY_OPTIONS, FILTER_OPTIONS } from '../../../emr-steps/records/program-options.ts';
import { decodeOptions } from '../../../emr-steps/records/step-arguments.ts';

describe('options of fidelity', () => {
  const rules = (words: readonly string[]) => fidelityOf(decodeOptions(FIDELITY_OPTIONS, words));

  it('ask for nothing unless given', () => {
    expect(rules([])).toEqual({ encryption: { kind: 'bucket-default' }, acl: 'none', tags: 'keep', checksums: 'keep', redirects: false });
  });

  it.each([
    [['--kms-key', 'k'], '--kms-key does not go with --encryption bucket-default; write aws:kms, or leave the key out'],
    [['--kms-key', 'k', '--encryption', 'keep'], '--kms-key does not go with --encryption keep'],
    [['--bucket-key'], '--bucket-key does not go with --encryption bucket-default'],
    [['--bucket-key', '--encryption', 'AES256'], '--bucket-key does not go with --encryption AES256'],
    [['--kms-key-map', 'a=b', '--encryption', 'keep'], '--kms-key-map does not go with --encryption keep'],
    [['--kms-key-map', 'a'], '--kms-key-map is "a"; write SOURCE=DESTINATION'],
    [['--kms-key-map', '=b'], '--kms-key-map is "=b"'],
    [['--kms-key-map', 'a=b=c'], '--kms-key-map is "a=b=c"'],
  ])('contradict each other: %j', (words, message) => {
    expect(() => rules(words)).toThrow(expect.objectContaining({ code: 'STEP_ARGUMENT_INVALID', message: expect.stringContaining(message) }));
  });
});

describe('options of the filter', () => {
  const filter = (words: readonly string[]) => rowFilterOf(decodeOptions(FILTER_OPTIONS, words));

  it('make none unless given', () => {
    expect(filter([])).toBeNull();
    expect(filter(['--min-size', '0'])).not.toBeNull();
  });

  it('refuse a pattern that cannot be used as a bad argument', () => {
    expect(() => filter(['--include', '[a'])).toThrow(
      expect.objectContaining({ code: 'STEP_ARGUMENT_INVALID', message: expect.stringContaining('"[a" has a [') }),
    );
  });
});

describe('directories of large parts', () => {
  it.each([
    ['/a,/b', { LOCAL_DIRS: '/l', TMPDIR: '/t' }, ['/a', '/b']],
    [undefined, { LOCAL_DIRS: '/l1,/l2', TMPDIR: '/t' }, ['/l1', '/l2']],
    ['', { LOCAL_DIRS: '', TMPDIR: '/t' }, ['/t']],
    [undefined, {}, ['/tmp']],
  ])('%s in %j are %j', (option, env, directories) => {
    expect(spillDirectories(option, env)).toEqual(directories);
  });
});
