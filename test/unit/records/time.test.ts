import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTime, encodeTime, isSince, isTime } from '../../../emr-steps/records/time.ts';

describe('times', () => {
  test('come back to the second', () => {
    const dates = fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(decodeTime(encodeTime(date)).getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
        expect(isTime(encodeTime(date))).toBe(true);
      }),
    );
  });

  test('are cut to whole seconds, never rounded up', () => {
    expect(encodeTime(new Date('2015-12-24T05:26:19.999Z'))).toBe('2015-12-24 05:26:19');
  });

  test.each([
    '2015-02-31 00:00:00',
    '2015-12-24T05:26:19',
    '2015-12-24 24:00:00',
    '2015-13-01 00:00:00',
    '2015-12-24 05:26:60',
    '2015-12-24',
    '',
    ' 2015-12-24 05:26:19',
  ])('%j is none', (column) => {
    expect(() => decodeTime(column)).toThrow('is no time YYYY-MM-DD HH:MM:SS');
  });

  test.each([
    ['2026-11-20T12:00:00Z', '2026-11-20T12:00:00.900Z', true],
    ['2026-11-20T12:00:01Z', '2026-11-20T12:00:00.900Z', true],
    ['2026-11-20T11:59:59Z', '2026-11-20T12:00:00.000Z', false],
    ['never', '2026-11-20T12:00:00Z', false],
  ])('%s is since %s: %s, in whole seconds', (told, moment, is) => {
    expect(isSince(new Date(told), new Date(moment))).toBe(is);
  });

  test('refuses a date that the form cannot hold', () => {
    expect(() => encodeTime(new Date(Number.NaN))).toThrow('Invalid Date has no four-digit year');
    expect(() => encodeTime(new Date('+010000-01-01T00:00:00Z'))).toThrow('has no four-digit year');
  });
});
