import { describe, expect, it } from 'vitest';
import { bytesText, countText, objectsText, perSecondText, secondsText } from '../../../../cli/printers/quantity.ts';

describe('numbers as people read them', () => {
  it.each([
    [0, '0 B'],
    [163.23, '163 B'],
    [999, '999 B'],
    [1000, '0.98 KiB'],
    [1024, '1.00 KiB'],
    [10_240, '10.0 KiB'],
    [20_971_520, '20.0 MiB'],
    [1023 * 1024, '1.00 MiB'],
    [5 * 1024 ** 4, '5.00 TiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [0.04, '0.0 s'],
    [9.94, '9.9 s'],
    [42.4, '42 s'],
    [59.7, '1:00 min'],
    [187, '3:07 min'],
    [45_240, '12:34 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(secondsText(seconds)).toBe(text);
  });

  it('groups digits, and speaks of one object', () => {
    expect([countText(0), countText(999), countText(1_234_567)]).toEqual(['0', '999', '1,234,567']);
    expect([objectsText(1), objectsText(2)]).toEqual(['1 object', '2 objects']);
  });

  it('has no rate where no time has passed', () => {
    expect(perSecondText(5, 0, countText)).toBe('0/s');
    expect(perSecondText(5, 2, bytesText)).toBe('2.50 B/s');
  });
});
