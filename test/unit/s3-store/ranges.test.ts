import { describe, expect, test } from 'vitest';
import type { StoredObject } from '../../../infra/local/s3-store/bucket.ts';
import { requestedStretch } from '../../../infra/local/s3-store/ranges.ts';
import type { S3Request } from '../../../infra/local/s3-store/request.ts';

function stretch(object: Partial<StoredObject>, range: string | undefined, partNumber?: string) {
  const query = partNumber === undefined ? [] : [['partNumber', partNumber]];
  return requestedStretch({ headers: { range }, query } as unknown as S3Request, { size: 10, parts: null, ...object } as StoredObject);
}

describe('ranges', () => {
  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=2-5', 2, 6],
    ['bytes=2-', 2, 10],
    ['bytes=9-99', 9, 10],
    ['bytes=-3', 7, 10],
    ['bytes=-99', 0, 10],
  ])('%s of ten bytes is %i up to %i', (range, start, end) => {
    expect(stretch({}, range)).toMatchObject({ start, end, isPartial: true });
  });

  test.each(['bytes=5-2', 'bytes=-', 'bytes=0-1,3-4', 'items=0-1', 'x'])('%s is ignored', (range) => {
    expect(stretch({}, range)).toMatchObject({ start: 0, end: 10, isPartial: false });
  });

  test.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('%s cannot be satisfied', (range) => {
    expect(() => stretch({}, range)).toThrow(expect.objectContaining({ code: 'InvalidRange', headers: { 'content-range': 'bytes */10' } }));
  });

  test('no byte of an empty object can be had', () => {
    expect(() => stretch({ size: 0 }, 'bytes=0-')).toThrow(expect.objectContaining({ code: 'InvalidRange' }));
  });
});

describe('part numbers', () => {
  const parts = [4, 5, 1].map((size, index) => ({ partNumber: index + 1, size, checksum: null }));

  test.each([
    ['1', 0, 4],
    ['2', 4, 9],
    ['3', 9, 10],
  ])('part %s lies from %i up to %i', (number, start, end) => {
    expect(stretch({ parts }, undefined, number)).toMatchObject({ start, end, isPartial: true, partNumber: Number(number) });
  });

  test('a plain object is its own first part', () => {
    expect(stretch({}, undefined, '1')).toMatchObject({ start: 0, end: 10, isPartial: true });
    expect(() => stretch({}, undefined, '2')).toThrow(expect.objectContaining({ code: 'InvalidPartNumber', status: 416 }));
  });

  test.each([
    ['4', 'InvalidPartNumber'],
    ['0', 'InvalidArgument'],
    ['10001', 'InvalidArgument'],
    ['x', 'InvalidArgument'],
  ])('part %s is %s', (number, code) => {
    expect(() => stretch({ parts }, undefined, number)).toThrow(expect.objectContaining({ code }));
  });

  test('a range beside it is refused', () => {
    expect(() => stretch({ parts }, 'bytes=0-1', '1')).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
  });
});
