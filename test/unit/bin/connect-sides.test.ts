import { describe, expect, it } from 'vitest';
import { sideOptions } from '../../../emr-steps/bin/connect-sides.ts';
import { CONNECTION_OPTIONS, PROGRAM_OPTIONS } from '../../../emr-steps/records/program-options.ts';
import { decodeOptions } from '../../../emr-steps/records/step-arguments.ts';

describe('sideOptions', () => {
  it('takes the options of one side under their bare names', () => {
    const values = decodeOptions(PROGRAM_OPTIONS['copy-objects'], [
      '--source-bucket',
      's',
      '--destination-bucket',
      'd',
      '--source-prefix',
      'p%2F',
      '--destination-no-sign-request',
    ]);
    expect(sideOptions(values, 'source-')).toMatchObject({ bucket: 's', prefix: 'p/', 'no-sign-request': false, 'addressing-style': 'auto' });
    expect(sideOptions(values, 'destination-')).toMatchObject({ bucket: 'd', prefix: '', 'no-sign-request': true });
    expect(Object.keys(sideOptions(values, 'source-')).sort()).toEqual(Object.keys(CONNECTION_OPTIONS).sort());
  });
});
