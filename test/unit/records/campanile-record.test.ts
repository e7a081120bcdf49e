import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { campanileRecord } from '../../../emr-steps/records/campanile-record.ts';
import type { ObjectRecord } from '../../../emr-steps/records/object-record.ts';
import { objectRecords } from './arbitraries.ts';

const UNUSED = { storageClass: null, checksumAlgorithm: null, checksumType: null, versionId: null, isDeleteMarker: null, restoreStatus: null };

describe('campanileRecord', () => {
  test('gives back every object whose key holds no line end, tabs and percent signs too', () => {
    const listed = objectRecords.map((record): ObjectRecord => ({ ...record, ...UNUSED })).filter((record) => !/[\r\n]/.test(record.key));
    fc.assert(
      fc.property(listed, (record) => {
        expect(campanileRecord.decode(campanileRecord.encode(record))).toEqual(record);
      }),
      { numRuns: 1_000 },
    );
  });

  test('reads a line of the original with its key as it stands', () => {
    expect(campanileRecord.decode(' 100%20\\N\tx \te2fc714c4727ee9395f324cd2e7f331f-3\t20971520\t2015-12-24 05:26:19')).toEqual({
      key: ' 100%20\\N\tx ',
      etag: 'e2fc714c4727ee9395f324cd2e7f331f-3',
      size: 20_971_520,
      mtime: '2015-12-24 05:26:19',
      ...UNUSED,
    });
    expect(campanileRecord.decode('\\N\t\\N\t0\t\\N')).toEqual({ key: '\\N', etag: null, size: 0, mtime: null, ...UNUSED });
  });

  test.each([
    ['too few columns', 'key\tetag\t12', 'has not the columns key etag size mtime'],
    ['nothing', '', 'has not the columns key etag size mtime'],
    ['a row of multipartlist', 'k\te\t1\t2015-12-24 05:26:19\t\\N\t\\N\t\\N\t\\N\t\\N', 'size is "\\\\N"'],
    ['a carriage return at its end', 'k\te\t1\t2015-12-24 05:26:19\r', 'mtime is "2015-12-24 05:26:19\\r"'],
    ['a size that is none', 'k\te\t1.5\t2015-12-24 05:26:19', 'size is "1.5"'],
  ])('refuses a line with %s', (_what, line, reason) => {
    expect(() => campanileRecord.decode(line)).toThrow(reason);
  });

  test('refuses to write a key that the format cannot carry', () => {
    const record: ObjectRecord = { key: 'a\rb', etag: null, size: 0, mtime: null, ...UNUSED };
    expect(() => campanileRecord.encode(record)).toThrow('holds a line end');
    expect(() => campanileRecord.encode({ ...record, key: '\ud800' })).toThrow('lone surrogate');
  });
});
