import { expect, test } from 'vitest';
import { countUpTo, readPage } from '../../../emr-steps/keyspace/sample-cell.ts';

const page = (keys: readonly string[]) => ({ count: keys.length, keyAt: (index: number) => keys[index] as string, hasMore: true });

test.each([
  [null, 4],
  ['a', 0],
  ['b', 1],
  ['c', 2],
  ['\uffff', 3],
  ['\u{10000}', 4],
])('keys of a page up to %j, which a cell includes, are %d', (end, count) => {
  expect(countUpTo(page(['b', 'c', '\uffff', '\u{10000}']), end)).toBe(count);
});

test('a page is remembered by how many of its keys begin as its last one does, level by level', () => {
  expect(readPage(page(['a/1', 'b/1', 'b/2', 'b/2x']), null)).toEqual({
    first: 'a/1',
    last: 'b/2x',
    count: 4,
    levels: [
      { at: 0, seen: 4, seenBelow: 3 },
      { at: 1, seen: 3, seenBelow: 3 },
      { at: 2, seen: 3, seenBelow: 2 },
      { at: 3, seen: 2, seenBelow: 1 },
    ],
  });
});
